/**
 * Articles of one language and one visibility. Everything that ranking uses (document frequencies, average lengths) is
 * counted inside the partition, so an internal article cannot even shift a public score.
 */
import type { Article } from "@opencx/core"
import type { Chunk } from "./chunk.ts"
import { Postings } from "./Postings.ts"
import { readArticle } from "./read.ts"
import { Vocabulary } from "./vocabulary.ts"

export interface Indexed {
  readonly key: string
  readonly article: Article
  readonly chunks: ReadonlyArray<Chunk>
  readonly titleTerms: ReadonlyArray<string>
  /** Of the heading right above each passage. */
  readonly headingTerms: ReadonlyArray<ReadonlyArray<string>>
  /** Of the section that it is in. */
  readonly sectionTerms: ReadonlyArray<string>
  /** Its number in postings. */
  number: number
}

/** Records of removed articles are cleared away when there are so many, and as many as articles. */
const fewRemoved = 64

/** One language, one visibility. Keys are the caller's; adding a known key replaces it. */
export class Partition {
  readonly language: string
  readonly documents = new Map<string, Indexed>()
  readonly postings = new Map<string, Postings>()
  readonly vocabulary: Vocabulary
  /** By number; removed ones are undefined. */
  numbered: Array<Indexed | undefined> = []
  /** Number of the first passage of each article, and one more: passages are numbered through. */
  firstPassages: Array<number> = [0]
  /** Words of each passage. */
  lengths: Array<number> = []
  /** In how many articles' section a term is. */
  private readonly inSections = new Map<string, number>()
  private totalLength = 0
  private totalChunks = 0

  constructor(language: string) {
    this.language = language
    this.vocabulary = new Vocabulary(language)
  }

  put(key: string, article: Article): void {
    this.remove(key)
    const { chunks, headingTerms, lengths, sectionTerms, titleTerms, uses } = readArticle(
      article,
      this.language,
    )
    const number = this.numbered.length
    for (const [term, use] of uses) this.postingsOf(term).add(number, use)
    const shared = (term: string) => this.postings.get(term)?.term ?? term
    const indexed: Indexed = {
      key,
      article,
      chunks,
      number,
      sectionTerms: sectionTerms.map(shared),
      titleTerms: titleTerms.map(shared),
      headingTerms: headingTerms.map((terms) => terms.map(shared)),
    }
    this.take(indexed, lengths)
  }

  /** Takes in an article whose postings are there already, under the next number. */
  take(indexed: Indexed, lengths: ReadonlyArray<number>): void {
    this.documents.set(indexed.key, indexed)
    this.place(indexed, lengths)
    this.count(lengths, 1)
    this.countSection(indexed.sectionTerms, 1)
  }

  /** Takes in a term with its postings, as they were kept. */
  takeTerm(postings: Postings): void {
    this.postings.set(postings.term, postings)
    this.vocabulary.add(postings.term)
  }

  remove(key: string): boolean {
    const indexed = this.documents.get(key)
    if (indexed === undefined) return false
    this.documents.delete(key)
    this.numbered[indexed.number] = undefined
    // Read once more rather than remembered: articles are removed seldom, and their terms are many.
    const { lengths, uses } = readArticle(indexed.article, this.language)
    this.count(lengths, -1)
    this.countSection(indexed.sectionTerms, -1)
    for (const [term, use] of uses) {
      const postings = this.postings.get(term)
      postings?.forget(use)
      if (postings?.articles !== 0) continue
      this.postings.delete(term)
      this.vocabulary.remove(term)
    }
    const removed = this.numbered.length - this.documents.size
    if (removed > fewRemoved && removed > this.documents.size) this.clearAway()
    return true
  }

  get averageChunkLength(): number {
    return this.totalChunks === 0 ? 0 : this.totalLength / this.totalChunks
  }

  /** Whether the title or a label of some article has a term. */
  isInTitle(term: string): boolean {
    return (this.postings.get(term)?.titled ?? 0) > 0
  }

  /** Whether the name of some article's section has a term. */
  isInSection(term: string): boolean {
    return this.inSections.has(term)
  }

  /** How much a term tells: 0 for one that is everywhere, growing with rarity. */
  idf(term: string): number {
    const total = this.documents.size
    const having = this.postings.get(term)?.articles ?? 0
    return Math.log(1 + (total - having + 0.5) / (having + 0.5))
  }

  private postingsOf(term: string): Postings {
    const known = this.postings.get(term)
    if (known !== undefined) return known
    const made = new Postings(term)
    this.postings.set(term, made)
    this.vocabulary.add(term)
    return made
  }

  private place(indexed: Indexed, lengths: ReadonlyArray<number>): void {
    this.numbered.push(indexed)
    for (const length of lengths) this.lengths.push(length)
    this.firstPassages.push(this.lengths.length)
  }

  private count(lengths: ReadonlyArray<number>, sign: 1 | -1): void {
    this.totalChunks += sign * lengths.length
    for (const length of lengths) this.totalLength += sign * length
  }

  private countSection(terms: ReadonlyArray<string>, sign: 1 | -1): void {
    for (const term of terms) {
      const count = (this.inSections.get(term) ?? 0) + sign
      if (count === 0) this.inSections.delete(term)
      else this.inSections.set(term, count)
    }
  }

  /** Numbers the articles anew, without gaps. */
  clearAway(): void {
    const { firstPassages, lengths, numbered } = this
    this.numbered = []
    this.firstPassages = [0]
    this.lengths = []
    const numbers = new Map<number, number>()
    for (const indexed of numbered) {
      if (indexed === undefined) continue
      const old = indexed.number
      indexed.number = this.numbered.length
      numbers.set(old, indexed.number)
      this.place(indexed, lengths.slice(firstPassages[old], firstPassages[old + 1]))
    }
    for (const postings of this.postings.values()) postings.rewrite((number) => numbers.get(number))
  }
}
