/** BM25F over one partition: each article by its best passage, with the evidence for answering or abstaining. */
import { isInPairs } from "../text/segment.ts"
import { cuesOf } from "./cues.ts"
import { headingOverlaps, overlap, shareByTerm } from "./naming.ts"
import { nearnessIn, neighboursIn } from "./nearness.ts"
import { passagesOf } from "./passages.ts"
import type { Indexed, Partition } from "./Partition.ts"
import { type ScoreOptions, Tallies, type Tally } from "./Tallies.ts"
import { type RankQuery, type Wanted, wantedOf } from "./wanted.ts"

export interface RankOptions extends ScoreOptions {
  readonly synonymWeight: number
  /** What a title that the query wholly contains adds, as a share of the highest score. */
  readonly titleBonus: number
  /** The same for the heading right above a passage. */
  readonly headingBonus: number
  /** What a section adds whose name the conversation wholly has. */
  readonly sectionBonus: number
  /** What the newest of the found articles gets; the oldest gets nothing. */
  readonly recencyBonus: number
  /** What a passage adds in which the question stands word by word. */
  readonly nearBonus: number
}

/** Tuned on public help-center questions, see AGENTS.md. */
export const rankDefaults: RankOptions = {
  k1: 2,
  b: 0.5,
  titleWeight: 4,
  headingWeight: 1.5,
  synonymWeight: 0.5,
  titleBonus: 0.05,
  headingBonus: 0.06,
  sectionBonus: 0.1,
  recencyBonus: 0.01,
  nearBonus: 0.2,
}

/** A pair of letters that is repeated says little: it may be a part of another word each time. */
const k1OfPairs = 1.2

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
const mostTerms = 64
/** With so many articles found by rarer words, commoner ones bring no new articles in. */
const enoughArticles = 400
/** With a few found, neither does a word that stands in very many. */
const someArticles = 80
const veryMany = 1500

const isClosed = (partition: Partition, wanted: Wanted, found: number): boolean => {
  if (found >= enoughArticles) return true
  const having = wanted.variants.reduce(
    (sum, { term }) => sum + (partition.postings.get(term)?.articles ?? 0),
    0,
  )
  return found >= someArticles && having > veryMany
}

/** Titles are compared for so many times the wanted articles. */
const reranked = 2
/** The passages of so many articles are read once more, for words side by side. */
const compared = 12

interface Scored {
  readonly indexed: Indexed
  readonly score: number
}

const byScore = (a: Scored, b: Scored): number =>
  b.score - a.score || (a.indexed.key < b.indexed.key ? -1 : 1)

/** The `limit` best of what was found, best first. Most of it is worse than those at a glance, and is not sorted. */
const bestFound = (
  partition: Partition,
  tallies: Tallies,
  limit: number,
): ReadonlyArray<Scored & { readonly tally: Tally }> => {
  const best: Array<Scored> = []
  let least = 0
  for (const article of tallies.found) {
    const score = tallies.bestOf(article)
    if (best.length >= limit && score < least) continue
    const indexed = partition.numbered[article]
    if (indexed === undefined) continue
    best.push({ indexed, score })
    if (best.length < limit * 4) continue
    best.sort(byScore).length = limit
    least = best.at(-1)?.score ?? 0
  }
  return best
    .sort(byScore)
    .slice(0, limit)
    .map((one) => ({ ...one, tally: tallies.tallyOf(one.indexed.number) }))
}

/** 1 for the newest of some articles, 0 for the oldest: among two that say the same, the newer is right. */
const agesOf = (found: ReadonlyArray<Scored>): ((indexed: Indexed) => number) => {
  const times = found.map((one) => one.indexed.article.updatedAt)
  const oldest = Math.min(...times)
  const span = Math.max(...times) - oldest
  return ({ article }) => (span > 0 ? (article.updatedAt - oldest) / span : 0)
}

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
  const k1 = isInPairs(partition.language) ? k1OfPairs : options.k1
  const tallies = new Tallies(partition, { ...options, k1 })
  const present = wanted.filter((one) => one.variants.some(({ term }) => partition.postings.has(term)))
  for (const one of present.slice(0, mostTerms)) {
    tallies.add(one, isClosed(partition, one, tallies.found.length))
  }
  const found = bestFound(partition, tallies, query.limit * reranked)
  tallies.clear()
  const missing = wanted.flatMap((one) => (one.missing ? [one.term] : []))
  const whole = highest * (k1 + 1)
  const asked = shareByTerm(wanted)
  const cues = cuesOf(query.text)
  const neighbours = neighboursIn(partition, query, wanted, highest)
  const ageOf = agesOf(found)
  const scored = found.map((one, nth) => {
    const title = overlap(partition, one.indexed.titleTerms, asked)
    const headings = headingOverlaps(partition, one.indexed, asked)
    const section = overlap(partition, one.indexed.sectionTerms, asked)
    const scores = one.tally.chunkScores.map(
      (score, at) => score + whole * options.headingBonus * (headings[at] ?? 0),
    )
    if (nth < compared) {
      const best = scores.indexOf(Math.max(...scores))
      const near = nearnessIn(one.indexed, best, partition.language, neighbours)
      scores[best] = (scores[best] ?? 0) + whole * options.nearBonus * near
    }
    return {
      ...one,
      title,
      headings,
      scores,
      score:
        Math.max(...scores) +
        whole *
          (options.titleBonus * title +
            options.sectionBonus * section +
            options.recencyBonus * ageOf(one.indexed)),
    }
  })
  const rarest = Math.log(1 + (partition.documents.size - 0.5) / 1.5)
  return scored
    .sort(byScore)
    .slice(0, query.limit)
    .map(({ indexed, tally, score, scores, title, headings }) => {
      const seen = { scores, whole, titleCoverage: tally.titleMatched / telling }
      const { chunk, also } = passagesOf(indexed.chunks, seen, cues)
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
          titleCoverage: seen.titleCoverage,
          strength: tally.matchedWeight / Math.max(1, rarest),
          selfScore: score / whole,
          matched: tally.matched,
          asked: wanted.length,
          missing,
        },
      }
    })
}
