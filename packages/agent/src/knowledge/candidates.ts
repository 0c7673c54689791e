/** The articles that are worth a closer look: by their best passage, over all words of the query. */
import type { Indexed, Partition } from "./Partition.ts"
import { type ScoreOptions, Tallies, type Tally } from "./Tallies.ts"
import { alike, reachOf } from "./talk.ts"
import type { Wanted } from "./wanted.ts"

/** The rarest words of a long question decide; the rest would only cost time. */
const mostTerms = 200
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

export interface Scored {
  readonly indexed: Indexed
  readonly score: number
}

/** Best first; ties by key, so that the order never depends on insertion. */
export const byScore = (a: Scored, b: Scored): number =>
  b.score - a.score || (a.indexed.key < b.indexed.key ? -1 : 1)

/** The `limit` best of what was found, best first. Most of it is worse than those at a glance, and is not sorted. */
const bestFound = (
  partition: Partition,
  tallies: Tallies,
  limit: number,
  reach: number,
): ReadonlyArray<Scored> => {
  const best: Array<Scored> = []
  let least = 0
  for (const article of tallies.found) {
    const score = tallies.bestOf(article, reach)
    if (best.length >= limit && score < least) continue
    const indexed = partition.numbered[article]
    if (indexed === undefined) continue
    best.push({ indexed, score })
    if (best.length < limit * 4) continue
    best.sort(byScore).length = limit
    least = best.at(-1)?.score ?? 0
  }
  return best.sort(byScore).slice(0, limit)
}

export interface Candidates {
  readonly found: ReadonlyArray<Scored & { readonly tally: Tally }>
  /** How many times its own score talk may add to that of an article. */
  readonly reach: number
}

/** `asked`: rarest first. `talked` finds nothing. */
export const candidatesOf = (
  partition: Partition,
  asked: ReadonlyArray<Wanted>,
  talked: ReadonlyArray<Wanted>,
  options: ScoreOptions,
  limit: number,
): Candidates => {
  const tallies = new Tallies(partition, options)
  const present = asked.filter((one) => one.variants.some(({ term }) => partition.postings.has(term)))
  for (const one of present.slice(0, mostTerms)) {
    tallies.add(one, isClosed(partition, one, tallies.found.length))
  }
  const alone = talked.length === 0 ? [] : bestFound(partition, tallies, alike, 0)
  const reach = reachOf(alone.map((one) => one.score))
  if (reach > 0) for (const one of talked) tallies.addTalk(one)
  const found = bestFound(partition, tallies, limit, reach).map((one) => ({
    ...one,
    tally: tallies.tallyOf(one.indexed.number),
  }))
  tallies.clear()
  return { found, reach }
}
