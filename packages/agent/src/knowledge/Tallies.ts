/** What a query has found so far: running sums by article and by passage, in arrays that the next query uses again. */
import type { Partition } from "./Partition.ts"
import { bodyOf, chunkOf, headingsOf, passagesIn, type Postings, recordHead, titleIn } from "./Postings.ts"
import type { Wanted } from "./wanted.ts"

export interface ScoreOptions {
  readonly k1: number
  readonly b: number
  readonly titleWeight: number
  readonly headingWeight: number
}

/** The sums of one article. Passages in order. */
export interface Tally {
  readonly chunkScores: ReadonlyArray<number>
  readonly chunkMatched: ReadonlyArray<number>
  /** What the talk before adds to each passage. */
  readonly chunkTalk: ReadonlyArray<number>
  readonly titleMatched: number
  readonly matchedWeight: number
  readonly matched: number
}

const roomFor = (count: number): number => Math.max(64, Math.ceil(count * 1.25))

class Sums {
  /** By passage. */
  readonly score: Float64Array
  readonly matched: Float64Array
  readonly talk: Float64Array
  /** Of the wanted term at hand; zero between terms. */
  readonly frequency: Float64Array
  /** By article. */
  readonly titleMatched: Float64Array
  readonly matchedWeight: Float64Array
  readonly matchedCount: Uint16Array
  readonly isFound: Uint8Array
  /** Of the wanted term at hand; zero between terms. */
  readonly title: Float64Array
  readonly bestShare: Float64Array

  constructor(articles: number, passages: number) {
    this.score = new Float64Array(passages)
    this.matched = new Float64Array(passages)
    this.talk = new Float64Array(passages)
    this.frequency = new Float64Array(passages)
    this.titleMatched = new Float64Array(articles)
    this.matchedWeight = new Float64Array(articles)
    this.matchedCount = new Uint16Array(articles)
    this.isFound = new Uint8Array(articles)
    this.title = new Float64Array(articles)
    this.bestShare = new Float64Array(articles)
  }
}

/** One for all: a search is one piece of synchronous work, and zeroes what it has touched when it ends. */
let shared = new Sums(0, 0)

export class Tallies {
  readonly #partition: Partition
  readonly #options: ScoreOptions
  readonly #sums: Sums
  /** Numbers of the articles found so far. */
  readonly found: Array<number> = []

  constructor(partition: Partition, options: ScoreOptions) {
    this.#partition = partition
    this.#options = options
    const articles = partition.numbered.length
    const passages = partition.lengths.length
    if (shared.isFound.length < articles || shared.score.length < passages)
      shared = new Sums(roomFor(articles), roomFor(passages))
    this.#sums = shared
  }

  /** Adds one wanted term over all articles; when `closed`, over those found already. */
  add(wanted: Wanted, closed: boolean): void {
    const having = this.#having(wanted, closed)
    const covered = wanted.telling * wanted.idf
    for (const article of having) {
      this.#meet(article, covered)
      this.#score(article, wanted, this.#sums.score)
    }
  }

  /** Adds one term of the talk before, over articles found already, apart from their scores. */
  addTalk(wanted: Wanted): void {
    for (const article of this.#having(wanted, true)) this.#score(article, wanted, this.#sums.talk)
  }

  /** Articles that have a wanted term, its frequencies in the sums of the term at hand. */
  #having(wanted: Wanted, closed: boolean): ReadonlyArray<number> {
    const having: Array<number> = []
    for (const { share, term } of wanted.variants) {
      const postings = this.#partition.postings.get(term)
      if (postings !== undefined) this.#count(postings, share, closed, having)
    }
    return having
  }

