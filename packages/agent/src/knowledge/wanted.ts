/** A question as the index understands it: its terms, how much each tells, and what may stand for them. */
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { isSoft } from "../text/softWords.ts"
import { synonymsOf } from "../text/synonyms.ts"
import type { Partition } from "./Partition.ts"
import type { Related } from "./vocabulary.ts"

export interface RankQuery {
  readonly text: string
  /** Earlier text, counts less. */
  readonly context: string
  /** Two-letter code of the language that the text is in, as far as known. */
  readonly written: string
  readonly limit: number
}

/** One thing the query asks for: the term itself and what may stand for it. */
export interface Wanted {
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

const contextWeight = 0.35
/** Everyday words hardly count as evidence, but order results quite well. */
const softTelling = 0.3
const softScore = 0.6

const standIns = (partition: Partition, term: string, synonymWeight: number): ReadonlyArray<Related> => {
  const synonyms = synonymsOf(term, partition.language)
    .filter((other) => partition.postings.has(other))
    .map((other) => ({ term: other, share: synonymWeight }))
  const taken = new Set(synonyms.map((one) => one.term))
  return [...synonyms, ...partition.vocabulary.relatedTo(term).filter((one) => !taken.has(one.term))]
}

/** Rarest first, so that the ranking may stop taking new articles in when the common words come. */
export const wantedOf = (
  partition: Partition,
  { text, context, written }: RankQuery,
  synonymWeight: number,
): ReadonlyArray<Wanted> => {
  const stated = new Map<string, number>()
  for (const term of analyze(plainText(text), partition.language, written)) stated.set(term, 1)
  for (const term of analyze(plainText(context), partition.language, written)) {
    if (!stated.has(term)) stated.set(term, contextWeight)
  }
  const all = [...stated].map(([term, share]) => {
    const soft = isSoft(term, partition.language)
    const others = standIns(partition, term, synonymWeight)
    const known = partition.postings.has(term)
    const standing = others.map((other) => partition.idf(other.term))
    return {
      term,
      missing: !known && others.length === 0 && !soft,
      weight: soft ? share * softScore : share,
      telling: soft ? share * softTelling : share,
      // A word that no article has, but whose stand-in is in many, tells as little as the stand-in.
      idf: known || others.length === 0 ? partition.idf(term) : Math.max(...standing),
      variants: [{ term, share: 1 }, ...others],
    }
  })
  return all.sort((a, b) => b.weight * b.idf - a.weight * a.idf || (a.term < b.term ? -1 : 1))
}
