/**
 * Postings of the articles of one language and one visibility. Everything that ranking uses (document frequencies,
 * average lengths) is counted inside the partition, so an internal article cannot even shift a public score.
 */
import type { Article } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { type Chunk, chunkMarkdown } from "./chunk.ts"
import { type Related, relatedTerms } from "./vocabulary.ts"

/** How often one term stands in one article: in its title (labels count half), and in each passage. */
export interface TermUse {
  title: number
  /** Passage number to count, heading words counted apart. */
  readonly body: Map<number, number>
  readonly headings: Map<number, number>
}

export interface Indexed {
  readonly key: string
  readonly article: Article
  readonly chunks: ReadonlyArray<Chunk>
  readonly chunkLengths: ReadonlyArray<number>
  readonly length: number
  readonly titleTerms: ReadonlySet<string>
  readonly terms: ReadonlyMap<string, TermUse>
}

/** Labels are search words that authors set; they count half of a title word. */
const labelWeight = 0.5

const read = (key: string, article: Article, language: string): Indexed => {
  const terms = new Map<string, TermUse>()
  const useOf = (term: string): TermUse => {
    let use = terms.get(term)
    if (use === undefined) {
      use = { title: 0, body: new Map(), headings: new Map() }
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
    for (const term of body) {
      const counts = useOf(term).body
      counts.set(at, (counts.get(at) ?? 0) + 1)
    }
    for (const term of analyze(chunk.headings.join(" "), language)) {
      const counts = useOf(term).headings
      counts.set(at, (counts.get(at) ?? 0) + 1)
    }
    return body.length
  })
  const length = chunkLengths.reduce((sum, one) => sum + one, 0)
  return { key, article, chunks, chunkLengths, length, titleTerms: new Set(titleTerms), terms }
}

/** Link targets and image addresses are no words of the article. */
export const plainText = (markdown: string): string =>
  markdown.replace(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, "$1").replace(/https?:\/\/\S+/g, " ")

const rememberedTerms = 5000

/** One language, one visibility. Keys are the caller's; adding a known key replaces it. */
export class Partition {
  readonly language: string
  readonly documents = new Map<string, Indexed>()
  readonly postings = new Map<string, Map<string, TermUse>>()
  /** Found related words, valid until the next change. */
  private readonly related = new Map<string, ReadonlyArray<Related>>()
  private totalLength = 0
  private totalChunks = 0

  constructor(language: string) {
    this.language = language
  }

  put(key: string, article: Article): void {
    this.remove(key)
    const indexed = read(key, article, this.language)
    this.documents.set(key, indexed)
    this.related.clear()
    this.totalLength += indexed.length
    this.totalChunks += indexed.chunks.length
    for (const [term, use] of indexed.terms) {
      let uses = this.postings.get(term)
      if (uses === undefined) {
        uses = new Map()
        this.postings.set(term, uses)
      }
      uses.set(key, use)
    }
  }

  remove(key: string): boolean {
    const indexed = this.documents.get(key)
    if (indexed === undefined) return false
    this.documents.delete(key)
    this.related.clear()
    this.totalLength -= indexed.length
    this.totalChunks -= indexed.chunks.length
    for (const term of indexed.terms.keys()) {
      const uses = this.postings.get(term)
      uses?.delete(key)
      if (uses?.size === 0) this.postings.delete(term)
    }
    return true
  }

  get averageChunkLength(): number {
    return this.totalChunks === 0 ? 0 : this.totalLength / this.totalChunks
  }

  /** Index words that a query word may mean besides itself. */
  relatedTo(term: string): ReadonlyArray<Related> {
    const found = this.related.get(term)
    if (found !== undefined) return found
    const made = relatedTerms(term, this.postings.keys(), this.postings.has(term), this.language)
    if (this.related.size >= rememberedTerms) this.related.clear()
    this.related.set(term, made)
    return made
  }

  /** How much a term tells: 0 for one that is everywhere, growing with rarity. */
  idf(term: string): number {
    const total = this.documents.size
    const having = this.postings.get(term)?.size ?? 0
    return Math.log(1 + (total - having + 0.5) / (having + 0.5))
  }
}
