/**
 * The index of one organization. Public and internal articles live in separate structures; a customer search is handed
 * the public one only, so there is no filter that could be forgotten.
 */
import type { Article, Surface, Visibility } from "@opencx/core"
import { baseLanguage } from "../text/analyze.ts"
import { hitOf, type RankedHit } from "./hit.ts"
import { Partition } from "./Partition.ts"
import { type Ranked, rank } from "./rank.ts"

export interface IndexQuery<S extends Surface> {
  /** What is asked. */
  readonly text: string
  /** What is told around the question: helps to find, hardly needs to be in an article. */
  readonly story?: string
  /** Earlier text of the conversation: helps, but counts less. */
  readonly context: string
  /** What was talked about before, newest line first: decides among what the question finds, and finds nothing itself. */
  readonly talk?: ReadonlyArray<string>
  readonly surface: S
  /** Preferred locale (BCP-47), or null. */
  readonly locale: string | null
  readonly limit: number
}

/** Articles of one visibility, by language. */
class Shelf {
  readonly byLanguage = new Map<string, Partition>()

  put(key: string, article: Article): void {
    const language = baseLanguage(article.locale)
    let partition = this.byLanguage.get(language)
    if (partition === undefined) {
      partition = new Partition(language)
      this.byLanguage.set(language, partition)
    }
    for (const other of this.byLanguage.values()) if (other !== partition) other.remove(key)
    partition.put(key, article)
  }

  remove(key: string): void {
    for (const [language, partition] of this.byLanguage) {
      if (partition.remove(key) && partition.documents.size === 0) this.byLanguage.delete(language)
    }
  }
}

/** An article in the customer's own language beats a slightly better one in another. */
const preference = 1.3

/** More says nothing more, but costs time. In characters. */
const longestQuery = 4000

interface Candidate {
  readonly ranked: Ranked
  readonly strength: number
}

const visibilities: ReadonlyArray<Visibility> = ["public", "internal"]

const sameLocale = (a: string, b: string): boolean =>
  a.toLowerCase().replaceAll("_", "-") === b.toLowerCase().replaceAll("_", "-")

export class OrgIndex {
  private readonly shelves: Readonly<Record<Visibility, Shelf>> = {
    public: new Shelf(),
    internal: new Shelf(),
  }

  /** Adds or replaces. A changed visibility moves the article; nothing of it stays behind. */
  put(article: Article): void {
    const key = keyOf(article.sourceId, article.key)
    this.shelves[article.visibility === "public" ? "internal" : "public"].remove(key)
    this.shelves[article.visibility].put(key, article)
  }

  remove(sourceId: string, key: string): void {
    this.shelves.public.remove(keyOf(sourceId, key))
    this.shelves.internal.remove(keyOf(sourceId, key))
  }

  /** How many articles (language versions) there are. */
  get size(): number {
    let count = 0
    for (const shelf of Object.values(this.shelves)) {
      for (const partition of shelf.byLanguage.values()) count += partition.documents.size
    }
    return count
  }

  /** Everything there is, by visibility and language; what `restore` takes. */
  get partitions(): ReadonlyArray<{ readonly visibility: Visibility; readonly partition: Partition }> {
    return visibilities.flatMap((visibility) =>
      [...this.shelves[visibility].byLanguage.values()].map((partition) => ({ visibility, partition })),
    )
  }

  /** All articles, in no order. */
  *articles(): Iterable<Article> {
    for (const { partition } of this.partitions) {
      for (const { article } of partition.documents.values()) yield article
    }
  }

  /** Puts a whole partition in place. */
  restore(visibility: Visibility, partition: Partition): void {
    this.shelves[visibility].byLanguage.set(partition.language, partition)
  }

  /** Languages of the public articles, most articles first. */
  get languages(): ReadonlyArray<string> {
    return [...this.shelves.public.byLanguage]
      .sort(([a, one], [b, other]) => other.documents.size - one.documents.size || (a < b ? -1 : 1))
      .map(([language]) => language)
  }

  /** Best passage of each article, best first, one language version of each article. */
  search<S extends Surface>(query: IndexQuery<S>): ReadonlyArray<RankedHit<S>> {
    const shelves =
      query.surface === "agent" ? [this.shelves.public, this.shelves.internal] : [this.shelves.public]
    const wanted = query.locale === null ? null : baseLanguage(query.locale)
    const text = query.text.slice(0, longestQuery)
    const story = (query.story ?? "").slice(0, longestQuery)
    const context = query.context.slice(0, longestQuery)
    const asked = {
      text,
      story,
      context,
      talk: query.talk ?? [],
      written: wanted ?? "en",
      limit: query.limit * 2 + 4,
    }
    const candidates: Array<Candidate> = []
    for (const shelf of shelves) {
      for (const partition of shelf.byLanguage.values()) {
        const factor = partition.language === wanted ? preference : 1
        for (const ranked of rank(partition, asked)) {
          candidates.push({
            ranked,
            strength: ranked.score * factor * (1 + localeBonus(ranked, query.locale)),
          })
        }
      }
    }
    candidates.sort(
      (a, b) => b.strength - a.strength || (a.ranked.indexed.key < b.ranked.indexed.key ? -1 : 1),
    )
    return onePerArticle(candidates, query.limit).map((candidate) => toHit(candidate, query.surface))
  }
}

/** Among `pt` and `pt-br`, the exact locale wins when both say the same. */
const localeBonus = (ranked: Ranked, locale: string | null): number =>
  locale !== null && sameLocale(ranked.indexed.article.locale, locale) ? 0.01 : 0

const keyOf = (sourceId: string, key: string): string => `${sourceId}\u0000${key}`

const onePerArticle = (candidates: ReadonlyArray<Candidate>, limit: number): ReadonlyArray<Candidate> => {
  const seen = new Set<string>()
  const out: Array<Candidate> = []
  for (const candidate of candidates) {
    const { sourceId, articleId } = candidate.ranked.indexed.article
    const id = keyOf(sourceId, articleId)
    if (seen.has(id)) continue
    seen.add(id)
    out.push(candidate)
    if (out.length >= limit) break
  }
  return out
}

const toHit = <S extends Surface>({ ranked, strength }: Candidate, surface: S): RankedHit<S> => {
  const { also, chunk, evidence, indexed } = ranked
  const shown = [chunk, ...(also === null ? [] : [also])].sort((a, b) => a - b)
  return hitOf(indexed, { chunk, shown }, surface, Math.round(strength * 1e6) / 1e6, evidence)
}
