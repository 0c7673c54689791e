/** `KnowledgeSync` in memory: copies articles from a list into the `ArticleStore`. */
import { Clock, Effect, Layer } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { KnowledgeError } from "../errors/PortErrors.ts"
import {
  type Article,
  ArticleStore,
  isSuspiciousLoss,
  KnowledgeSync,
  type SyncReport,
} from "../ports/Knowledge.ts"
import { sha256 } from "./sha256.ts"

/** An article at its source. Drafts are never copied, and what is not `public` is internal. */
export interface SourceArticle extends Omit<Article, "sourceId" | "key" | "hash"> {
  readonly draft?: boolean
}

const hashOf = (article: SourceArticle): Effect.Effect<string> =>
  sha256(
    new TextEncoder().encode(
      [
        article.title,
        ...article.path,
        article.body,
        article.url ?? "",
        article.visibility,
        ...article.labels,
        ...(article.segments ?? []),
        ...(article.contentTags ?? []),
        String(article.updatedAt),
      ]
        .map((part) => `${part.length}:${part}`)
        .join(""),
    ),
  )

const toArticle = Effect.fnUntraced(function* (sourceId: string, source: SourceArticle) {
  const { draft: _, ...rest } = source
  const article: Article = {
    ...rest,
    sourceId,
    key: `${source.articleId}:${source.locale}`,
    hash: yield* hashOf(source),
  }
  return article
})

/** `articles` is read in every run; the list of a fixed source is `Effect.succeed(list)`. */
export interface MemorySyncInput {
  readonly orgId: OrgId
  readonly sourceId: string
  readonly articles: Effect.Effect<ReadonlyArray<SourceArticle>, KnowledgeError>
}

const makeRun = Effect.fnUntraced(function* (
  store: ArticleStore["Service"],
  { articles, orgId, sourceId }: MemorySyncInput,
  options: { readonly kind: SyncReport["kind"]; readonly acceptLoss: boolean },
) {
  const started = yield* Clock.currentTimeMillis
  // A source that does not answer ends the run here: nothing is removed for want of an answer.
  const listed = yield* articles
  const published = listed.filter((article) => article.draft !== true)
  const wanted = yield* Effect.forEach(published, (article) => toArticle(sourceId, article))
  const known = yield* store.hashes(orgId, sourceId)
  const keys = new Set(wanted.map((article) => article.key))
  const gone = [...known.keys()].filter((key) => !keys.has(key))
  const heldBack = !options.acceptLoss && isSuspiciousLoss(gone.length, known.size) ? gone.length : 0
  const report: SyncReport = {
    sourceId,
    kind: options.kind,
    resumed: false,
    failed: 0,
    heldBack,
    seen: wanted.length,
    changed: yield* store.upsert(
      orgId,
      wanted.filter((article) => known.get(article.key) !== article.hash),
    ),
    removed: yield* store.remove(orgId, sourceId, heldBack > 0 ? [] : gone),
    skippedDrafts: listed.length - published.length,
    internal: wanted.filter((article) => article.visibility === "internal").length,
    calls: 1,
    errors: heldBack === 0 ? [] : [{ articleId: "*", detail: `${heldBack} articles are missing` }],
    durationMs: (yield* Clock.currentTimeMillis) - started,
  }
  return report
})

/** The sync of one source into one organization. */
export const knowledgeSyncMemory = (
  input: MemorySyncInput,
): Layer.Layer<KnowledgeSync, never, ArticleStore> =>
  Layer.effect(
    KnowledgeSync,
    Effect.map(ArticleStore, (store) => ({
      full: makeRun(store, input, { kind: "full", acceptLoss: false }).pipe(
        Effect.withSpan("KnowledgeSync.full"),
      ),
      incremental: makeRun(store, input, { kind: "incremental", acceptLoss: false }).pipe(
        Effect.withSpan("KnowledgeSync.incremental"),
      ),
      fullAcceptingLoss: makeRun(store, input, { kind: "full", acceptLoss: true }).pipe(
        Effect.withSpan("KnowledgeSync.full"),
      ),
    })),
  )
