/** Sources over a store in memory, for tests of what stands around a sync. */
import {
  type Article,
  ArticleStore,
  articlesMemory,
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

/** Keeps what progress was told. */
export const recorder = () => {
  const told: Array<SyncProgress> = []
  return {
    told,
    onProgress: (progress: SyncProgress) => Effect.sync(() => void told.push(progress)),
  }
}
