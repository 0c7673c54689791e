/** `ArticleStore` in memory. */
import { Effect, Layer } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import { type Article, ArticleStore } from "../ports/Knowledge.ts"
import { sourceListingMemory, sourceRunsMemory } from "./MemorySources.ts"

interface Kept {
  readonly sourceId: string
  readonly key: string
  readonly revision: number
  /** Null: removed. */
  readonly article: Article | null
}

/** Everything of one organization. */
class Shelf {
  revision = 0
  readonly kept = new Map<string, Kept>()
  readonly states = new Map<string, string>()

  /** Keeps these articles (null: removed) under one new revision. */
  put(changes: ReadonlyArray<Omit<Kept, "revision">>): number {
    if (changes.length > 0) this.revision += 1
    for (const change of changes) {
      this.kept.set(placeOf(change.sourceId, change.key), { ...change, revision: this.revision })
    }
    return changes.length
  }

  find(sourceId: string, key: string): Article | null {
    return this.kept.get(placeOf(sourceId, key))?.article ?? null
  }

  since(revision: number) {
    const later = [...this.kept.values()].filter((kept) => kept.revision > revision)
    return {
      revision: Math.max(this.revision, revision),
      changed: later.flatMap((kept) => kept.article ?? []),
      removed: later.flatMap(({ article, sourceId, key }) => (article === null ? [{ sourceId, key }] : [])),
    }
  }
}

const placeOf = (sourceId: string, key: string): string => `${sourceId.length}:${sourceId}${key}`

/** `ArticleStore` in memory, with revisions and tombstones as a database keeps them. */
export const articlesMemory: Layer.Layer<ArticleStore> = Layer.sync(ArticleStore, () => {
  const shelves = new Map<OrgId, Shelf>()
  const shelfOf = (orgId: OrgId): Shelf => {
    const shelf = shelves.get(orgId) ?? new Shelf()
    shelves.set(orgId, shelf)
    return shelf
  }
  const isStored = (orgId: OrgId, sourceId: string) => (key: string) =>
    shelfOf(orgId).find(sourceId, key) !== null
  const storedKeys = (orgId: OrgId, sourceId: string) =>
    [...shelfOf(orgId).kept.values()].flatMap((kept) =>
      kept.article !== null && kept.sourceId === sourceId ? [kept.key] : [],
    )
  return ArticleStore.of({
    listing: sourceListingMemory({ isStored, storedKeys }),
    runs: sourceRunsMemory(),
    upsert: (orgId, articles) =>
      Effect.sync(() => {
        const shelf = shelfOf(orgId)
        const latest = new Map(articles.map((article) => [placeOf(article.sourceId, article.key), article]))
        return shelf.put(
          [...latest.values()]
            .filter(({ sourceId, key, hash }) => shelf.find(sourceId, key)?.hash !== hash)
            .map((article) => ({ sourceId: article.sourceId, key: article.key, article })),
        )
      }),
    remove: (orgId, sourceId, keys) =>
      Effect.sync(() => {
        const shelf = shelfOf(orgId)
        const known = [...new Set(keys)].filter((key) => shelf.find(sourceId, key) !== null)
        return shelf.put(known.map((key) => ({ sourceId, key, article: null })))
      }),
    hashes: (orgId, sourceId) =>
      Effect.sync(() => {
        const articles = [...shelfOf(orgId).kept.values()].flatMap((kept) => kept.article ?? [])
        return new Map(articles.filter((a) => a.sourceId === sourceId).map((a) => [a.key, a.hash]))
      }),
    changesSince: (orgId, revision) => Effect.sync(() => shelfOf(orgId).since(revision)),
    getState: (orgId, sourceId) => Effect.sync(() => shelfOf(orgId).states.get(sourceId) ?? null),
    setState: (orgId, sourceId, state) => Effect.sync(() => void shelfOf(orgId).states.set(sourceId, state)),
  })
})