  /** Frequencies of one term, those of its passages weighed by length, into the sums of the wanted term. */
  #count(postings: Postings, share: number, closed: boolean, having: Array<number>): void {
    const { bestShare, frequency, isFound, title } = this.#sums
    const { firstPassages, lengths, numbered } = this.#partition
    const { b, headingWeight, titleWeight } = this.#options
    const average = this.#partition.averageChunkLength
    const { length, records } = postings
    for (let at = 0; at < length;) {
      const article = records[at] ?? 0
      const head = records[at + 1] ?? 0
      const end = at + recordHead + passagesIn(head)
      if (closed ? isFound[article] === 1 : numbered[article] !== undefined) {
        if (bestShare[article] === 0) having.push(article)
        if (share > (bestShare[article] ?? 0)) bestShare[article] = share
        title[article] = (title[article] ?? 0) + share * titleWeight * titleIn(head)
        const first = firstPassages[article] ?? 0
        for (let one = at + recordHead; one < end; one++) {
          const packed = records[one] ?? 0
          const passage = first + chunkOf(packed)
          const norm = 1 - b + (average === 0 ? b : (b * (lengths[passage] ?? 0)) / average)
          const often = bodyOf(packed) / norm + headingWeight * headingsOf(packed)
          frequency[passage] = (frequency[passage] ?? 0) + share * often
        }
      }
      at = end
    }
  }

  /** That an article has the wanted term. */
  #meet(article: number, telling: number): void {
    const sums = this.#sums
    const covered = telling * Math.sqrt(sums.bestShare[article] ?? 0)
    if (sums.isFound[article] === 0) {
      sums.isFound[article] = 1
      this.found.push(article)
    }
    sums.matchedWeight[article] = (sums.matchedWeight[article] ?? 0) + covered
    if ((sums.title[article] ?? 0) > 0)
      sums.titleMatched[article] = (sums.titleMatched[article] ?? 0) + covered
    sums.matchedCount[article] = (sums.matchedCount[article] ?? 0) + 1
  }

  /** The wanted term's sums of one article into those of the query: of the question, or of the talk. */
  #score(article: number, { idf, telling, weight }: Wanted, into: Float64Array): void {
    const sums = this.#sums
    const { k1 } = this.#options
    const { firstPassages } = this.#partition
    const value = weight * idf * (k1 + 1)
    const covered = telling * idf * Math.sqrt(sums.bestShare[article] ?? 0)
    const title = sums.title[article] ?? 0
    sums.bestShare[article] = 0
    sums.title[article] = 0
    const end = firstPassages[article + 1] ?? 0
    for (let passage = firstPassages[article] ?? 0; passage < end; passage++) {
      const frequency = title + (sums.frequency[passage] ?? 0)
      sums.frequency[passage] = 0
      if (frequency === 0) continue
      into[passage] = (into[passage] ?? 0) + (value * frequency) / (frequency + k1)
      sums.matched[passage] = (sums.matched[passage] ?? 0) + covered
    }
  }

  /** The score of an article's best passage; `reach`: how many times that talk may add to it. */
  bestOf(article: number, reach: number): number {
    const { firstPassages } = this.#partition
    const { score, talk } = this.#sums
    const end = firstPassages[article + 1] ?? 0
    let best = 0
    for (let passage = firstPassages[article] ?? 0; passage < end; passage++) {
      const own = score[passage] ?? 0
      const one = reach === 0 ? own : own + Math.min(reach * own, talk[passage] ?? 0)
      if (one > best) best = one
    }
    return best
  }

  tallyOf(article: number): Tally {
    const { firstPassages } = this.#partition
    const sums = this.#sums
    const [first, end] = [firstPassages[article] ?? 0, firstPassages[article + 1] ?? 0]
    return {
      chunkScores: [...sums.score.subarray(first, end)],
      chunkMatched: [...sums.matched.subarray(first, end)],
      chunkTalk: [...sums.talk.subarray(first, end)],
      titleMatched: sums.titleMatched[article] ?? 0,
      matchedWeight: sums.matchedWeight[article] ?? 0,
      matched: sums.matchedCount[article] ?? 0,
    }
  }

  /** Leaves the arrays as they were found. Call it when the sums have been read. */
  clear(): void {
    const { firstPassages } = this.#partition
    const sums = this.#sums
    for (const article of this.found) {
      const [first, end] = [firstPassages[article] ?? 0, firstPassages[article + 1] ?? 0]
      sums.score.fill(0, first, end)
      sums.matched.fill(0, first, end)
      sums.talk.fill(0, first, end)
      sums.titleMatched[article] = 0
      sums.matchedWeight[article] = 0
      sums.matchedCount[article] = 0
      sums.isFound[article] = 0
    }
  }
}
