/**
 * Postings of the articles of one language and one visibility. Everything that ranking uses (document frequencies,
 * average lengths) is counted inside the partition, so an internal article cannot even shift a public score.
 */
import type { Article } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { type Chunk, chunkMarkdown } from "./chunk.ts"
import { Vocabulary } from "./vocabulary.ts"

/** How often one term stands in one article. */
export interface TermUse {
  /** In the title; a label counts half. */
  title: number
  /** One packed number for each passage that has it (`chunkOf`, `bodyOf`, `headingsOf`): there are millions of them. */
  readonly passages: Array<number>
}

/** More of one word in one passage says nothing more. */
const mostCounted = 255
const oneInBody = 1 << 8
const oneInHeadings = 1
const largestChunk = 0x7fff

/** The number of the passage. */
export const chunkOf = (packed: number): number => packed >> 16
/** How often in its text, to 255. */
export const bodyOf = (packed: number): number => (packed >> 8) & mostCounted
/** How often in its headings, to 255. */
export const headingsOf = (packed: number): number => packed & mostCounted

export interface Indexed {
  readonly key: string
  readonly article: Article
  readonly chunks: ReadonlyArray<Chunk>
  readonly chunkLengths: ReadonlyArray<number>
  readonly length: number
  readonly titleTerms: ReadonlySet<string>
  readonly terms: ReadonlyArray<string>
}

/** Labels are search words that authors set; they count half of a title word. */
const labelWeight = 0.5

const countIn = (use: TermUse, chunk: number, unit: typeof oneInBody | typeof oneInHeadings): void => {
  const at = Math.min(chunk, largestChunk)
  const last = use.passages.at(-1)
  if (last === undefined || chunkOf(last) !== at) use.passages.push((at << 16) | unit)
  else if ((unit === oneInBody ? bodyOf(last) : headingsOf(last)) < mostCounted) {
    use.passages[use.passages.length - 1] = last + unit
  }
}

interface Reading {
  readonly indexed: Indexed
  readonly uses: ReadonlyMap<string, TermUse>
}

const read = (key: string, article: Article, language: string): Reading => {
  const terms = new Map<string, TermUse>()
  const useOf = (term: string): TermUse => {
    let use = terms.get(term)
    if (use === undefined) {
      use = { title: 0, passages: [] }
      terms.set(term, use)
    }
    return use
  }
  const titleTerms = analyze(article.title, language)
  for (const term of titleTerms) useOf(term).title += 1
  for (const term of new Set(analyze(article.labels.join(" "), language))) useOf(term).title += labelWeight
  const found = chunkMarkdown(article.body)
  const chunks = found.length > 0 ? found : [{ headings: [], text: article.title }]
  const chunkLengths = chunks.map((chunk, at) => {
    const body = analyze(plainText(chunk.text), language)
    for (const term of body) countIn(useOf(term), at, oneInBody)
    for (const term of analyze(chunk.headings.join(" "), language)) countIn(useOf(term), at, oneInHeadings)
    return body.length
  })
  const length = chunkLengths.reduce((sum, one) => sum + one, 0)
  const indexed = {
    key,
    article,
    chunks,
    chunkLengths,
    length,
    titleTerms: new Set(titleTerms),
    terms: [...terms.keys()],
  }
  return { indexed, uses: terms }
}

/** One language, one visibility. Keys are the caller's; adding a known key replaces it. */
export class Partition {
  readonly language: string
  readonly documents = new Map<string, Indexed>()
  readonly postings = new Map<string, Map<Indexed, TermUse>>()
  readonly vocabulary: Vocabulary
  private totalLength = 0
  private totalChunks = 0

  constructor(language: string) {
    this.language = language
    this.vocabulary = new Vocabulary(language)
  }

  put(key: string, article: Article): void {
    this.remove(key)
    const { indexed, uses: found } = read(key, article, this.language)
    this.documents.set(key, indexed)
    this.totalLength += indexed.length
    this.totalChunks += indexed.chunks.length
    for (const [term, use] of found) {
      let uses = this.postings.get(term)
      if (uses === undefined) {
        uses = new Map()
        this.postings.set(term, uses)
        this.vocabulary.add(term)
      }
      // A list that grew by pushing keeps room for many more; the copy has none.
      uses.set(indexed, { title: use.title, passages: use.passages.slice() })
    }
  }

  remove(key: string): boolean {
    const indexed = this.documents.get(key)
    if (indexed === undefined) return false
    this.documents.delete(key)
    this.totalLength -= indexed.length
    this.totalChunks -= indexed.chunks.length
    for (const term of indexed.terms) {
      const uses = this.postings.get(term)
      uses?.delete(indexed)
      if (uses?.size !== 0) continue
      this.postings.delete(term)
      this.vocabulary.remove(term)
    }
    return true
  }

  get averageChunkLength(): number {
    return this.totalChunks === 0 ? 0 : this.totalLength / this.totalChunks
  }

  /** Whether the title or a label of some article has a term. */
  isInTitle(term: string): boolean {
    for (const use of this.postings.get(term)?.values() ?? []) if (use.title > 0) return true
    return false
  }

  /** How much a term tells: 0 for one that is everywhere, growing with rarity. */
  idf(term: string): number {
    const total = this.documents.size
    const having = this.postings.get(term)?.size ?? 0
    return Math.log(1 + (total - having + 0.5) / (having + 0.5))
  }
}
