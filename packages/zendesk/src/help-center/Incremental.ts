/** Takes in what changed since the last run, article by article, and notices what vanished without a change. */
import { type KnowledgeError, NotFound, type StoreError } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { idText, nextCursor } from "../support/Wire.ts"
import { keyOf } from "./ArticleMapper.ts"
import { changesSince } from "./Changes.ts"
import { checkShelves } from "./Check.ts"
import { recordError, type Run, tellProgress } from "./Run.ts"
import type { Shelf } from "./Shelves.ts"
import { placeOf } from "./Sweep.ts"
import type { SyncState } from "./SyncState.ts"
import { drop, readRows, takeWires } from "./Take.ts"
import { ArticleEnvelope, type ArticleWire, TranslationPage, TranslationWire } from "./Wire.ts"

const decodeTranslation = Schema.decodeUnknownResult(TranslationWire)

/** More languages than an article can have. */
const maxPages = 5

/** An article in each of its languages. A hidden translation is nobody's to read, and so as good as a draft. */
const translationsOf = Effect.fnUntraced(function* (run: Run, wire: ArticleWire) {
  const id = idText(wire.id)
  const wires: Array<ArticleWire> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const answer: typeof TranslationPage.Type = yield* run.calls.get(
      TranslationPage,
      `/articles/${encodeURIComponent(id)}/translations.json`,
      { "page[size]": "100", ...(cursor === null ? {} : { "page[after]": cursor }) },
    )
    for (const raw of answer.translations) {
      const one = decodeTranslation(raw)
      if (Result.isFailure(one)) {
        recordError(run, id, `a translation cannot be read: ${one.failure.message.replaceAll(/\s+/g, " ")}`)
        continue
      }
      const { draft, hidden, ...text } = one.success
      wires.push({ ...wire, ...text, draft: hidden === true ? true : draft })
    }
    cursor = nextCursor(answer.meta)
    if (cursor === null) break
  }
  return wires
})

/** Takes in one changed article: its languages that are wanted, and the removal of those that are no more. */
const takeArticle = Effect.fnUntraced(function* (run: Run, row: ArticleWire, shelves: ReadonlyArray<Shelf>) {
  const locales = new Set(shelves.map((shelf) => shelf.locale))
  const everyLocale = locales.has(null)
  const own = row.locale.toLowerCase()
  const only = locales.size === 1 && !everyLocale && locales.has(own)
  const wires = only ? [row] : yield* translationsOf(run, row)
  const gone = new Set(
    [...locales].flatMap((locale) => (locale === null ? [] : [keyOf(idText(row.id), locale)])),
  )
  for (const wire of wires) {
    const locale = wire.locale.toLowerCase()
    if (!everyLocale && !locales.has(locale)) continue
    const place = yield* placeOf(run, wire, everyLocale ? null : locale)
    if (place === null) continue
    gone.delete(keyOf(idText(wire.id), locale))
    yield* takeWires(run, place, [wire], yield* run.structureOf(place.locale))
  }
  yield* drop(run, [...gone])
})

/** Failures in a row that are an outage, not the articles' own. */
const patience = 3

/** Answers with the ids of those that could not be taken in and are to be tried again. */
const takeAll = Effect.fnUntraced(function* (
  run: Run,
  rows: ReadonlyArray<ArticleWire>,
  shelves: ReadonlyArray<Shelf>,
) {
  const again: Array<string> = []
  let failures = 0
  for (const row of rows) {
    const result: Result.Result<void, KnowledgeError | StoreError> = yield* Effect.result(
      takeArticle(run, row, shelves),
    )
    yield* tellProgress(run, "reading")
    if (Result.isSuccess(result)) {
      failures = 0
      continue
    }
    const error = result.failure
    if (error._tag === "StoreError") return yield* error
    // Gone in this moment: the listing of its shelf will tell.
    if (error.reason instanceof NotFound) continue
    failures += 1
    if (failures >= patience && error.isRetryable) return yield* error
    recordError(run, idText(row.id), `could not be read: ${error.message}`)
    again.push(idText(row.id))
  }
  return again
})

/** Rows of articles that could not be taken in last time. */
const rowsAgain = Effect.fnUntraced(function* (run: Run, ids: ReadonlyArray<string>) {
  const rows: Array<ArticleWire> = []
  for (const id of ids) {
    const path = `/articles/${encodeURIComponent(id)}.json`
    const answer = yield* Effect.result(run.calls.get(ArticleEnvelope, path))
    if (Result.isSuccess(answer)) rows.push(...readRows(run, [answer.success.article], null).wires)
    else if (answer.failure.isRetryable) return yield* answer.failure
  }
  return rows
})

/** What a full run costs, in calls: more news than that are read by one. Small numbers are not worth the reading. */
const costOfFull = Effect.fnUntraced(function* (run: Run, shelves: ReadonlyArray<Shelf>) {
  const counts = yield* run.store.listing.counts(run.orgId, run.source.id)
  const pages = shelves.map((shelf) => Math.ceil((counts.get(shelf.name)?.listed ?? 0) / 100) + 3)
  return Math.max(
    10,
    pages.reduce((sum, one) => sum + one, 0),
  )
})

/** More of these are better found by a full run. */
const mostAgain = 100

/** The state to keep; null when only a full run will do. */
export const runIncremental = Effect.fnUntraced(function* (
  run: Run,
  shelves: ReadonlyArray<Shelf>,
  before: SyncState,
): Effect.fn.Return<SyncState | null, KnowledgeError | StoreError> {
  const { watermark: from } = before
  if (from === null) return null
  const most = yield* costOfFull(run, shelves)
  const changes = yield* Effect.result(
    changesSince(run, { watermark: from, looked: before.looked }, shelves, most),
  )
  if (Result.isFailure(changes)) {
    // Not everybody may read this listing; a full run does without it.
    if (changes.failure._tag === "StoreError" || changes.failure.isRetryable) return yield* changes.failure
    return null
  }
  if (changes.success === null) return null
  const { looked, rows, watermark } = changes.success
  const known = new Set(rows.map((row) => idText(row.id)))
  const older = yield* rowsAgain(
    run,
    before.again.filter((id) => !known.has(id)),
  )
  const again = yield* takeAll(run, [...rows, ...older], shelves)
  const offsets = yield* checkShelves(run, shelves, before.offsets)
  return {
    ...before,
    lastRun: run.id,
    // Too many failures to remember: the next run reads everything.
    watermark: again.length > mostAgain ? null : watermark,
    again: again.length > mostAgain ? [] : again,
    looked,
    offsets,
  }
})
