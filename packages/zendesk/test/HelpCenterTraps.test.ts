/** What the incremental listing is known to do, answer by answer, and what must be right if it does otherwise. */
import { assert, describe, it } from "@effect/vitest"
import { ArticleStore } from "@opencx/core"
import { Effect } from "effect"
import { makeHelpCenterSync } from "../src/index.ts"
import { article, type FakeHelpCenter, helpCenter, memoryStore, org } from "./fake/articles.ts"
import { overHttp } from "./fake/http.ts"
import { type Reply, scripted, type Seen } from "./fake/ScriptedServer.ts"
import { connectionTo } from "./fake/zendesk.ts"

const second = (iso: string) => Date.parse(iso) / 1_000

const range = (from: number, to: number, more: object = {}) =>
  Array.from({ length: to - from + 1 }, (_, i) => article(from + i, more))

const start = (world: Partial<FakeHelpCenter>, locales = ["en-us"]) =>
  Effect.gen(function* () {
    const center: FakeHelpCenter = { locales, articles: [], unlisted: [], fail: null, ...world }
    const server = yield* scripted(helpCenter(center))
    const store = yield* memoryStore
    const sync = yield* makeHelpCenterSync({
      connection: connectionTo(server.url),
      source: { id: "hc" },
      orgId: org,
      limits: { breakerOpenMs: 100 },
    }).pipe(Effect.provideService(ArticleStore, store.service))
    return { center, server, store, sync }
  })

const changesAsked = (seen: ReadonlyArray<Seen>) =>
  seen
    .filter((one) => one.path.endsWith("/incremental/articles.json"))
    .map((one) => Number(one.query.get("start_time")))

const isChanges = (seen: Seen) => seen.path.endsWith("/incremental/articles.json")

describe("the incremental listing", () => {
  it.live("an empty page says `end_time: 1`, which is never kept", () =>
    Effect.gen(function* () {
      const { center, server, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      center.fail = (seen) =>
        isChanges(seen) ? { json: { articles: [], count: 0, next_page: null, end_time: 1 } } : null
      yield* sync.incremental
      yield* sync.incremental
      const newest = second("2026-11-01T00:00:00Z")
      assert.deepStrictEqual(changesAsked(server.seen), [newest, newest])
    }).pipe(overHttp),
  )

  it.live("pages are followed by their end, and a next page that is this page ends it", () =>
    Effect.gen(function* () {
      const { center, server, store, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      const changed = [1, 2, 3].map((n) =>
        article(n, { title: `New ${n}`, updated_at: `2026-11-02T00:00:0${n}Z` }),
      )
      center.articles = [...changed, ...center.articles.slice(3)]
      center.fail = (seen) => {
        if (!isChanges(seen)) return null
        const from = Number(seen.query.get("start_time"))
        const page = changed.filter((one) => second(String(one["updated_at"])) >= from).slice(0, 2)
        const end = second(String(page.at(-1)?.["updated_at"]))
        const next = `http://elsewhere.example/incremental/articles.json?start_time=${end}`
        return { json: { articles: page, count: page.length, next_page: next, end_time: end } }
      }
      assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 3 })
      const at = (n: number) => second(`2026-11-02T00:00:0${n}Z`)
      assert.deepStrictEqual(changesAsked(server.seen), [second("2026-11-01T00:00:00Z"), at(2), at(3)])
      assert.strictEqual((yield* store.look).get("3:en-us")?.title, "New 3")
      yield* sync.incremental
      assert.strictEqual(changesAsked(server.seen).at(-1), at(3), "the next run begins where this one ended")
    }).pipe(overHttp),
  )

  it.live("a second that holds more than a page can is read by a full run, whole", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      center.articles = range(1, 250, { title: "Imported", updated_at: "2026-11-02T00:00:00Z" })
      const stuck = second("2026-11-02T00:00:00Z")
      center.fail = (seen) =>
        isChanges(seen)
          ? { json: { articles: center.articles.slice(0, 100), next_page: "…", end_time: stuck } }
          : null
      const report = yield* sync.incremental
      assert.deepInclude(report, { kind: "full", changed: 250 })
      assert.strictEqual((yield* store.look).size, 250)
    }).pipe(overHttp),
  )

  const refusals: ReadonlyArray<readonly [string, Reply]> = [
    ["not allowed", { status: 403, json: { error: { title: "Forbidden", message: "no" } } }],
    ["not there", { status: 404, json: { error: "InvalidEndpoint" } }],
    ["always too recent", { status: 422, json: { error: "StartTimeTooRecent" } }],
  ]
  for (const [name, reply] of refusals) {
    it.live(`${name}: everything is read, and what vanished is found`, () =>
      Effect.gen(function* () {
        const { center, sync } = yield* start({ articles: range(1, 20) })
        yield* sync.incremental
        center.fail = (seen) => (isChanges(seen) ? reply : null)
        center.articles = [article(1, { title: "New" }), ...range(3, 20)]
        assert.deepInclude(yield* sync.incremental, { kind: "full", changed: 1, removed: 1 })
      }).pipe(overHttp),
    )
  }

  it.live("a start that is too recent for Zendesk's clock is asked for further back", () =>
    Effect.gen(function* () {
      const { center, server, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      const newest = second("2026-11-01T00:00:00Z")
      center.fail = (seen) =>
        isChanges(seen) && Number(seen.query.get("start_time")) > newest - 600
          ? { status: 422, json: { error: "StartTimeTooRecent" } }
          : null
      center.articles[4] = article(5, { title: "New", updated_at: "2026-11-02T00:00:00Z" })
      assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 1 })
      assert.deepStrictEqual(changesAsked(server.seen), [newest, newest - 60, newest - 600])
    }).pipe(overHttp),
  )
})

