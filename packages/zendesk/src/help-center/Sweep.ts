/**
 * Removes what vanished. Zendesk keeps no record of archived and deleted articles: they are just not listed any more.
 * So each missing one is asked for by its id, and nothing is removed when suspiciously many are missing.
 */
import {
  isSuspiciousLoss,
  type KnowledgeError,
  NotFound,
  PermissionDenied,
  type StoreError,
  type UnseenItem,
} from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { idText } from "../support/Wire.ts"
import { isDraft, keyOf, splitKey } from "./ArticleMapper.ts"
import { categoryOf } from "./Paths.ts"
import { recordError, type Run, tellProgress } from "./Run.ts"
import { type Shelf, shelfAt, wantedCategories } from "./Shelves.ts"
import { drop, takeWires } from "./Take.ts"
import { ArticleEnvelope, ArticleWire } from "./Wire.ts"

const decodeArticle = Schema.decodeUnknownResult(ArticleWire)

/** Where an article in a locale belongs, or null when its category is not wanted. */
export const placeOf = Effect.fnUntraced(function* (run: Run, wire: ArticleWire, locale: string | null) {
  const categories = wantedCategories(run.source)
  if (categories.length === 0) return shelfAt(locale, null)
  const category = categoryOf(yield* run.structureOf(locale), wire.section_id)
  return category !== null && categories.includes(category) ? shelfAt(locale, category) : null
})

/** Asks for one missing article and acts on the answer. One that still exists is taken in as it is now. */
const confirm = Effect.fnUntraced(function* (run: Run, key: string, listsLocales: boolean) {
  const { articleId, locale } = splitKey(key)
  const path = `/${encodeURIComponent(locale)}/articles/${encodeURIComponent(articleId)}.json`
  const answer = yield* Effect.result(run.calls.get(ArticleEnvelope, path))
  if (Result.isFailure(answer)) {
    const { reason } = answer.failure
    // Refused: it exists, but not for us, and so it can no longer be shown that anyone may read it.
    if (reason instanceof NotFound || reason instanceof PermissionDenied) return yield* drop(run, [key])
    return yield* answer.failure
  }
  const wire = decodeArticle(answer.success.article)
  if (Result.isFailure(wire)) {
    recordError(run, articleId, "is not listed any more and cannot be read")
    return
  }
  // Zendesk may answer in another language when the translation was deleted.
  const other = keyOf(idText(wire.success.id), wire.success.locale) !== key
  const place = yield* placeOf(run, wire.success, listsLocales ? locale : null)
  if (other || place === null || isDraft(wire.success)) return yield* drop(run, [key])
  yield* takeWires(run, place, [wire.success], yield* run.structureOf(place.locale))
})

/** More failures in a row than this are an outage: the rest is left for the next run. */
const patience = 3

const confirmAll = Effect.fnUntraced(function* (
  run: Run,
  missing: ReadonlyArray<UnseenItem>,
  listsLocales: boolean,
) {
  let failures = 0
  let settled = true
  for (const { key } of missing) {
    const result: Result.Result<void, KnowledgeError | StoreError> = yield* Effect.result(
      confirm(run, key, listsLocales),
    )
    yield* tellProgress(run, "confirming")
    if (Result.isSuccess(result)) {
      failures = 0
      continue
    }
    if (result.failure._tag === "StoreError") return yield* result.failure
    recordError(run, splitKey(key).articleId, `could not be confirmed as deleted: ${result.failure.message}`)
    settled = false
    failures += 1
    if (failures >= patience && result.failure.isRetryable) break
  }
  return settled
})

/** Articles of a shelf or locale that the source does not read any more. */
const isUnwanted =
  (shelves: ReadonlyArray<Shelf>) =>
  ({ key, shelf }: UnseenItem): boolean =>
    shelf === null
      ? !shelves.some((one) => one.locale === null || one.locale === splitKey(key).locale)
      : !shelves.some((one) => one.name === shelf)

const holdBack = (run: Run, missing: number, known: number): void => {
  run.tally.heldBack += missing
  recordError(
    run,
    "*",
    `${missing} of ${known} articles are not listed any more, which is too many to believe: none was removed, and they are still answered from. Check that the credentials still have access to the Help Center. If the articles really were removed or withdrawn, run a full sync that accepts the loss.`,
  )
}

/**
 * Call only after every listing (with `only`: that shelf's) was read to its end. `acceptLoss`: a person has looked, and any
 * number may be missing. True when what became of every missing article is settled.
 */
export const sweep = Effect.fnUntraced(function* (
  run: Run,
  shelves: ReadonlyArray<Shelf>,
  options: { readonly only?: Shelf; readonly acceptLoss: boolean },
) {
  const unseen = yield* run.store.listing.unseen(run.orgId, run.source.id, run.id, options.only?.name)
  const unwanted = unseen.filter(isUnwanted(shelves))
  const goes = new Set(unwanted)
  yield* drop(
    run,
    unwanted.map(({ key }) => key),
  )
  const missing = unseen.filter((item) => !goes.has(item))
  const noted = missing.filter((item) => !item.isStored)
  yield* drop(
    run,
    noted.map(({ key }) => key),
  )
  const stored = missing.filter((item) => item.isStored)
  if (stored.length === 0) return true
  const counts = yield* run.store.listing.counts(run.orgId, run.source.id)
  const older = stored.filter(({ shelf }) => shelf === null).length
  let known = older
  for (const [name, { listed }] of counts)
    if (options.only === undefined || options.only.name === name) known += listed
  if (!options.acceptLoss && isSuspiciousLoss(stored.length, known)) {
    holdBack(run, stored.length, known)
    return false
  }
  return yield* confirmAll(
    run,
    stored,
    shelves.some((shelf) => shelf.locale !== null),
  )
})
