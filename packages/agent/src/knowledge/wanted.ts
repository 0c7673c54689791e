/** A question as the index understands it: its terms, how much each tells, and what may stand for them. */
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { isLongNumber, withoutUnknownCodes } from "../text/codes.ts"
import { isAboutOrder, isGoods } from "../text/goods.ts"
import { withoutPhrases } from "../text/phrases.ts"
import { isSoft } from "../text/softWords.ts"
import { synonymsOf } from "../text/synonyms.ts"
import type { Partition } from "./Partition.ts"
import type { Related } from "./vocabulary.ts"

export interface RankQuery {
  readonly text: string
  /** Told around the question. */
  readonly story: string
  /** The subject, counts less. */
  readonly context: string
  /** What was talked about before, newest line first. */
  readonly talk: ReadonlyArray<string>
  /** Two-letter code of the language that the text is in, as far as known. */
  readonly written: string
  readonly limit: number
}

/** One thing the query asks for: the term itself and what may stand for it. */
export interface Wanted {
  readonly term: string
  /** Tells something, is asked for, and neither it nor a stand-in is in any article. */
  readonly missing: boolean
  /** In the score. */
  readonly weight: number
  /** In the evidence, where an everyday word must not pass for a rare one. */
  readonly telling: number
  readonly idf: number
  readonly variants: ReadonlyArray<Related>
}

/** How much a word counts by where it stands; `unknown`: in the evidence, when no article has it. */
const places = {
  asked: { score: 1, telling: 1, unknown: 1 },
  told: { score: 0.6, telling: 0.4, unknown: 0.1 },
  subject: { score: 0.35, telling: 0.1, unknown: 0 },
  /** In the subject, and in the name of a section. */
  section: { score: 0.5, telling: 0.1, unknown: 0 },
} as const
type Place = (typeof places)[keyof typeof places]

/** Everyday words hardly count as evidence, but order results quite well. */
const softTelling = 0.3
export const softScore = 0.6
/** Things that were bought, in a question about an order. */
const goodsTelling = 0.1
const goodsScore = 0.2

/** `own`: the query is in the partition's language; slips of the keyboard are looked for only then. */
const standIns = (
  partition: Partition,
  term: string,
  own: boolean,
  synonymWeight: number,
): ReadonlyArray<Related> => {
  const synonyms = synonymsOf(term, partition.language)
    .filter((other) => partition.postings.has(other))
    .map((other) => ({ term: other, share: synonymWeight }))
  const taken = new Set(synonyms.map((one) => one.term))
  const found = [
    ...synonyms,
    ...partition.vocabulary.relatedTo(term, own).filter((one) => !taken.has(one.term)),
  ]
  if (found.length > 0 || partition.postings.has(term)) return found
  return partition.vocabulary.headsOf(term, (ending) => synonymsOf(ending, partition.language))
}

/** A long story says most often what it is about; in a few sentences a repeated word says nothing. */
const storyFrom = 40
const storyOf = 100
const repetition = 0.4

/** How much more a term counts that is said so many times among so many terms. */
const emphasis = (times: number, terms: number): number =>
  1 + repetition * Math.min(1, Math.max(0, (terms - storyFrom) / (storyOf - storyFrom))) * Math.log(times)

interface Stated {
  readonly place: Place
  times: number
}

/** Words of a phrase's meaning that some article has. */
const keeperOf = (partition: Partition) => (words: string) =>
  words
    .split(" ")
    .filter((word) => analyze(word, partition.language).some((term) => partition.postings.has(term)))
    .join(" ")

const statedIn = (
  partition: Partition,
  { text, story, context, written }: RankQuery,
): ReadonlyMap<string, Stated> => {
  const { language } = partition
  const keep = keeperOf(partition)
  const isKnown = (code: string): boolean =>
    analyze(code, language).some((term) => isLongNumber(term) && partition.postings.has(term))
  const stated = new Map<string, Stated>()
  const parts = [
    [text, places.asked],
    [story, places.told],
    [context, places.subject],
  ] as const
  for (const [part, place] of parts) {
    if (part === "") continue
    const said = withoutPhrases(withoutUnknownCodes(plainText(part), isKnown), language, keep)
    for (const term of analyze(said, language, written)) {
      const known = stated.get(term)
      if (known !== undefined) known.times += 1
      else {
        const named = place === places.subject && partition.isInSection(term)
        stated.set(term, { place: named ? places.section : place, times: 1 })
      }
    }
  }
  return stated
}

/** Rarest first, so that the ranking may stop taking new articles in when the common words come. */
export const wantedOf = (
  partition: Partition,
  query: RankQuery,
  synonymWeight: number,
): ReadonlyArray<Wanted> => {
  const { language } = partition
  const stated = statedIn(partition, query)
  const aboutOrder = isAboutOrder(stated.keys(), language)
  const all = [...stated].map(([term, { place, times }]) => {
    const soft = isSoft(term, language)
    const goods = aboutOrder && isGoods(term, language) && !partition.isInTitle(term)
    const others = standIns(partition, term, query.written === language, synonymWeight)
    const known = partition.postings.has(term)
    const standing = others.map((other) => partition.idf(other.term))
    const nowhere = !known && others.length === 0
    const telling = nowhere ? place.unknown : place.telling
    return {
      term,
      missing: nowhere && !soft && !goods && place === places.asked,
      weight: emphasis(times, stated.size) * place.score * (goods ? goodsScore : soft ? softScore : 1),
      telling: telling * (goods ? goodsTelling : soft ? softTelling : 1),
      // A word that no article has, but whose stand-in is in many, tells as little as the stand-in.
      idf: known || others.length === 0 ? partition.idf(term) : Math.max(...standing),
      variants: [{ term, share: 1 }, ...others],
    }
  })
  return all.sort((a, b) => b.weight * b.idf - a.weight * a.idf || (a.term < b.term ? -1 : 1))
}
