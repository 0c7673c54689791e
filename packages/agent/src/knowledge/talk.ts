/**
 * What was talked about before. It finds no article and is no evidence; it puts those first that it names, among articles
 * that the question itself finds: as far as the question leaves open which of them is meant, and no farther.
 */
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { isSoft } from "../text/softWords.ts"
import type { Partition } from "./Partition.ts"
import { softScore, type Wanted } from "./wanted.ts"

/** A word of the talk, beside one of the question; and one that the name of a section has. */
const spokenOf = 0.35
const naming = 0.5

/** Talk of so many words tells what it is about; more costs time. */
const mostTerms = 200

/** A word that so many articles have tells none from another. */
const veryMany = 1500

/** In characters. */
const longestLine = 1000

/** Terms of the talk that some article has and the question has not, the most telling ones. */
export const talkedOf = (
  partition: Partition,
  lines: ReadonlyArray<string>,
  written: string,
  asked: ReadonlyArray<Wanted>,
): ReadonlyArray<Wanted> => {
  const { language } = partition
  const taken = new Set(asked.map((one) => one.term))
  const talked = new Map<string, Wanted>()
  for (const line of lines) {
    for (const term of analyze(plainText(line.slice(0, longestLine)), language, written)) {
      const having = partition.postings.get(term)?.articles ?? 0
      if (taken.has(term) || having === 0 || having > veryMany) continue
      taken.add(term)
      talked.set(term, {
        term,
        missing: false,
        weight: (partition.isInSection(term) ? naming : spokenOf) * (isSoft(term, language) ? softScore : 1),
        telling: 0,
        idf: partition.idf(term),
        variants: [{ term, share: 1 }],
      })
    }
  }
  return [...talked.values()]
    .sort((a, b) => b.weight * b.idf - a.weight * a.idf || (a.term < b.term ? -1 : 1))
    .slice(0, mostTerms)
}

/** With so many articles nearly as good as the best, the question does not tell which is meant. */
export const alike = 5
const farthest = 4

/**
 * How many times its own score talk may add to that of an article. `alone`: the `alike` best scores of the question
 * alone, best first. About 0.2 for a clear question; 3 where each of many hotels has the same one.
 */
export const reachOf = (alone: ReadonlyArray<number>): number => {
  const [best = 0] = alone
  const last = alone[alike - 1] ?? 0
  return best === 0 ? 0 : farthest * (last / best) ** 2
}
