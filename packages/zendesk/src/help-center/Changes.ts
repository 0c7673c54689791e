/** What changed since a time, by Zendesk's own clock: the incremental listing with its traps. */
import { Invalid, type KnowledgeError, type StoreError } from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { idText } from "../support/Wire.ts"
import { isSameRow, keyOf, updatedAtOf } from "./ArticleMapper.ts"
import type { Run } from "./Run.ts"
import type { Shelf } from "./Shelves.ts"
import { readRows, withdraw } from "./Take.ts"
import { type ArticleWire, ChangesPage } from "./Wire.ts"

/** `watermark`: Unix seconds up to which everything is known once `rows` are taken in. */
export interface Changes {
  readonly rows: ReadonlyArray<ArticleWire>
  readonly watermark: number
}

/** Zendesk refuses a start that is less than a minute ago; by which clock, ours cannot know. */
const minuteAgo = 61
/** How far to go back when it is refused, in seconds: our clock may be ahead of Zendesk's. */
const stepsBack = [0, 60, 600, 3_600, 86_400]

/** Pages of up to 1,000; more than this many is no increment. */
const maxPages = 200

/** From this many rows on, a page may be a full one, whatever its size is (not documented; 1,000 is said). */
const perhapsFull = 100

/** The first page, from a start that Zendesk takes; null when it takes none. */
const firstPage = Effect.fnUntraced(function* (run: Run, watermark: number) {
  const now = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  for (const back of stepsBack) {
    const start = Math.max(1, Math.min(watermark, now - minuteAgo) - back)
    const page = yield* Effect.result(pageFrom(run, start))
    if (Result.isSuccess(page)) return { start, page: page.success }
    if (!(page.failure.reason instanceof Invalid)) return yield* page.failure
  }
  return null
})

const secondOf = (wire: ArticleWire): number => Math.floor(updatedAtOf(wire) / 1_000)

const pageFrom = (run: Run, start: number) =>
  run.calls.get(ChangesPage, "/incremental/articles.json", { start_time: String(start) })

/**
 * Is this row known as it is? The listing repeats itself: its start is inclusive, and we go back in doubt. An old row of which
 * nothing is known was looked at before and was not wanted; should it be new after all, the count of its shelf tells.
 */
const knownRow = Effect.fnUntraced(function* (
  run: Run,
  wires: ReadonlyArray<ArticleWire>,
  locales: ReadonlyArray<string>,
  watermark: number,
) {
  const keysOf = (wire: ArticleWire) =>
    [...new Set([wire.locale.toLowerCase(), ...locales])].map((locale) => keyOf(idText(wire.id), locale))
  const items = yield* run.store.listing.items(run.orgId, run.source.id, wires.flatMap(keysOf))
  return (wire: ArticleWire): boolean => {
    const own = items.get(keyOf(idText(wire.id), wire.locale))
    const at = updatedAtOf(wire)
    if (own !== undefined) return own.updatedAt === at && isSameRow(own.mark, wire)
    const others = keysOf(wire).flatMap((key) => items.get(key) ?? [])
    return others.length === 0 ? secondOf(wire) <= watermark : others.some((item) => item.updatedAt === at)
  }
})

/**
 * The rows that are news, or null when they cannot be had this way: the listing is refused, or so long or so crowded within
 * one second that reading everything is surer. `most`: news beyond which reading everything is cheaper.
 */
export const changesSince = Effect.fnUntraced(function* (
  run: Run,
  watermark: number,
  shelves: ReadonlyArray<Shelf>,
  most: number,
): Effect.fn.Return<Changes | null, KnowledgeError | StoreError> {
  const locales = [...new Set(shelves.flatMap((shelf) => shelf.locale ?? []))]
  const first = yield* firstPage(run, watermark)
  if (first === null) return null
  let { page, start } = first
  let reached = watermark
  const news = new Map<string, ArticleWire>()
  for (let pages = 1; pages <= maxPages; pages++) {
    const { unreadable, wires } = readRows(run, page.articles, null)
    // Whoever may not certainly be read by everybody must not stay public for want of a readable text.
    yield* withdraw(
      run,
      unreadable.flatMap(({ isPublic, key }) => (key === null || isPublic ? [] : [key])),
    )
    const isKnown = yield* knownRow(run, wires, locales, watermark)
    let last = page.end_time ?? 0
    for (const wire of wires) {
      last = Math.max(last, secondOf(wire))
      if (!isKnown(wire)) news.set(idText(wire.id), wire)
    }
    if (news.size > most) return null
    const rows = page.articles.length
    // An empty page says `end_time: 1`, which is no time.
    if (rows > 0) reached = Math.max(reached, last)
    // A next page that would be this one again is none.
    const stuck = last <= start
    if ((page.next_page ?? null) === null || (stuck && rows < perhapsFull)) {
      return { rows: [...news.values()], watermark: reached }
    }
    // A second holds more than a page can. One that an earlier run has read may be passed over.
    if (stuck && last > watermark) return null
    start = stuck ? start + 1 : last
    page = yield* pageFrom(run, start)
  }
  return null
})
