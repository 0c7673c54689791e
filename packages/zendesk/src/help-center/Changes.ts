/** What changed since a time, by Zendesk's own clock: the incremental listing with its traps. */
import { Invalid, type KnowledgeError, type StoreError } from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { type Changes, type Known, News } from "./News.ts"
import type { Run } from "./Run.ts"
import type { Shelf } from "./Shelves.ts"
import { readRows, withdraw } from "./Take.ts"
import { ChangesPage } from "./Wire.ts"

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

const pageFrom = (run: Run, start: number) =>
  run.calls.get(ChangesPage, "/incremental/articles.json", { start_time: String(start) })

/**
 * The rows that are news, or null when they cannot be had this way: the listing is refused, or so long or so crowded within
 * one second that reading everything is surer. `most`: news beyond which reading everything is cheaper.
 */
export const changesSince = Effect.fnUntraced(function* (
  run: Run,
  before: Known,
  shelves: ReadonlyArray<Shelf>,
  most: number,
): Effect.fn.Return<Changes | null, KnowledgeError | StoreError> {
  const first = yield* firstPage(run, before.watermark)
  if (first === null) return null
  let { page, start } = first
  const news = new News(run, [...new Set(shelves.flatMap((shelf) => shelf.locale ?? []))], before)
  for (let pages = 1; pages <= maxPages; pages++) {
    const { unreadable, wires } = readRows(run, page.articles, null)
    // Whoever may not certainly be read by everybody must not stay public for want of a readable text.
    yield* withdraw(
      run,
      unreadable.flatMap(({ isPublic, key }) => (key === null || isPublic ? [] : [key])),
    )
    const reached = yield* news.add(wires)
    if (news.sure.size > most) return null
    // `end_time` is 1 on an empty page, where it is no time. A next page that would be this one again is none.
    const last = Math.max(page.end_time ?? 0, reached)
    const stuck = last <= start
    const rows = page.articles.length
    if ((page.next_page ?? null) === null || (stuck && rows < perhapsFull)) return news.changes(most)
    // A second holds more than a page can. One that an earlier run has read may be passed over.
    if (stuck && last > before.watermark) return null
    start = stuck ? start + 1 : last
    page = yield* pageFrom(run, start)
  }
  return null
})
