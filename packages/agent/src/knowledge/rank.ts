/** BM25F over one partition: each article by its best passage, with the evidence for answering or abstaining. */
import { cuesOf } from "./cues.ts"
import { headingOverlaps, overlap, shareByTerm } from "./naming.ts"
import { passagesOf } from "./passages.ts"
import { bodyOf, chunkOf, headingsOf, type Indexed, type Partition, type TermUse } from "./Partition.ts"
import { type RankQuery, type Wanted, wantedOf } from "./wanted.ts"

export interface RankOptions {
  readonly k1: number
  readonly b: number
  readonly titleWeight: number
  readonly headingWeight: number
  readonly synonymWeight: number
  /** What a title that the query wholly contains adds, as a share of the highest score. */
  readonly titleBonus: number
  /** The same for the heading right above a passage. */
  readonly headingBonus: number
}

/** Tuned on public help-center questions, see AGENTS.md. */
export const rankDefaults: RankOptions = {
  k1: 3,
  b: 0.5,
  titleWeight: 4,
  headingWeight: 1.5,
  synonymWeight: 0.5,
  titleBonus: 0.05,
  headingBonus: 0.06,
}

/** Why a hit may or may not answer. Shares are 0 to 1 and weighed by how much each word tells (idf). */
export interface Evidence {
  /** Share of the query that the article contains. */
  readonly coverage: number
  /** Share of the query that the best passage, its headings and the title contain. */
  readonly passageCoverage: number
  /** Share of the title that the query contains. */
  readonly titleOverlap: number
  /** Share of the shown passage's heading that the query contains. */
  readonly headingOverlap: number
  /** Share of the query that the title contains. */
  readonly titleCoverage: number
  /** What the article contains of the query, in words that only one article has. */
  readonly strength: number
  /** Score divided by the highest that this query could reach. */
  readonly selfScore: number
  /** How many different query words the article contains, and how many there are. */
  readonly matched: number
  readonly asked: number
  /** Query words, as index terms, that no article of this language has; everyday words are left out. */
  readonly missing: ReadonlyArray<string>
}

export interface Ranked {
  readonly indexed: Indexed
  readonly score: number
  /** Number of the best passage. */
  readonly chunk: number
  /** A second passage of the article that completes it, or null. */
  readonly also: number | null
  readonly evidence: Evidence
}

/** The rarest words of a long question decide; the rest would only cost time. */
const mostTerms = 24
/** With so many articles found by rarer words, commoner ones bring no new articles in. */
const enoughArticles = 400
/** With a few found, neither does a word that stands in very many. */
const someArticles = 80
const veryMany = 1500

const isClosed = (partition: Partition, wanted: Wanted, found: number): boolean => {
  if (found >= enoughArticles) return true
  const having = wanted.variants.reduce((sum, { term }) => sum + (partition.postings.get(term)?.size ?? 0), 0)
  return found >= someArticles && having > veryMany
}

interface Tally {
  titleMatched: number
  readonly chunkScores: Array<number>
  readonly chunkMatched: Array<number>
  matchedWeight: number
  matched: number
}

type Tallies = Map<Indexed, Tally>

const tallyOf = (tallies: Tallies, indexed: Indexed): Tally => {
  const found = tallies.get(indexed)
  if (found !== undefined) return found
  const chunkScores = indexed.chunkLengths.map(() => 0)
  const made = {
    chunkScores,
    chunkMatched: chunkScores.slice(),
    titleMatched: 0,
    matchedWeight: 0,
    matched: 0,
  }
  tallies.set(indexed, made)
  return made
}

/** Adds what one wanted term and its stand-ins say about one article. */
const add = (
  tally: Tally,
  indexed: Indexed,
  uses: ReadonlyArray<readonly [TermUse, number]>,
  wanted: Wanted,
  averageLength: number,
  options: RankOptions,
): void => {
  const frequencies = indexed.chunkLengths.map(() => 0)
  let title = 0
  let best = 0
  for (const [use, share] of uses) {
    if (share > best) best = share
    title += share * options.titleWeight * use.title
    for (const packed of use.passages) {
      const chunk = chunkOf(packed)
      const length = indexed.chunkLengths[chunk] ?? 0
      const norm = 1 - options.b + (averageLength === 0 ? options.b : (options.b * length) / averageLength)
      const frequency = bodyOf(packed) / norm + options.headingWeight * headingsOf(packed)
      frequencies[chunk] = (frequencies[chunk] ?? 0) + share * frequency
    }
  }
  const value = wanted.weight * wanted.idf * (options.k1 + 1)
  const covered = wanted.telling * wanted.idf * Math.sqrt(best)
  tally.matchedWeight += covered
  if (title > 0) tally.titleMatched += covered
  tally.matched += 1
  for (let chunk = 0; chunk < frequencies.length; chunk++) {
    const frequency = title + (frequencies[chunk] ?? 0)
    if (frequency === 0) continue
    tally.chunkScores[chunk] =
      (tally.chunkScores[chunk] ?? 0) + (value * frequency) / (frequency + options.k1)
    tally.chunkMatched[chunk] = (tally.chunkMatched[chunk] ?? 0) + covered
  }
}

