/** Sources over a store in memory, for tests of what stands around a sync. */
import {
  type Article,
  ArticleStore,
  articlesMemory,
  Knowledge,
  knowledgeMemory,
  OrgId,
  type SyncProgress,
} from "@opencx/core"
import { Effect, Layer, Logger } from "effect"
import { NodeServices } from "@effect/platform-node"

export const org = OrgId.make("acme")

/** Store, index, files and no log. */
export const stores = Layer.mergeAll(
  Layer.provideMerge(knowledgeMemory, articlesMemory),
  NodeServices.layer,
  Logger.layer([]),
)

/** What is stored, by key. */
export const stored = Effect.gen(function* () {
  const { changed } = yield* (yield* ArticleStore).changesSince(org, 0)
  return new Map(changed.map((article): readonly [string, Article] => [article.key, article]))
})

/** Titles found for a question by anybody. */
export const found = (text: string) =>
  Knowledge.use((knowledge) =>
    knowledge.search({ orgId: org, text, surface: "customer", locale: null, limit: 5 }),
  ).pipe(Effect.map((hits) => hits.map((hit) => hit.title)))

/** Keeps what progress was told. */
export const recorder = () => {
  const told: Array<SyncProgress> = []
  return {
    told,
    onProgress: (progress: SyncProgress) => Effect.sync(() => void told.push(progress)),
  }
}
