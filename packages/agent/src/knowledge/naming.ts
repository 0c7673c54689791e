/** How far the title of an article or the heading of a passage names what is asked for. */
import { isAnyThing } from "../text/goods.ts"
import type { Indexed, Partition } from "./Partition.ts"
import type { Wanted } from "./wanted.ts"

/** How much of each term the query asks for. */
export const shareByTerm = (wanted: ReadonlyArray<Wanted>): ReadonlyMap<string, number> => {
  const asked = new Map<string, number>()
  for (const one of wanted) {
    for (const { term, share } of one.variants) {
      asked.set(term, Math.max(asked.get(term) ?? 0, Math.sqrt(share) * one.weight))
    }
  }
  return asked
}

/** Share of the telling words of a title or heading that the query has. */
export const overlap = (
  partition: Partition,
  terms: Iterable<string>,
  asked: ReadonlyMap<string, number>,
): number => {
  let whole = 0
  let found = 0
  for (const term of terms) {
    const share = asked.get(term)
    if (share === undefined && isAnyThing(term)) continue
    const idf = partition.idf(term)
    whole += idf
    found += idf * (share ?? 0)
  }
  return whole === 0 ? 0 : found / whole
}

export const headingOverlaps = (
  partition: Partition,
  indexed: Indexed,
  asked: ReadonlyMap<string, number>,
): ReadonlyArray<number> => indexed.headingTerms.map((terms) => overlap(partition, terms, asked))
