/** An article as the index takes it in. The same article in the same language always reads the same. */
import type { Article } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { plainText } from "../text/clean.ts"
import { type Chunk, chunkMarkdown } from "./chunk.ts"
import {
  bodyOf,
  chunkOf,
  headingsOf,
  largestChunk,
  mostCounted,
  oneInBody,
  oneInHeadings,
  type TermUse,
} from "./Postings.ts"

/** Labels, and the categories and sections above: they count half of a title word. */
const labelWeight = 0.5

export interface Reading {
  readonly chunks: ReadonlyArray<Chunk>
  /** Words of each passage. */
  readonly lengths: ReadonlyArray<number>
  readonly titleTerms: ReadonlyArray<string>
  /** Of the innermost category or section. */
  readonly sectionTerms: ReadonlyArray<string>
  /** Of the heading right above each passage. */
  readonly headingTerms: ReadonlyArray<ReadonlyArray<string>>
  readonly uses: ReadonlyMap<string, TermUse>
}

const countIn = (use: TermUse, chunk: number, unit: typeof oneInBody | typeof oneInHeadings): void => {
  const at = Math.min(chunk, largestChunk)
  const last = use.passages.at(-1)
  if (last === undefined || chunkOf(last) !== at) use.passages.push((at << 16) | unit)
  else if ((unit === oneInBody ? bodyOf(last) : headingsOf(last)) < mostCounted) {
    use.passages[use.passages.length - 1] = last + unit
  }
}

const distinct = (terms: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(terms)]

export const readArticle = (article: Article, language: string): Reading => {
  const uses = new Map<string, TermUse>()
  const useOf = (term: string): TermUse => {
    let use = uses.get(term)
    if (use === undefined) {
      use = { title: 0, passages: [] }
      uses.set(term, use)
    }
    return use
  }
  const titleTerms = analyze(article.title, language)
  for (const term of titleTerms) useOf(term).title += 1
  const named = [...article.labels, ...article.path].join(" ")
  for (const term of new Set(analyze(named, language))) useOf(term).title += labelWeight
  const found = chunkMarkdown(article.body)
  const chunks = found.length > 0 ? found : [{ headings: [], text: article.title }]
  const headingTerms: Array<ReadonlyArray<string>> = []
  const lengths = chunks.map((chunk, at) => {
    const body = analyze(plainText(chunk.text), language)
    for (const term of body) countIn(useOf(term), at, oneInBody)
    for (const term of analyze(chunk.headings.join(" "), language)) countIn(useOf(term), at, oneInHeadings)
    headingTerms.push(distinct(analyze(chunk.headings.at(-1) ?? "", language)))
    return body.length
  })
  const sectionTerms = distinct(analyze(article.path.at(-1) ?? "", language))
  return { chunks, lengths, titleTerms: distinct(titleTerms), sectionTerms, headingTerms, uses }
}
