/** BM25F over one partition: each article by its best passage, with the evidence for answering or abstaining. */
import { isInPairs } from "../text/segment.ts"
import { byScore, type Candidates, candidatesOf, type Scored } from "./candidates.ts"
import { cuesOf } from "./cues.ts"
import { headingOverlaps, overlap, shareByTerm } from "./naming.ts"
import { nearnessIn, type Neighbours, neighboursIn } from "./nearness.ts"
import { passagesOf } from "./passages.ts"
import type { Indexed, Partition } from "./Partition.ts"
import type { ScoreOptions } from "./Tallies.ts"
import { talkedOf } from "./talk.ts"
import { type RankQuery, wantedOf } from "./wanted.ts"

export interface RankOptions extends ScoreOptions {
  readonly synonymWeight: number
  /** What a title that the query wholly contains adds, as a share of the highest score. */
  readonly titleBonus: number
  /** The same for the heading right above a passage. */
  readonly headingBonus: number
  /** What a section adds whose name the conversation wholly has. */
  readonly sectionBonus: number
  /** The same for one whose name was talked about. */
  readonly talkedSectionBonus: number
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
  talkedSectionBonus: 0.3,
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
  /** Score divided by the highest that this question could reach, without what was talked about before. */
  readonly selfScore: number
  /** How many times that its score is because of what was talked about; 1 where it was not. */
  readonly talk: number
  /** How many different query words the article contains, and how many there are. */
  readonly matched: number
  readonly asked: number
  /** Query words, as index terms, that no article of this language has; everyday words are left out. */
  readonly missing: ReadonlyArray<string>
}

export interface Ranked {
  readonly indexed: Indexed
  /** Divided by the highest that the question alone could reach. */
  readonly score: number
  /** Number of the best passage. */
  readonly chunk: number
  /** A second passage of the article that completes it, or null. */
  readonly also: number | null
  readonly evidence: Evidence
}

/** Titles are compared for so many times the wanted articles. */
const reranked = 2
/** The passages of so many articles are read once more, for words side by side. */
const compared = 12

/** 1 for the newest of some articles, 0 for the oldest: among two that say the same, the newer is right. */
const agesOf = (found: ReadonlyArray<Scored>): ((indexed: Indexed) => number) => {
  const times = found.map((one) => one.indexed.article.updatedAt)
  const oldest = Math.min(...times)
  const span = Math.max(...times) - oldest
  return ({ article }) => (span > 0 ? (article.updatedAt - oldest) / span : 0)
}

/** What the query asks for, as far as scoring needs it. */
interface Sought {
  readonly partition: Partition
  readonly options: RankOptions
  /** The highest score that the question could reach. */
  readonly whole: number
  readonly asked: ReadonlyMap<string, number>
  /** With what was talked about. */
  readonly named: ReadonlyMap<string, number>
  readonly neighbours: ReadonlyArray<Neighbours>
  readonly reach: number
}

/** A candidate with all its bonuses. `own`: its score without what was talked about. */
const scoreOf = (
  sought: Sought,
  candidate: Candidates["found"][number],
  isCompared: boolean,
  age: number,
) => {
  const { asked, named, neighbours, options, partition, reach, whole } = sought
  const { indexed, tally } = candidate
  const title = overlap(partition, indexed.titleTerms, asked)
  const headings = headingOverlaps(partition, indexed, asked)
  const section = overlap(partition, indexed.sectionTerms, asked)
  const scores = tally.chunkScores.map(
    (score, at) => score + whole * options.headingBonus * (headings[at] ?? 0),
  )
  const best = scores.indexOf(Math.max(...scores))
  if (isCompared) {
    const near = nearnessIn(indexed, best, partition.language, neighbours)
    scores[best] = (scores[best] ?? 0) + whole * options.nearBonus * near
  }
  const bonus = options.titleBonus * title + options.sectionBonus * section + options.recencyBonus * age
  const own = Math.max(...scores) + whole * bonus
  const inSection = reach === 0 ? 0 : overlap(partition, indexed.sectionTerms, named) - section
  const talk = (tally.chunkTalk[best] ?? 0) + whole * options.talkedSectionBonus * inSection
  return { indexed, tally, title, headings, scores, own, score: own + Math.min(reach * own, talk) }
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
  const talked = talkedOf(partition, query.talk, query.written, wanted)
  const { found, reach } = candidatesOf(partition, wanted, talked, { ...options, k1 }, query.limit * reranked)
  const whole = highest * (k1 + 1)
  const asked = shareByTerm(wanted)
  const sought: Sought = {
    partition,
    options,
    whole,
    asked,
    named: shareByTerm([...wanted, ...talked]),
    neighbours: neighboursIn(partition, query, wanted, highest),
    reach,
  }
  const ageOf = agesOf(found)
  const cues = cuesOf(query.text)
  const missing = wanted.flatMap((one) => (one.missing ? [one.term] : []))
  const rarest = Math.log(1 + (partition.documents.size - 0.5) / 1.5)
  return found
    .map((one, nth) => scoreOf(sought, one, nth < compared, ageOf(one.indexed)))
    .sort(byScore)
    .slice(0, query.limit)
    .map(({ indexed, tally, own, score, scores, title, headings }) => {
      const seen = { scores, whole, titleCoverage: tally.titleMatched / telling }
      const { chunk, also } = passagesOf(indexed.chunks, seen, cues)
      const shown = Math.max(
        tally.chunkMatched[chunk] ?? 0,
        also === null ? 0 : (tally.chunkMatched[also] ?? 0),
      )
      return {
        indexed,
        score: score / whole,
        chunk,
        also,
        evidence: {
          coverage: tally.matchedWeight / telling,
          passageCoverage: shown / telling,
          titleOverlap: title,
          headingOverlap: headings[chunk] ?? 0,
          titleCoverage: seen.titleCoverage,
          strength: tally.matchedWeight / Math.max(1, rarest),
          selfScore: own / whole,
          talk: score / own,
          matched: tally.matched,
          asked: wanted.length,
          missing,
        },
      }
    })
}
