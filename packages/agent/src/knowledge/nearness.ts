/** Words that stand side by side in the question and in a passage say more than the same words far apart. */
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { isInPairs } from "../text/segment.ts"
import type { Indexed, Partition } from "./Partition.ts"
import type { RankQuery, Wanted } from "./wanted.ts"

/** Two neighbours of the question, and how much of the whole question they are. */
export interface Neighbours {
  readonly first: Wanted
  readonly second: Wanted
  readonly share: number
}

/** In words: this close counts, but less than side by side and in order. */
const closeBy = 3
const closeShare = 0.6

/** None in languages that are cut into pairs of letters: there a term is a pair of neighbours already. */
export const neighboursIn = (
  partition: Partition,
  query: RankQuery,
  wanted: ReadonlyArray<Wanted>,
  highest: number,
): ReadonlyArray<Neighbours> => {
  const { language } = partition
  if (isInPairs(language)) return []
  const byTerm = new Map(wanted.map((one) => [one.term, one]))
  const asked = analyze(plainText(query.text), language, query.written).map((term) => byTerm.get(term))
  return asked.flatMap((second, at) => {
    const first = asked[at - 1]
    if (first === undefined || second === undefined || first === second) return []
    const share = Math.min(first.weight * first.idf, second.weight * second.idf) / highest
    return share === 0 ? [] : [{ first, second, share }]
  })
}

type Places = ReadonlyMap<string, ReadonlyArray<number>>

/** Where each term stands. Title, headings and text do not touch each other. */
const placesIn = (texts: ReadonlyArray<string>, language: string): Places => {
  const places = new Map<string, Array<number>>()
  let at = 0
  for (const text of texts) {
    for (const term of analyze(text, language)) {
      const known = places.get(term)
      if (known === undefined) places.set(term, [at])
      else known.push(at)
      at += 1
    }
    at += closeBy + 1
  }
  return places
}

const closest = (places: Places, { first, second }: Neighbours): number => {
  let best = 0
  for (const one of first.variants) {
    for (const other of second.variants) {
      const worth = one.share * other.share
      for (const from of worth > best ? (places.get(one.term) ?? []) : []) {
        for (const to of places.get(other.term) ?? []) {
          const value = to - from === 1 ? worth : Math.abs(to - from) <= closeBy ? worth * closeShare : 0
          if (value > best) best = value
        }
      }
    }
  }
  return best
}

/** 0 to 1: how much of the question stands side by side in a passage, its headings or the title. */
export const nearnessIn = (
  indexed: Indexed,
  passage: number,
  language: string,
  neighbours: ReadonlyArray<Neighbours>,
): number => {
  const chunk = indexed.chunks[passage]
  if (neighbours.length === 0 || chunk === undefined) return 0
  const places = placesIn([indexed.article.title, chunk.headings.join(" "), plainText(chunk.text)], language)
  return neighbours.reduce((sum, one) => sum + one.share * closest(places, one), 0)
}