/** One wanted term over all articles; when `closed`, over those found already. */
const gather = (
  partition: Partition,
  wanted: Wanted,
  tallies: Tallies,
  closed: boolean,
  options: RankOptions,
): void => {
  const averageLength = partition.averageChunkLength
  const lists = wanted.variants.flatMap(({ term, share }) => {
    const uses = partition.postings.get(term)
    return uses === undefined ? [] : [{ uses, share }]
  })
  const visit = (indexed: Indexed): void => {
    const found: Array<readonly [TermUse, number]> = []
    for (const { uses, share } of lists) {
      const use = uses.get(indexed)
      if (use !== undefined) found.push([use, share])
    }
    if (found.length > 0) add(tallyOf(tallies, indexed), indexed, found, wanted, averageLength, options)
  }
  const [only] = lists
  if (closed) for (const indexed of tallies.keys()) visit(indexed)
  else if (lists.length === 1 && only !== undefined) for (const indexed of only.uses.keys()) visit(indexed)
  else for (const indexed of new Set(lists.flatMap(({ uses }) => [...uses.keys()]))) visit(indexed)
}

/** Titles are compared for so many times the wanted articles. */
const reranked = 2

const best = <A extends { readonly indexed: Indexed; readonly score: number }>(
  found: ReadonlyArray<A>,
  limit: number,
): ReadonlyArray<A> =>
  [...found].sort((a, b) => b.score - a.score || (a.indexed.key < b.indexed.key ? -1 : 1)).slice(0, limit)

/**
 * The best articles for a query, best first; ties by key, so that the order never depends on insertion. Scores are
 * comparable within one call only.
 */
export const rank = (
  partition: Partition,
  query: RankQuery,
  options: RankOptions = rankDefaults,
): ReadonlyArray<Ranked> => {
  const wanted = wantedOf(partition, query, options.synonymWeight)
  const highest = wanted.reduce((sum, one) => sum + one.weight * one.idf, 0)
  const telling = wanted.reduce((sum, one) => sum + one.telling * one.idf, 0)
  if (highest === 0 || telling === 0) return []
  const tallies: Tallies = new Map()
  const present = wanted.filter((one) => one.variants.some(({ term }) => partition.postings.has(term)))
  for (const one of present.slice(0, mostTerms)) {
    gather(partition, one, tallies, isClosed(partition, one, tallies.size), options)
  }
  const missing = wanted.flatMap((one) => (one.missing ? [one.term] : []))
  const whole = highest * (options.k1 + 1)
  const asked = shareByTerm(wanted)
  const cues = cuesOf(query.text)
  const scored = best(
    [...tallies].map(([indexed, tally]) => ({ indexed, tally, score: Math.max(...tally.chunkScores) })),
    query.limit * reranked,
  ).map((one) => {
    const title = overlap(partition, one.indexed.titleTerms, asked)
    const headings = headingOverlaps(partition, one.indexed, asked)
    const scores = one.tally.chunkScores.map(
      (score, at) => score + whole * options.headingBonus * (headings[at] ?? 0),
    )
    return {
      ...one,
      title,
      headings,
      scores,
      score: Math.max(...scores) + options.titleBonus * whole * title,
    }
  })
  const rarest = Math.log(1 + (partition.documents.size - 0.5) / 1.5)
  return best(scored, query.limit).map(({ indexed, tally, score, scores, title, headings }) => {
    const found = { scores, whole, titleCoverage: tally.titleMatched / telling }
    const { chunk, also } = passagesOf(indexed.chunks, found, cues)
    const shown = Math.max(
      tally.chunkMatched[chunk] ?? 0,
      also === null ? 0 : (tally.chunkMatched[also] ?? 0),
    )
    return {
      indexed,
      score,
      chunk,
      also,
      evidence: {
        coverage: tally.matchedWeight / telling,
        passageCoverage: shown / telling,
        titleOverlap: title,
        headingOverlap: headings[chunk] ?? 0,
        titleCoverage: found.titleCoverage,
        strength: tally.matchedWeight / Math.max(1, rarest),
        selfScore: score / whole,
        matched: tally.matched,
        asked: wanted.length,
        missing,
      },
    }
  })
}
