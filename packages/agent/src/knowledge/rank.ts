/** BM25F over one partition: each article by its best passage, with the evidence for answering or abstaining. */
import { analyze } from "../text/analyze.ts"
import { isSoft } from "../text/softWords.ts"
import { synonymsOf } from "../text/synonyms.ts"
import type { Related } from "./vocabulary.ts"
import { plainText, type Indexed, type Partition, type TermUse } from "./Partition.ts"

export interface RankOptions {
  readonly k1: number
  readonly b: number
  readonly titleWeight: number
  readonly headingWeight: number
  readonly synonymWeight: number
}

/** Tuned on public help-center questions, see AGENTS.md. */
export const rankDefaults: RankOptions = {
  k1: 3,
  b: 0.5,
  titleWeight: 4,
  headingWeight: 1.5,
  synonymWeight: 0.5,
}

/** One thing the query asks for: the term itself and what may stand for it. */
interface Wanted {
  readonly term: string
  /** Tells something, and neither it nor a stand-in is in any article. */
  readonly missing: boolean
  /** In the score. */
  readonly weight: number
  /** In the evidence, where an everyday word must not pass for a rare one. */
  readonly telling: number
  readonly idf: number
  readonly variants: ReadonlyArray<Related>
}

export interface Ranked {
  readonly indexed: Indexed
  readonly score: number
  /** Number of the best passage. */
  readonly chunk: number
  readonly evidence: Evidence
}

/** Why a hit may or may not answer. Shares are 0 to 1 and weighed by how much each word tells (idf). */
export interface Evidence {
  /** Share of the query that the article contains. */
  readonly coverage: number
  /** Share of the query that the best passage, its headings and the title contain. */
  readonly passageCoverage: number
  /** Share of the title that the query contains. */
  readonly titleOverlap: number
  /** Score divided by the highest that this query could reach. */
  readonly selfScore: number
  /** How many different query words the article contains, and how many there are. */
  readonly matched: number
  readonly asked: number
  /** Query words, as index terms, that no article of this language has; everyday words are left out. */
  readonly missing: ReadonlyArray<string>
}

const contextWeight = 0.35
const softWeight = 0.3
const softScore = 0.6

const standIns = (partition: Partition, term: string, options: RankOptions): ReadonlyArray<Related> => {
  const synonyms = synonymsOf(term, partition.language)
    .filter((other) => partition.postings.has(other))
    .map((other) => ({ term: other, share: options.synonymWeight }))
  const taken = new Set(synonyms.map((one) => one.term))
  return [...synonyms, ...partition.relatedTo(term).filter((one) => !taken.has(one.term))]
}

const wantedOf = (
  partition: Partition,
  text: string,
  context: string,
  options: RankOptions,
): ReadonlyArray<Wanted> => {
  const weights = new Map<string, number>()
  for (const term of analyze(plainText(text), partition.language)) weights.set(term, 1)
  for (const term of analyze(plainText(context), partition.language)) {
    if (!weights.has(term)) weights.set(term, contextWeight)
  }
  return [...weights].map(([term, stated]) => {
    const soft = isSoft(term, partition.language)
    const telling = soft ? stated * softWeight : stated
    const weight = soft ? stated * softScore : stated
    const others = standIns(partition, term, options)
    const known = partition.postings.has(term)
    // A word that no article has, but whose stand-in is in many, tells as little as the stand-in.
    const idf =
      known || others.length === 0
        ? partition.idf(term)
        : Math.max(...others.map((other) => partition.idf(other.term)))
    const variants = [{ term, share: 1 }, ...others]
    return { term, missing: !known && others.length === 0 && !soft, weight, telling, idf, variants }
  })
}

interface Tally {
  readonly indexed: Indexed
  readonly chunkScores: Array<number>
  readonly chunkMatched: Array<number>
  matchedWeight: number
  matched: number
}

const saturate = (frequency: number, k1: number): number => (frequency * (k1 + 1)) / (frequency + k1)

const norm = (length: number, average: number, b: number): number =>
  1 - b + (average === 0 ? b : (b * length) / average)

const combine = (
  partition: Partition,
  wanted: Wanted,
  options: RankOptions,
  tallies: Map<string, Tally>,
): void => {
  const seen = new Map<string, Array<readonly [TermUse, number]>>()
  for (const { term, share } of wanted.variants) {
    for (const [key, use] of partition.postings.get(term) ?? []) {
      const list = seen.get(key)
      if (list === undefined) seen.set(key, [[use, share]])
      else list.push([use, share])
    }
  }
  for (const [key, uses] of seen) {
    const indexed = partition.documents.get(key)
    if (indexed === undefined) continue
    let tally = tallies.get(key)
    if (tally === undefined) {
      const zeros = () => indexed.chunks.map(() => 0)
      tally = { indexed, chunkScores: zeros(), chunkMatched: zeros(), matchedWeight: 0, matched: 0 }
      tallies.set(key, tally)
    }
    addTo(tally, uses, wanted, partition, options)
  }
}

