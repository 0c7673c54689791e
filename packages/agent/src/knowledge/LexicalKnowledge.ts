/** `Knowledge` in memory: one index per organization, loaded from the `ArticleStore` when first asked for. */
import {
  ArticleStore,
  Knowledge,
  KnowledgeError,
  type OrgId,
  type StoreError,
  type Surface,
  Unavailable,
} from "@opencx/core"
import { Context, Effect, Layer, Scope, Semaphore } from "effect"
import type { RankedHit } from "./hit.ts"
import { type IndexQuery, OrgIndex } from "./OrgIndex.ts"
import { makeKeeper, noKeeper, type Keeper } from "./snapshot/Keeper.ts"
import { indexFilesIn } from "./snapshot/IndexFiles.ts"

/** Articles taken in before other work may run: about 20 ms of indexing. */
const batch = 32

/**
 * The search that the embedded agent uses: `Knowledge` plus the evidence behind each hit, which the vendor-neutral port
 * does not carry. `layer` provides both over the same index.
 */
export class LexicalKnowledge extends Context.Service<
  LexicalKnowledge,
  {
    search<S extends Surface>(
      query: IndexQuery<S> & { readonly orgId: OrgId },
    ): Effect.Effect<ReadonlyArray<RankedHit<S>>, KnowledgeError>
    /** Languages (two-letter codes) in which the organization has public articles, most articles first. */
    languages(orgId: OrgId): Effect.Effect<ReadonlyArray<string>, KnowledgeError>
    refresh(orgId: OrgId): Effect.Effect<void, KnowledgeError>
  }
>()("@opencx/agent/knowledge/LexicalKnowledge") {
  /** Provides `LexicalKnowledge` and `Knowledge`. Memory: about the size of the articles' text, per organization in use. */
  static get layer(): Layer.Layer<LexicalKnowledge | Knowledge, never, ArticleStore> {
    return Layer.effectContext(
      Effect.gen(function* () {
        return contextOf(makeLexical(yield* ArticleStore, noKeeper))
      }),
    )
  }

  /**
   * The same, with the index of each organization kept in a file below `directory`, so that a restart reads that and what
   * has changed since, and not every article. A file that is broken, of another version or behind a store that was put
   * back is not used. Files hold internal articles: they are readable by their owner only.
   */
  static layerIn(directory: string): Layer.Layer<LexicalKnowledge | Knowledge, never, ArticleStore> {
    return Layer.effectContext(
      Effect.gen(function* () {
        const store = yield* ArticleStore
        const keeper = makeKeeper(store, indexFilesIn(directory), yield* Scope.Scope)
        return contextOf(makeLexical(store, keeper))
      }),
    )
  }
}

/** Both services over one search. */
export const contextOf = (
  lexical: LexicalKnowledge["Service"],
): Context.Context<LexicalKnowledge | Knowledge> =>
  Context.make(LexicalKnowledge, lexical).pipe(Context.add(Knowledge, asPort(lexical)))

interface Loaded {
  index: OrgIndex
  revision: number
  /** False until the first full load is through: before it a search has to wait. */
  ready: boolean
  readonly lock: Semaphore.Semaphore
}

/** A failing store, as the search's own failure. */
export const unavailable = (operation: string) => (error: StoreError) =>
  new KnowledgeError({ operation, reason: new Unavailable({ detail: error.message, retryAfterMs: null }) })

const makeLexical = (store: ArticleStore["Service"], keeper: Keeper): LexicalKnowledge["Service"] => {
  const organizations = new Map<OrgId, Loaded>()

  const slot = (orgId: OrgId): Loaded => {
    const found = organizations.get(orgId)
    if (found !== undefined) return found
    const made = { index: new OrgIndex(), revision: 0, ready: false, lock: Semaphore.makeUnsafe(1) }
    organizations.set(orgId, made)
    return made
  }

  const takeIn = Effect.fnUntraced(function* (orgId: OrgId, loaded: Loaded) {
    const changes = yield* store.changesSince(orgId, loaded.revision)
    for (const { sourceId, key } of changes.removed) loaded.index.remove(sourceId, key)
    for (let at = 0; at < changes.changed.length; at += batch) {
      for (const article of changes.changed.slice(at, at + batch)) loaded.index.put(article)
      // Searches go on meanwhile; the revision moves only when everything is in, so an interrupted run repeats itself.
      yield* Effect.yieldNow
    }
    loaded.revision = changes.revision
    loaded.ready = true
    yield* keeper.changed(orgId, loaded, changes.changed.length + changes.removed.length)
  })

  const load = Effect.fnUntraced(function* (orgId: OrgId, loaded: Loaded) {
    const kept = yield* keeper.load(orgId)
    if (kept !== null) {
      loaded.index = kept.index
      loaded.revision = kept.revision
    }
    yield* takeIn(orgId, loaded)
  })

  const refresh = Effect.fn("Knowledge.refresh")(function* (orgId: OrgId) {
    const loaded = slot(orgId)
    yield* loaded.lock
      .withPermits(1)(Effect.suspend(() => (loaded.ready ? takeIn : load)(orgId, loaded)))
      .pipe(Effect.mapError(unavailable("Knowledge.refresh")))
  })

  const ready = Effect.fnUntraced(function* (orgId: OrgId) {
    const loaded = slot(orgId)
    if (loaded.ready) return loaded.index
    const once = Effect.suspend(() => (loaded.ready ? Effect.void : load(orgId, loaded)))
    yield* loaded.lock
      .withPermits(1)(once)
      .pipe(Effect.mapError(unavailable("Knowledge.load")))
    return loaded.index
  })

  return {
    search: Effect.fn("Knowledge.search")(function* <S extends Surface>(
      query: IndexQuery<S> & { readonly orgId: OrgId },
    ) {
      const index = yield* ready(query.orgId)
      return index.search(query)
    }),
    languages: Effect.fn("Knowledge.languages")(function* (orgId: OrgId) {
      const index = yield* ready(orgId)
      return index.languages
    }),
    refresh,
  }
}

const asPort = (lexical: LexicalKnowledge["Service"]): Knowledge["Service"] => ({
  search: (query) => lexical.search({ ...query, context: "" }),
  refresh: lexical.refresh,
})
