/** Search engines to compare with. */
import type { Article } from "@opencx/core"
import MiniSearch from "minisearch"
import { plainWords, stemmedWords } from "./words.ts"

export interface Scored {
  readonly articleId: string
  readonly score: number
}

export interface Engine {
  readonly search: (text: string, limit: number) => ReadonlyArray<Scored>
}

interface Document {
  readonly id: string
  readonly title: string
  readonly body: string
}

const documentsOf = (articles: ReadonlyArray<Article>): ReadonlyArray<Document> =>
  articles.map(({ articleId, body, path, title }) => ({
    id: articleId,
    title,
    body: [...path, body].join("\n"),
  }))

const engineOf = (index: MiniSearch<Document>): Engine => ({
  search: (text, limit) =>
    index
      .search(text)
      .slice(0, limit)
      .map((hit) => ({ articleId: String(hit.id), score: hit.score })),
})

/** MiniSearch without any settings. */
export const miniSearchAsItComes = (articles: ReadonlyArray<Article>): Engine => {
  const index = new MiniSearch<Document>({ fields: ["title", "body"] })
  index.addAll(documentsOf(articles))
  return engineOf(index)
}

/** MiniSearch with a stemmer (pairs of letters in Chinese, Japanese, Korean, Thai), and the title counted twice. */
export const miniSearchTuned = (articles: ReadonlyArray<Article>, language: string): Engine => {
  const tokenize = stemmedWords(language)
  const index = new MiniSearch<Document>({
    fields: ["title", "body"],
    tokenize,
    processTerm: (term) => term,
    searchOptions: { boost: { title: 2 } },
  })
  index.addAll(documentsOf(articles))
  return engineOf(index)
}

const k1 = 1.2
const b = 0.75

/** BM25 as in the books (k1 1.2, b 0.75), over title and text together, plain words, no stems. */
export const bm25 = (articles: ReadonlyArray<Article>, language: string): Engine => {
  const tokenize = /^(?:zh|ja|ko|th)$/.test(language) ? stemmedWords(language) : plainWords
  const documents = documentsOf(articles)
  const postings = new Map<string, Map<number, number>>()
  const lengths = documents.map(({ body, title }, at) => {
    const words = tokenize(`${title}\n${body}`)
    for (const word of words) {
      const list = postings.get(word) ?? new Map<number, number>()
      list.set(at, (list.get(at) ?? 0) + 1)
      postings.set(word, list)
    }
    return words.length
  })
  const average = lengths.reduce((sum, one) => sum + one, 0) / Math.max(1, lengths.length)
  return {
    search: (text, limit) => {
      const scores = new Map<number, number>()
      for (const word of new Set(tokenize(text))) {
        const list = postings.get(word)
        if (list === undefined) continue
        const idf = Math.log(1 + (documents.length - list.size + 0.5) / (list.size + 0.5))
        for (const [at, count] of list) {
          const norm = k1 * (1 - b + (b * (lengths[at] ?? 0)) / average)
          scores.set(at, (scores.get(at) ?? 0) + (idf * count * (k1 + 1)) / (count + norm))
        }
      }
      return [...scores]
        .toSorted(([x, one], [y, other]) => other - one || x - y)
        .slice(0, limit)
        .map(([at, score]) => ({ articleId: documents[at]?.id ?? "", score }))
    },
  }
}
