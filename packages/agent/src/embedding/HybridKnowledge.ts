/** Search by words and by meaning together. Whatever the model does, search by words goes on. */
import { ArticleStore, Knowledge, type OrgId, type Surface } from "@opencx/core"
import { Effect, Layer, Schedule, Scope, Semaphore } from "effect"
import { contextOf, LexicalKnowledge, unavailable } from "../knowledge/LexicalKnowledge.ts"
import { hitOf, type RankedHit } from "../knowledge/hit.ts"
import type { IndexQuery } from "../knowledge/OrgIndex.ts"
import type { Evidence } from "../knowledge/rank.ts"
import { indexFilesIn } from "../knowledge/snapshot/IndexFiles.ts"
import { makeEmbed } from "./embed.ts"
import { fuse } from "./fuse.ts"
import { Meaning } from "./Meaning.ts"
import type { EmbeddingSettings } from "./settings.ts"
import { makeVectorCache } from "./VectorCache.ts"

/** Of making articles' vectors, with growing pauses; then the next refresh tries. */
const retries = 4

/** So many of each ranking are fused. */
const considered = 30

/** No word of the question was looked for in it: what only its meaning speaks for never counts as sure. */
const noEvidence: Evidence = {
  coverage: 0,
  passageCoverage: 0,
  titleOverlap: 0,
  headingOverlap: 0,
  titleCoverage: 0,
  strength: 0,
  selfScore: 0,
  talk: 1,
  matched: 0,
  asked: 0,
  missing: [],
}

const nothing = <S extends Surface>(): ReadonlyArray<RankedHit<S>> => []

/**
 * In the order of both rankings; scores never rise on the way down, so that one that words put elsewhere is not far ahead
 * of the next.
 */
const fused = <S extends Surface>(
  byWords: ReadonlyArray<RankedHit<S>>,
  byMeaning: ReadonlyArray<RankedHit<S>>,
  limit: number,
): ReadonlyArray<RankedHit<S>> => {
  const hits = new Map([...byMeaning, ...byWords].map((hit) => [hit.articleId, hit]))
  const order = fuse(
    byWords.map((hit) => hit.articleId),
    [...new Set(byMeaning.map((hit) => hit.articleId))],
  )
  const out: Array<RankedHit<S>> = []
  for (const id of order.slice(0, limit)) {
    const hit = hits.get(id)
    if (hit !== undefined) out.push({ ...hit, score: Math.min(hit.score, out.at(-1)?.score ?? Infinity) })
  }
  return out
}

/** `vectorsIn`: folder in which vectors are kept; null makes them anew at each start. */
export interface HybridOptions {
  readonly settings: EmbeddingSettings
  readonly vectorsIn: string | null
}

const make = Effect.fnUntraced(function* ({ settings, vectorsIn }: HybridOptions) {
  const words = yield* LexicalKnowledge
  const store = yield* ArticleStore
  const scope = yield* Scope.Scope
  const embed = makeEmbed(settings)
  const cache = makeVectorCache(vectorsIn === null ? null : indexFilesIn(vectorsIn), settings.model)
  const organizations = new Map<OrgId, { readonly meaning: Meaning; readonly lock: Semaphore.Semaphore }>()

  const learn = Effect.fnUntraced(function* (orgId: OrgId) {
    const known = organizations.get(orgId) ?? { meaning: new Meaning(), lock: Semaphore.makeUnsafe(1) }
    organizations.set(orgId, known)
    yield* known.meaning.take(orgId, store)
    const work = known.lock.withPermits(1)(known.meaning.learn(orgId, { cache, embed, settings }))
    // In the background: a Help Center of thousands takes minutes, and words find everything meanwhile.
    yield* Effect.forkIn(
      work.pipe(
        Effect.retry({ times: retries, schedule: Schedule.exponential("1 second") }),
        Effect.catch((error) => Effect.logWarning("articles have no new vectors yet", error)),
      ),
      scope,
    )
  })

  const byMeaning = Effect.fnUntraced(function* <S extends Surface>(
    query: IndexQuery<S> & { readonly orgId: OrgId },
  ) {
    const known = organizations.get(query.orgId)
    if (known === undefined) {
      yield* learn(query.orgId)
      return nothing<S>()
    }
    const asked = [query.text, query.story ?? ""].filter((text) => text.trim() !== "").join("\n")
    if (asked === "") return nothing<S>()
    const [vector] = yield* embed([asked.slice(0, 4000)], settings.queryTimeoutMs)
    return known.meaning
      .near(vector ?? [], query.surface, considered)
      .map(({ item, passage }) =>
        hitOf(item, { chunk: passage, shown: [passage] }, query.surface, 0, noEvidence),
      )
  })

  const hybrid: LexicalKnowledge["Service"] = {
    search: Effect.fn("Knowledge.search")(function* <S extends Surface>(
      query: IndexQuery<S> & { readonly orgId: OrgId },
    ) {
      const [found, meant] = yield* Effect.all(
        [
          words.search({ ...query, limit: Math.max(query.limit, considered) }),
          byMeaning(query).pipe(
            Effect.catch((error) =>
              Effect.as(Effect.logWarning("searched by words alone", error), nothing<S>()),
            ),
          ),
        ],
        { concurrency: 2 },
      )
      return meant.length === 0 ? found.slice(0, query.limit) : fused(found, meant, query.limit)
    }),
    languages: words.languages,
    refresh: Effect.fn("Knowledge.refresh")(function* (orgId: OrgId) {
      yield* words.refresh(orgId)
      yield* learn(orgId).pipe(Effect.mapError(unavailable("Knowledge.refresh")))
    }),
  }
  return contextOf(hybrid)
})

/** `LexicalKnowledge` and `Knowledge` over both; takes the place of `LexicalKnowledge.layer`, which it needs. */
export const layer = (
  options: HybridOptions,
): Layer.Layer<LexicalKnowledge | Knowledge, never, LexicalKnowledge | ArticleStore> =>
  Layer.effectContext(make(options))