const addTo = (
  tally: Tally,
  uses: ReadonlyArray<readonly [TermUse, number]>,
  wanted: Wanted,
  partition: Partition,
  options: RankOptions,
): void => {
  const { indexed } = tally
  const value = wanted.weight * wanted.idf
  const best = Math.max(...uses.map(([, share]) => share))
  let title = 0
  const perChunk = new Map<number, number>()
  for (const [use, share] of uses) {
    title += share * options.titleWeight * use.title
    for (const [chunk, count] of use.body) {
      const averaged = norm(indexed.chunkLengths[chunk] ?? 0, partition.averageChunkLength, options.b)
      perChunk.set(chunk, (perChunk.get(chunk) ?? 0) + (share * count) / averaged)
    }
    for (const [chunk, count] of use.headings) {
      perChunk.set(chunk, (perChunk.get(chunk) ?? 0) + share * options.headingWeight * count)
    }
  }
  const covers = Math.sqrt(best)
  tally.matchedWeight += wanted.telling * wanted.idf * covers
  tally.matched += 1
  for (let chunk = 0; chunk < tally.chunkScores.length; chunk++) {
    const frequency = title + (perChunk.get(chunk) ?? 0)
    if (frequency === 0) continue
    tally.chunkScores[chunk] = (tally.chunkScores[chunk] ?? 0) + value * saturate(frequency, options.k1)
    tally.chunkMatched[chunk] = (tally.chunkMatched[chunk] ?? 0) + wanted.telling * wanted.idf * covers
  }
}

const bestChunk = (scores: ReadonlyArray<number>): number => {
  let best = 0
  for (let at = 1; at < scores.length; at++) if ((scores[at] ?? 0) > (scores[best] ?? 0)) best = at
  return best
}

const titleOverlap = (partition: Partition, indexed: Indexed, wanted: ReadonlyArray<Wanted>): number => {
  const asked = new Map<string, number>()
  for (const one of wanted) {
    for (const { term, share } of one.variants) {
      asked.set(term, Math.max(asked.get(term) ?? 0, Math.sqrt(share) * Math.min(1, one.weight)))
    }
  }
  let whole = 0
  let found = 0
  for (const term of indexed.titleTerms) {
    const idf = partition.idf(term)
    whole += idf
    found += idf * (asked.get(term) ?? 0)
  }
  return whole === 0 ? 0 : found / whole
}

/**
 * The best articles for a query, best first; ties by key, so that the order never depends on insertion. `context` is
 * earlier text that counts less. Scores are comparable within one call only.
 */
export const rank = (
  partition: Partition,
  query: { readonly text: string; readonly context: string; readonly limit: number },
  options: RankOptions = rankDefaults,
): ReadonlyArray<Ranked> => {
  const wanted = wantedOf(partition, query.text, query.context, options)
  const tallies = new Map<string, Tally>()
  for (const one of wanted) combine(partition, one, options, tallies)
  const highest = wanted.reduce((sum, one) => sum + one.weight * one.idf, 0)
  const telling = wanted.reduce((sum, one) => sum + one.telling * one.idf, 0)
  if (highest === 0 || telling === 0) return []
  const missing = wanted.flatMap((one) => (one.missing ? [one.term] : []))
  const scored = [...tallies.values()].map((tally) => {
    const chunk = bestChunk(tally.chunkScores)
    return { tally, chunk, score: tally.chunkScores[chunk] ?? 0 }
  })
  scored.sort((a, b) => b.score - a.score || (a.tally.indexed.key < b.tally.indexed.key ? -1 : 1))
  return scored.slice(0, query.limit).map(({ tally, chunk, score }) => ({
    indexed: tally.indexed,
    score,
    chunk,
    evidence: {
      coverage: tally.matchedWeight / telling,
      passageCoverage: (tally.chunkMatched[chunk] ?? 0) / telling,
      titleOverlap: titleOverlap(partition, tally.indexed, wanted),
      selfScore: score / (highest * (options.k1 + 1)),
      matched: tally.matched,
      asked: wanted.length,
      missing,
    },
  }))
}
