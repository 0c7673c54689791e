/**
 * Where one term stands: for each article a record of whole numbers, all records in one array. There are millions of them,
 * and a search reads whole lists, so they are packed and lie side by side.
 *
 * A record: number of the article; how many passages have the term, times 256, plus twice its weight in the title; then
 * one packed number for each of those passages (`chunkOf`, `bodyOf`, `headingsOf`).
 */

/** More of one word in one passage says nothing more. */
export const mostCounted = 255
export const oneInBody = 1 << 8
export const oneInHeadings = 1
export const largestChunk = 0x7fff

/** The number of the passage. */
export const chunkOf = (packed: number): number => packed >> 16
/** How often in its text, to 255. */
export const bodyOf = (packed: number): number => (packed >> 8) & mostCounted
/** How often in its headings, to 255. */
export const headingsOf = (packed: number): number => packed & mostCounted

/** Numbers before the passages of a record. */
export const recordHead = 2
export const passagesIn = (packed: number): number => packed >> 8
/** In the title; a label counts half. */
export const titleIn = (packed: number): number => (packed & mostCounted) / 2

/** How often one term stands in one article. */
export interface TermUse {
  /** In the title; a label counts half. */
  title: number
  /** One packed number for each passage that has it. */
  readonly passages: Array<number>
}

const smallest = 4

export class Postings {
  readonly term: string
  /** Articles that have the term, and that have it in title or labels; removed ones are not counted. */
  articles = 0
  titled = 0
  /** Records of removed articles stay until `rewrite`. */
  records: Int32Array = new Int32Array(smallest)
  /** How much of `records` is in use. */
  length = 0

  constructor(term: string) {
    this.term = term
  }

  add(article: number, { passages, title }: TermUse): void {
    this.#room(recordHead + passages.length)
    this.records[this.length] = article
    this.records[this.length + 1] = (passages.length << 8) | Math.min(mostCounted, Math.round(title * 2))
    this.records.set(passages, this.length + recordHead)
    this.length += recordHead + passages.length
    this.articles += 1
    if (title > 0) this.titled += 1
  }

  /** The article's record stays; whoever reads it finds that there is no such article. */
  forget({ title }: TermUse): void {
    this.articles -= 1
    if (title > 0) this.titled -= 1
  }

  /** Keeps the records of articles that have a new number, under it; the others go. */
  rewrite(numberOf: (article: number) => number | undefined): void {
    const { records } = this
    let to = 0
    for (let at = 0; at < this.length;) {
      const size = recordHead + passagesIn(records[at + 1] ?? 0)
      const number = numberOf(records[at] ?? -1)
      if (number !== undefined) {
        records.copyWithin(to, at, at + size)
        records[to] = number
        to += size
      }
      at += size
    }
    this.records = records.slice(0, Math.max(smallest, to))
    this.length = to
  }

  #room(more: number): void {
    const needed = this.length + more
    if (needed <= this.records.length) return
    const grown = new Int32Array(Math.max(needed, Math.ceil(this.records.length * 1.4)))
    grown.set(this.records.subarray(0, this.length))
    this.records = grown
  }
}
