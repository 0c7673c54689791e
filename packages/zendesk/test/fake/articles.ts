/** An article store in memory, and a Help Center that serves what a test puts in. */
import { type Article, ArticleStore, articlesMemory, OrgId } from "@opencx/core"
import { Context, Effect, Layer } from "effect"
import { type Reply, routes, type Script, type Seen } from "./ScriptedServer.ts"

export const org = OrgId.make("acme")

export interface MemoryStore {
  readonly service: ArticleStore["Service"]
  /** What is stored now, by key; read from the store by `look`. */
  readonly look: Effect.Effect<ReadonlyMap<string, Article>>
  /** Articles handed to the store, and the largest batch of anything that it was given or asked for. */
  readonly writes: { count: number; largest: number }
}

/** The memory store of the core, with its calls counted. One source per organization. */
export const memoryStore: Effect.Effect<MemoryStore> = Effect.gen(function* () {
  const inner = Context.get(yield* Effect.scoped(Layer.build(articlesMemory)), ArticleStore)
  const writes = { count: 0, largest: 0 }
  const sized = <A>(list: ReadonlyArray<A>): ReadonlyArray<A> => {
    writes.largest = Math.max(writes.largest, list.length)
    return list
  }
  const service = ArticleStore.of({
    ...inner,
    upsert: (orgId, list) => {
      writes.count += list.length
      return inner.upsert(orgId, sized(list))
    },
    listing: {
      ...inner.listing,
      items: (orgId, sourceId, keys) => inner.listing.items(orgId, sourceId, sized(keys)),
      see: (orgId, sourceId, run, items) => inner.listing.see(orgId, sourceId, run, sized(items)),
    },
  })
  const look = inner.changesSince(org, 0).pipe(
    Effect.orDie,
    Effect.map(({ changed }) => new Map(changed.map((article) => [article.key, article]))),
  )
  return { service, look, writes }
})

export interface FakeArticle {
  id: number
  locale: string
  [field: string]: unknown
}

export const article = (id: number, more: Partial<FakeArticle> = {}): FakeArticle => ({
  id,
  locale: "en-us",
  title: `Article ${id}`,
  body: `<h2>Steps</h2><p>Do ${id}.</p>`,
  draft: false,
  user_segment_id: null,
  user_segment_ids: [],
  section_id: 20,
  label_names: ["billing"],
  html_url: `https://acme.zendesk.com/hc/en-us/articles/${id}-x`,
  updated_at: "2026-11-01T00:00:00Z",
  ...more,
})

/** What the Help Center holds; change it between runs. `fail` answers instead for a path when it returns something. */
export interface FakeHelpCenter {
  locales: Array<string>
  articles: Array<FakeArticle>
  /** Listed nowhere but there by id. */
  unlisted: Array<FakeArticle>
  fail: ((seen: Seen) => Reply | null) | null
}

const page = <A>(items: ReadonlyArray<A>, size: number, cursor: string | null) => {
  const from = Number(cursor ?? 0)
  const more = from + size < items.length
  return {
    items: items.slice(from, from + size),
    meta: { has_more: more, after_cursor: more ? String(from + size) : null },
  }
}

export const helpCenter = (world: FakeHelpCenter): Script => {
  const base = routes({})
  return (seen) => {
    const own = world.fail?.(seen) ?? null
    if (own !== null) return own
    const ofArticle = /\/articles\/(\d+)\/translations\.json$/.exec(seen.path)?.[1]
    if (ofArticle !== undefined) {
      const translations = world.articles.filter((one) => String(one.id) === ofArticle)
      return translations.length === 0
        ? { status: 404, json: { error: "RecordNotFound" } }
        : { json: { translations, meta: { has_more: false } } }
    }
    if (seen.path.endsWith("/incremental/articles.json")) {
      const start = Number(seen.query.get("start_time")) * 1_000
      const at = (one: FakeArticle) => Date.parse(String(one["updated_at"]))
      const changed = world.articles
        .filter((one) => at(one) >= start && one.locale === world.locales[0])
        .toSorted((x, y) => at(x) - at(y))
      const last = changed.at(-1)
      const end_time = last === undefined ? 1 : Math.floor(at(last) / 1_000)
      return { json: { articles: changed, count: changed.length, next_page: null, end_time } }
    }
    const found =
      /^\/api\/v2\/help_center(?:\/([a-z-]+))?\/(locales|articles|sections|categories)(?:\/(\d+))?\.json$/.exec(
        seen.path,
      )
    if (found === null) return base(seen)
    const [, locale, kind, id] = found
    const inLocale = (one: FakeArticle) => locale === undefined || one.locale.toLowerCase() === locale
    if (kind === "locales") return { json: { locales: world.locales, default_locale: "en-us" } }
    if (kind === "sections") {
      return {
        json: {
          sections: [
            { id: 20, name: "Refunds", category_id: 10, parent_section_id: 21 },
            { id: 21, name: "Money", category_id: 10, parent_section_id: null },
          ],
          meta: { has_more: false },
        },
      }
    }
    if (kind === "categories")
      return { json: { categories: [{ id: 10, name: "Help" }], meta: { has_more: false } } }
    if (id !== undefined) {
      const one = [...world.articles, ...world.unlisted].find((a) => String(a.id) === id && inLocale(a))
      return one === undefined
        ? { status: 404, json: { error: "RecordNotFound" } }
        : { json: { article: one } }
    }
    const listed = world.articles.filter(inLocale)
    if (seen.query.has("per_page")) {
      const newest = listed.toSorted((x, y) => (String(x["updated_at"]) < String(y["updated_at"]) ? 1 : -1))
      return { json: { articles: newest.slice(0, 1), count: listed.length, next_page: null } }
    }
    const { items, meta } = page(listed, Number(seen.query.get("page[size]")), seen.query.get("page[after]"))
    return { json: { articles: items, meta } }
  }
}
