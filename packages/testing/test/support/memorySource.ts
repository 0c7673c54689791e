/** A list of articles, as the sync suite wants it. */
import {
  ArticleStore,
  articlesMemory,
  KnowledgeError,
  KnowledgeSync,
  knowledgeSyncMemory,
  OrgId,
  type SourceArticle,
  Unavailable,
} from "@opencx/core"
import { Context, Effect, Layer } from "effect"
import type { SyncedSource, WrittenArticle } from "../../src/index.ts"

const toSource = (articleId: string, { audience, body, draft, title }: WrittenArticle): SourceArticle => ({
  articleId,
  locale: "en",
  title,
  path: [],
  body,
  url: null,
  visibility: audience === "everybody" ? "public" : "internal",
  labels: [],
  updatedAt: 1,
  draft,
})

type Listing = Effect.Effect<ReadonlyArray<SourceArticle>, KnowledgeError>

const outage = new KnowledgeError({
  operation: "list",
  reason: new Unavailable({ detail: "down", retryAfterMs: null }),
})

/** An empty source, its listing changed by `change`. */
export const memorySource = (change: (list: Listing) => Listing = (list) => list) =>
  Effect.gen(function* () {
    const articles = new Map<string, WrittenArticle>()
    let down = false
    let added = 0
    const [orgId, sourceId] = [OrgId.make("acme"), "memory"]
    const list: Listing = Effect.suspend(() =>
      down
        ? Effect.fail(outage)
        : Effect.succeed([...articles].map(([id, article]) => toSource(id, article))),
    )
    const sync = knowledgeSyncMemory({ orgId, sourceId, articles: change(list) })
    const context = yield* Layer.build(Layer.provideMerge(sync, articlesMemory))
    const source: SyncedSource = {
      sync: Context.get(context, KnowledgeSync),
      store: Context.get(context, ArticleStore),
      orgId,
      sourceId,
      add: (article) =>
        Effect.sync(() => {
          added += 1
          const id = String(added)
          articles.set(id, article)
          return id
        }),
      edit: (id, change) =>
        Effect.sync(() => {
          const known = articles.get(id)
          if (known !== undefined) articles.set(id, { ...known, ...change })
        }),
      remove: (id) => Effect.sync(() => void articles.delete(id)),
      setDown: (value) => Effect.sync(() => void (down = value)),
    }
    return source
  })
