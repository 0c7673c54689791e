/**
 * `Knowledge` in memory: finds articles by the words that they share with the question. Small on purpose, for tests and
 * first tries; it keeps the port's promises on surfaces, tenants and refreshing, and knows nothing of stems or synonyms.
 */
import { Effect, Layer } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { Surface } from "../domain/Surface.ts"
import { KnowledgeError, type StoreError } from "../errors/PortErrors.ts"
import { Unavailable } from "../errors/Reason.ts"
import { type Article, ArticleStore, type Hit, Knowledge } from "../ports/Knowledge.ts"

interface Shelf {
  revision: number
  readonly articles: Map<string, Article>
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" })

/** Words that say something: short Latin ones ("how", "is") do not. */
const wordsOf = (text: string): ReadonlySet<string> => {
  const flat = text.normalize("NFKC").toLowerCase()
  const words = [...segmenter.segment(flat)].flatMap((part) =>
    part.isWordLike === true ? [part.segment] : [],
  )
  return new Set(words.filter((word) => word.length > 3 || !/^[a-z]+$/.test(word)))
}

/** The share of the question's words that the text has. */
const overlap = (question: ReadonlySet<string>, text: string): number => {
  const words = wordsOf(text)
  return question.size === 0 ? 0 : [...question].filter((word) => words.has(word)).length / question.size
}

/** Less than this says nothing about the question. */
const least = 0.3
/** What the customer's own language is worth. */
const ownLanguage = 0.2
/** Nobody asks longer questions; in characters. */
const longestQuestion = 2_000

const baseOf = (locale: string): string => locale.toLowerCase().split(/[-_]/)[0] ?? ""

const bonusOf = (article: Article, locale: string | null): number => {
  if (locale === null || baseOf(article.locale) !== baseOf(locale)) return 0
  return article.locale.toLowerCase() === locale.toLowerCase() ? ownLanguage + 0.01 : ownLanguage
}

/** The paragraph that fits best, and the headings above it. */
const passageOf = (article: Article, question: ReadonlySet<string>) => {
  const headings: Array<string> = []
  let best = { headings: [] as ReadonlyArray<string>, passage: article.title, share: -1 }
  for (const block of article.body.split(/\n\s*\n/)) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(block.trim())
    if (heading !== null) {
      headings.splice((heading[1]?.length ?? 1) - 1)
      headings.push(heading[2] ?? "")
      continue
    }
    const share = overlap(question, block)
    if (block.trim() !== "" && share > best.share) {
      best = { headings: [...headings], passage: block.trim(), share }
    }
  }
  return best
}

const toHit = <S extends Surface>(
  article: Article,
  question: ReadonlySet<string>,
  surface: S,
  score: number,
): Hit<S> => {
  const { headings, passage } = passageOf(article, question)
  const { articleId, locale, title, url } = article
  return { surface, articleId, locale, title, url, headings, passage, score }
}

type SearchInput<S extends Surface> = Parameters<Knowledge["Service"]["search"]>[0] & { readonly surface: S }

const searchShelf = <S extends Surface>(shelf: Shelf, query: SearchInput<S>): ReadonlyArray<Hit<S>> => {
  const question = wordsOf(query.text.slice(0, longestQuestion))
  const ranked = [...shelf.articles.values()]
    .filter((article) => query.surface === "agent" || article.visibility === "public")
    .map((article) => ({ article, share: overlap(question, `${article.title}\n${article.body}`) }))
    .filter(({ share }) => share >= least)
    .map(({ article, share }) => ({ article, score: share + bonusOf(article, query.locale) }))
    .sort((a, b) => b.score - a.score || (a.article.key < b.article.key ? -1 : 1))
  const seen = new Set<string>()
  const best = ranked.filter(({ article }) => {
    const id = `${article.sourceId.length}:${article.sourceId}${article.articleId}`
    const fresh = !seen.has(id)
    seen.add(id)
    return fresh
  })
  return best
    .slice(0, query.limit)
    .map(({ article, score }) => toHit(article, question, query.surface, score))
}

const unavailable = (error: StoreError) =>
  new KnowledgeError({
    operation: "Knowledge.refresh",
    reason: new Unavailable({ detail: error.message, retryAfterMs: null }),
  })

const makeKnowledge = (store: ArticleStore["Service"]): Knowledge["Service"] => {
  const shelves = new Map<OrgId, Shelf>()
  const refresh = Effect.fn("Knowledge.refresh")(function* (orgId: OrgId) {
    const shelf = shelves.get(orgId) ?? { revision: 0, articles: new Map<string, Article>() }
    const changes = yield* store.changesSince(orgId, shelf.revision).pipe(Effect.mapError(unavailable))
    const placeOf = (sourceId: string, key: string) => `${sourceId.length}:${sourceId}${key}`
    for (const { sourceId, key } of changes.removed) shelf.articles.delete(placeOf(sourceId, key))
    for (const article of changes.changed) {
      shelf.articles.set(placeOf(article.sourceId, article.key), article)
    }
    shelf.revision = changes.revision
    shelves.set(orgId, shelf)
    return shelf
  })
  return {
    search: (query) =>
      Effect.suspend(() => {
        const shelf = shelves.get(query.orgId)
        return shelf === undefined ? refresh(query.orgId) : Effect.succeed(shelf)
      }).pipe(
        Effect.map((shelf) => searchShelf(shelf, query)),
        Effect.withSpan("Knowledge.search"),
      ),
    refresh: (orgId) => Effect.asVoid(refresh(orgId)),
  }
}

/** Search over the articles of the `ArticleStore`, loaded at an organization's first search and on `refresh`. */
export const knowledgeMemory: Layer.Layer<Knowledge, never, ArticleStore> = Layer.effect(
  Knowledge,
  Effect.map(ArticleStore, makeKnowledge),
)
