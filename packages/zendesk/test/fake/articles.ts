/** An article store in memory, and a Help Center that serves what a test puts in. */
import { type Article, ArticleStore, OrgId } from "@opencx/core"
import { Effect } from "effect"
import { type Reply, routes, type Script, type Seen } from "./ScriptedServer.ts"

export const org = OrgId.make("acme")

export interface MemoryStore {
  readonly service: ArticleStore["Service"]
  readonly articles: Map<string, Article>
  readonly state: { value: string | null }
  readonly writes: { count: number }
}

export const memoryStore = (): MemoryStore => {
  const articles = new Map<string, Article>()
  const state: { value: string | null } = { value: null }
  const writes = { count: 0 }
  const service = ArticleStore.of({
    upsert: (_, list) =>
      Effect.sync(() => {
        for (const one of list) articles.set(one.key, one)
        writes.count += list.length
        return list.length
      }),
    remove: (_, __, keys) => Effect.sync(() => keys.filter((key) => articles.delete(key)).length),
    hashes: () => Effect.sync(() => new Map([...articles].map(([key, one]) => [key, one.hash]))),
    changesSince: () => Effect.succeed({ revision: 0, changed: [], removed: [] }),
    getState: () => Effect.sync(() => state.value),
    setState: (_, __, value) =>
      Effect.sync(() => {
        state.value = value
      }),
  })
  return { service, articles, state, writes }
}

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
    const { items, meta } = page(
      world.articles.filter(inLocale),
      Number(seen.query.get("page[size]")),
      seen.query.get("page[after]"),
    )
    return { json: { articles: items, meta } }
  }
}