describe("failures in an incremental run", () => {
  const twoLocales = [...range(1, 20), ...range(1, 20, { locale: "de" })]
  const edited = (n: number) => ({ title: `New ${n}`, updated_at: "2026-11-02T00:00:00Z" })

  it.live("one article that cannot be read is told and read next time; the others are in", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: twoLocales }, ["en-us", "de"])
      yield* sync.incremental
      center.articles = center.articles.map((one) => (one.id <= 3 ? { ...one, ...edited(one.id) } : one))
      center.fail = (seen) =>
        seen.path.endsWith("/articles/2/translations.json")
          ? { status: 403, json: { error: { title: "Forbidden", message: "no" } } }
          : null
      const report = yield* sync.incremental
      assert.deepInclude(report, { kind: "incremental", changed: 4, failed: 1 })
      assert.deepStrictEqual(
        report.errors.map((error) => error.articleId),
        ["2"],
      )
      assert.strictEqual((yield* store.look).get("2:de")?.title, "Article 2", "the old one stands meanwhile")
      center.fail = null
      assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 2, failed: 0 })
      assert.strictEqual((yield* store.look).get("2:de")?.title, "New 2")
    }).pipe(overHttp),
  )

  it.live("an outage in the middle loses no change", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: twoLocales }, ["en-us", "de"])
      yield* sync.incremental
      center.articles = center.articles.map((one) => (one.id <= 6 ? { ...one, ...edited(one.id) } : one))
      let left = 2
      center.fail = (seen) =>
        seen.path.endsWith("/translations.json") && left-- <= 0
          ? { status: 503, headers: { "retry-after": "0" }, text: "down" }
          : null
      const error = yield* Effect.flip(sync.incremental)
      assert.isTrue(error.isRetryable)
      center.fail = null
      assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 8, failed: 0 })
      const titles = [...(yield* store.look).values()].filter((one) => one.title.startsWith("New"))
      assert.lengthOf(titles, 12)
    }).pipe(overHttp),
  )

  it.live("an article whose text cannot be read any more goes when it may be for agents only", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      const broken = { title: 5, updated_at: "2026-11-02T00:00:00Z" }
      center.articles[0] = article(1, broken)
      center.articles[1] = article(2, { ...broken, user_segment_id: 77 })
      center.articles[2] = article(3, { ...broken, draft: true })
      for (const run of [sync.incremental, sync.full]) {
        const report = yield* run
        assert.strictEqual(report.failed, 3)
        const articles = yield* store.look
        assert.isTrue(articles.has("1:en-us"), "still for everybody: the last good text stands")
        assert.isFalse(articles.has("2:en-us"))
        assert.isFalse(articles.has("3:en-us"))
      }
    }).pipe(overHttp),
  )

  it.live("a page that fails once does not end the run, and 429 waits as long as asked", () =>
    Effect.gen(function* () {
      const { center, server, sync } = yield* start({ articles: range(1, 250) })
      const failing = new Map<string, Reply>([
        ["100", { status: 502, text: "<html>" }],
        ["200", { status: 429, headers: { "retry-after": "1" }, text: "Number of allowed API requests" }],
      ])
      center.fail = (seen) => {
        const cursor = seen.query.get("page[after]") ?? ""
        const reply = failing.get(cursor) ?? null
        failing.delete(cursor)
        return reply
      }
      const began = performance.now()
      assert.deepInclude(yield* sync.full, { seen: 250, failed: 0, calls: 1 + 1 + 2 + 3 + 2 })
      assert.isAtLeast(performance.now() - began, 1_000)
      assert.lengthOf(
        server.seen.filter((one) => one.query.get("page[after]") === "200"),
        2,
      )
    }).pipe(overHttp),
  )

  it.live("numbers that never agree are no reason to read everything in every run", () =>
    Effect.gen(function* () {
      const { center, server, sync } = yield* start({ articles: range(1, 20) })
      yield* sync.incremental
      center.fail = (seen) =>
        seen.query.has("per_page") ? { json: { articles: [], count: 23, next_page: null } } : null
      assert.deepInclude(yield* sync.incremental, { changed: 0, removed: 0 })
      const before = server.seen.length
      yield* sync.incremental
      assert.isFalse(server.seen.slice(before).some((one) => one.query.has("page[size]")))
    }).pipe(overHttp),
  )
})
