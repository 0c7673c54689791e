/**
 * Removes what vanished. Zendesk keeps no record of archived and deleted articles: they are just not listed any more.
 * So each missing one is asked for by its id, and nothing is removed when suspiciously many are missing.
 */
import { NotFound, PermissionDenied } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { idText } from "../support/Wire.ts"
import { isDraft, keyOf, splitKey, toArticle } from "./ArticleMapper.ts"
import type { Structure } from "./Paths.ts"
import { recordError, type Run } from "./Run.ts"
import { ArticleEnvelope, ArticleWire } from "./Wire.ts"

const decodeArticle = Schema.decodeUnknownResult(ArticleWire)

/** Both must be exceeded to stop a removal: a small Help Center may well lose half of its few articles. */
const maxShare = 0.2
const maxCount = 10

type Fate = "gone" | "kept"

/** Is this stored article really gone? An article that still exists is stored anew, with the visibility it has now. */
const fateOf = Effect.fnUntraced(function* (run: Run, key: string, structure: Structure) {
  const { articleId, locale } = splitKey(key)
  const answer = yield* Effect.result(
    run.calls.get(
      ArticleEnvelope,
      `/${encodeURIComponent(locale)}/articles/${encodeURIComponent(articleId)}.json`,
    ),
  )
  if (Result.isFailure(answer)) {
    const { reason } = answer.failure
    if (reason instanceof NotFound) return "gone" satisfies Fate
    // It exists, but not for us: it can no longer be shown that anyone may read it.
    if (reason instanceof PermissionDenied) return "gone" satisfies Fate
    return yield* answer.failure
  }
  const wire = decodeArticle(answer.success.article)
  if (Result.isFailure(wire)) {
    recordError(run, articleId, "is not listed any more and cannot be read")
    return "kept" satisfies Fate
  }
  if (isDraft(wire.success)) return "gone" satisfies Fate
  // Zendesk may answer in another language when the translation was deleted.
  if (keyOf(idText(wire.success.id), wire.success.locale) !== key) return "gone" satisfies Fate
  const article = toArticle({ sourceId: run.source.id, origin: run.origin, wire: wire.success, structure })
  if (run.known.get(key) !== article.hash) run.tally.changed += yield* run.store.upsert(run.orgId, [article])
  return "kept" satisfies Fate
})

const wanted = (run: Run, key: string): boolean => {
  const filter = run.source.locales ?? []
  return filter.length === 0 || filter.some((locale) => locale.toLowerCase() === splitKey(key).locale)
}

/** Call only after every listing was read to its end. `structures`: by locale, for articles that turn out to exist. */
export const sweep = Effect.fnUntraced(function* (run: Run, structures: ReadonlyMap<string, Structure>) {
  const unwanted = [...run.known.keys()].filter((key) => !wanted(run, key))
  if (unwanted.length > 0) run.tally.removed += yield* run.store.remove(run.orgId, run.source.id, unwanted)
  const missing = [...run.known.keys()].filter((key) => wanted(run, key) && !run.seenKeys.has(key))
  if (missing.length > maxCount && missing.length > run.known.size * maxShare) {
    recordError(
      run,
      "*",
      `${missing.length} of ${run.known.size} articles are not listed any more, which is too many to believe: none was removed. Check the credentials' access to the Help Center; if they really were deleted, remove the source and add it again.`,
    )
    return
  }
  const empty: Structure = { sections: new Map(), categories: new Map() }
  for (const key of missing) {
    const fate = yield* Effect.result(fateOf(run, key, structures.get(splitKey(key).locale) ?? empty))
    if (Result.isFailure(fate)) {
      if (fate.failure._tag === "StoreError") return yield* fate.failure
      recordError(run, splitKey(key).articleId, `could not be confirmed as deleted: ${fate.failure.message}`)
    } else if (fate.success === "gone") {
      run.tally.removed += yield* run.store.remove(run.orgId, run.source.id, [key])
    }
  }
})
