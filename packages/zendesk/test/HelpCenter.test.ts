import { ArticleStore, type SyncReport } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { type HelpCenterSource, makeHelpCenterSync } from "../src/index.ts"
import { article, type FakeHelpCenter, helpCenter, memoryStore, org } from "./fake/articles.ts"
import { overHttp } from "./fake/http.ts"
import { scripted } from "./fake/ScriptedServer.ts"
import { anonymousTo, connectionTo } from "./fake/zendesk.ts"

const start = (world: Partial<FakeHelpCenter>, source: HelpCenterSource = { id: "hc" }, anonymous = false) =>
  Effect.gen(function* () {
    const center: FakeHelpCenter = { locales: ["en-us"], articles: [], unlisted: [], fail: null, ...world }
    const server = yield* scripted(helpCenter(center))
    const store = yield* memoryStore
    const connection = anonymous ? anonymousTo(server.url) : connectionTo(server.url)
    const sync = (over: HelpCenterSource = source) =>
      makeHelpCenterSync({ connection, source: over, orgId: org, limits: { timeoutMs: 600_000 } }).pipe(
        Effect.flatMap((one) => one.full),
        Effect.provideService(ArticleStore, store.service),
      )
    return { center, server, store, sync }
  })

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => article(from + i))

describe("help center sync", () => {
  it.live("stores Markdown with its place, and keeps to the number of calls", () =>
    Effect.gen(function* () {
      const { server, store, sync } = yield* start({ articles: range(1, 250) })
      const report: SyncReport = yield* sync()
      assert.deepInclude(report, {
        sourceId: "hc",
        seen: 250,
        changed: 250,
        removed: 0,
        internal: 0,
        skippedDrafts: 0,
        errors: [],
      })
      assert.strictEqual(report.calls, 1 + 1 + 2 + 3)
      assert.strictEqual(server.seen.length, report.calls)
      assert.deepInclude((yield* store.look).get("7:en-us"), {
        articleId: "7",
        title: "Article 7",
        path: ["Help", "Money", "Refunds"],
        body: "## Steps\n\nDo 7.",
        url: "https://acme.zendesk.com/hc/en-us/articles/7-x",
        visibility: "public",
        labels: ["billing"],
      })
    }).pipe(overHttp),
  )

  it.live("a second run writes only what changed; votes change nothing", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 30) })
      yield* sync()
      store.writes.count = 0
      assert.strictEqual((yield* sync()).changed, 0)
      assert.strictEqual(store.writes.count, 0)
      center.articles = center.articles.map((one) => ({
        ...one,
        updated_at: "2026-11-20T00:00:00Z",
        vote_sum: 5,
      }))
      assert.strictEqual((yield* sync()).changed, 0)
      center.articles[3] = article(4, { body: "<p>New</p>" })
      center.articles[4] = article(5, { title: "Renamed" })
      center.articles[5] = article(6, { user_segment_id: 9 })
      center.articles[6] = article(7, { label_names: ["other"] })
      const report = yield* sync()
      assert.strictEqual(report.changed, 4)
      assert.strictEqual(store.writes.count, 4)
    }).pipe(overHttp),
  )

  it.live("public only when it is certain; drafts never", () =>
    Effect.gen(function* () {
      const { user_segment_id: _, ...noSegment } = article(4)
      const { draft: __, ...noDraft } = article(5)
      const { user_segment_ids: ___, ...noSegments } = article(6)
      const { store, sync } = yield* start({
        articles: [
          article(1),
          article(2, { user_segment_id: 360 }),
          article(3, { user_segment_ids: [7] }),
          noSegment,
          noDraft,
          noSegments,
          article(7, { draft: true }),
          article(8, { draft: "false" }),
          article(9, { user_segment_id: 0 }),
          article(10, { user_segment_ids: "none" }),
        ],
      })
      const report = yield* sync()
      const visible = [...(yield* store.look).values()]
        .filter((one) => one.visibility === "public")
        .map((one) => one.articleId)
      assert.deepStrictEqual(visible, ["1", "6"])
      assert.isFalse((yield* store.look).has("7:en-us"))
      assert.deepInclude(report, { seen: 9, internal: 7, skippedDrafts: 1 })
    }).pipe(overHttp),
  )

  it.live("back to draft: gone at once; back to staff only: internal at once", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 3) })
      yield* sync()
      center.articles = [article(1, { draft: true }), article(2, { user_segment_id: 1 }), article(3)]
      const report = yield* sync()
      assert.deepInclude(report, { removed: 1, changed: 1 })
      assert.isFalse((yield* store.look).has("1:en-us"))
      assert.strictEqual((yield* store.look).get("2:en-us")?.visibility, "internal")
    }).pipe(overHttp),
  )

  it.live("vanished articles are asked for before they are removed", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 20) })
      yield* sync()
      center.unlisted = [article(1), article(2, { draft: true }), article(3, { user_segment_id: 5 })]
      center.articles = range(5, 20)
      const report = yield* sync()
      assert.deepInclude(report, { removed: 2, changed: 1, errors: [] })
      assert.isTrue((yield* store.look).has("1:en-us"), "there, only not listed")
      assert.isFalse((yield* store.look).has("2:en-us"), "a draft now")
      assert.strictEqual((yield* store.look).get("3:en-us")?.visibility, "internal")
      assert.isFalse((yield* store.look).has("4:en-us"), "gone")
    }).pipe(overHttp),
  )

  it.live("an article that may no longer be seen is removed; one that cannot be confirmed stays", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 20) })
      yield* sync()
      center.articles = range(3, 20)
      center.fail = (seen) =>
        seen.path.endsWith("/articles/1.json")
          ? { status: 403, json: { error: { title: "Forbidden", message: "no" } } }
          : seen.path.endsWith("/articles/2.json")
            ? { status: 500, text: "<html>" }
            : null
      const report = yield* sync()
      assert.isFalse((yield* store.look).has("1:en-us"))
      assert.isTrue((yield* store.look).has("2:en-us"))
      assert.strictEqual(report.errors[0]?.articleId, "2")
    }).pipe(overHttp),
  )

  it.live("nothing is removed when too many are missing", () =>
    Effect.gen(function* () {
      const { center, server, store, sync } = yield* start({ articles: range(1, 50) })
      yield* sync()
      center.articles = range(1, 30)
      const before = server.seen.length
      const report = yield* sync()
      assert.strictEqual(report.removed, 0)
      assert.strictEqual((yield* store.look).size, 50)
      assert.include(report.errors[0]?.detail ?? "", "too many")
      assert.strictEqual(server.seen.length - before, 5)
    }).pipe(overHttp),
  )

  it.live("a listing that breaks off removes nothing, and the next run goes on at its cursor", () =>
    Effect.gen(function* () {
      const { center, server, store, sync } = yield* start({ articles: range(1, 350) })
      yield* sync()
      const cut = center.articles
      center.articles = cut.slice(5)
      center.fail = (seen) =>
        seen.query.get("page[after]") === "200" ? { status: 500, text: "<html>" } : null
      const failure = yield* Effect.flip(sync())
      assert.isTrue(failure._tag === "KnowledgeError" && failure.reason._tag === "Unavailable")
      assert.strictEqual((yield* store.look).size, 350)
      center.fail = null
      const before = server.seen.length
      const resumed = yield* sync()
      const asked = server.seen
        .slice(before)
        .filter((one) => one.path.endsWith("/articles.json") && !one.query.has("per_page"))
      assert.deepStrictEqual(
        asked.map((one) => one.query.get("page[after]")),
        ["200", "300"],
      )
      assert.deepInclude(resumed, { resumed: true, seen: 345, removed: 5, changed: 0 })
    }).pipe(overHttp),
  )

  it.live("a run that goes on knows what it saw before, and takes none of it for vanished", () =>
    Effect.gen(function* () {
      const { center, server, store, sync } = yield* start({
        locales: ["en-us", "ar"],
        articles: [...range(1, 5), article(1, { locale: "ar" })],
      })
      yield* sync()
      center.fail = (seen) =>
        seen.path.endsWith("/ar/articles.json") && seen.query.has("page[size]")
          ? { status: 500, text: "<html>" }
          : null
      yield* Effect.flip(sync())
      center.fail = null
      const before = server.seen.length
      const report = yield* sync()
      assert.deepInclude(report, { seen: 6, removed: 0, resumed: true })
      assert.strictEqual(server.seen.length - before, 1 + 2 + 1)
      assert.strictEqual((yield* store.look).size, 6)
    }).pipe(overHttp),
  )

  it.live(
    "a cursor that Zendesk no longer takes starts the locale over; a broken state starts all over",
    () =>
      Effect.gen(function* () {
        const { center, store, sync } = yield* start({ articles: range(1, 350) })
        center.fail = (seen) =>
          seen.query.get("page[after]") === "200" ? { status: 500, text: "<html>" } : null
        yield* Effect.flip(sync())
        center.fail = (seen) =>
          seen.query.get("page[after]") === "200" ? { status: 400, json: { error: "InvalidCursor" } } : null
        yield* Effect.flip(sync())
        assert.strictEqual((yield* store.look).size, 200)
        let refusals = 1
        center.fail = (seen) =>
          seen.query.get("page[after]") === "200" && refusals-- > 0
            ? { status: 400, json: { error: "InvalidCursor" } }
            : null
        assert.deepInclude(yield* sync(), { resumed: true, removed: 0 })
        assert.strictEqual((yield* store.look).size, 350)
        yield* store.service.setState(org, "hc", "not json")
        assert.deepInclude(yield* sync(), { resumed: false, seen: 350, changed: 0 })
      }).pipe(overHttp),
  )

  it.live("one article that cannot be read is recorded, its siblings are stored, it is not removed", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 5) })
      yield* sync()
      center.articles[1] = article(2, { title: 5 })
      center.articles[2] = article(3, { body: "<p>changed</p>" })
      const report = yield* sync()
      assert.deepInclude(report, { seen: 4, changed: 1, removed: 0 })
      assert.strictEqual(report.errors[0]?.articleId, "2")
      assert.strictEqual((yield* store.look).size, 5)
    }).pipe(overHttp),
  )

  it.live("every locale is an entry; a filter leaves the others out and takes them away", () =>
    Effect.gen(function* () {
      const { store, sync } = yield* start({
        locales: ["en-us", "ar", "de"],
        articles: [
          ...range(1, 3),
          article(1, { locale: "ar", title: "استرداد", body: "<p>كيف أسترد أموالي؟</p>" }),
          article(2, { locale: "de" }),
        ],
      })
      const all = yield* sync()
      assert.deepStrictEqual([...(yield* store.look).keys()].toSorted(), [
        "1:ar",
        "1:en-us",
        "2:de",
        "2:en-us",
        "3:en-us",
      ])
      assert.strictEqual(all.calls, 1 + 3 * (1 + 2 + 1))
      assert.strictEqual((yield* store.look).get("1:ar")?.body, "كيف أسترد أموالي؟")
      const filtered = yield* sync({ id: "hc", locales: ["en-US", "ar"] })
      assert.strictEqual(filtered.removed, 1)
      assert.isFalse((yield* store.look).has("2:de"))
    }).pipe(overHttp),
  )

  it.live("a locale that the Help Center does not have is recorded, the others are read", () =>
    Effect.gen(function* () {
      const { sync } = yield* start(
        {
          articles: range(1, 3),
          fail: (seen) =>
            seen.path.includes("/xx/") ? { status: 404, json: { error: "RecordNotFound" } } : null,
        },
        { id: "hc", locales: ["xx", "en-us"] },
      )
      const report = yield* sync()
      assert.strictEqual(report.seen, 3)
      assert.isTrue(report.errors.some((one) => one.detail.includes("no locale xx")))
    }).pipe(overHttp),
  )

  it.live("a public Help Center needs no credentials", () =>
    Effect.gen(function* () {
      const { server, sync } = yield* start({ articles: range(1, 3) }, { id: "hc" }, true)
      assert.strictEqual((yield* sync()).seen, 3)
      assert.isTrue(server.seen.every((one) => one.headers.authorization === undefined))
    }).pipe(overHttp),
  )

  it.live("without a list of locales the plain listing is read; without sections there is no path", () =>
    Effect.gen(function* () {
      const { server, store, sync } = yield* start({
        articles: [article(1), article(1, { locale: "ar" })],
        fail: (seen) =>
          seen.path.endsWith("locales.json")
            ? { status: 404, json: { error: "InvalidEndpoint" } }
            : /(sections|categories)\.json$/.test(seen.path)
              ? { status: 403, json: { error: { title: "Forbidden", message: "no" } } }
              : null,
      })
      const report = yield* sync()
      assert.deepStrictEqual([...(yield* store.look).keys()].toSorted(), ["1:ar", "1:en-us"])
      assert.deepStrictEqual((yield* store.look).get("1:ar")?.path, [])
      assert.strictEqual(report.errors[0]?.articleId, "*")
      assert.isTrue(server.seen.some((one) => one.path === "/api/v2/help_center/articles.json"))
    }).pipe(overHttp),
  )

  it.effect("waits out a 429 and goes on", () =>
    Effect.gen(function* () {
      let limited = 1
      const { server, sync } = yield* start({
        articles: range(1, 3),
        fail: () => {
          if (limited-- <= 0) return null
          return {
            status: 429,
            headers: { "retry-after": "40" },
            text: "Number of allowed API requests per minute exceeded",
          }
        },
      })
      const fiber = yield* Effect.forkChild(sync())
      // Real sockets under a test clock: let time pass until the run is through.
      while (fiber.pollUnsafe() === undefined) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        if (server.seen.length === 1) yield* TestClock.adjust("41 seconds")
      }
      assert.strictEqual((yield* Fiber.join(fiber)).seen, 3)
    }).pipe(overHttp),
  )

  it.live("bad credentials fail the run and remove nothing", () =>
    Effect.gen(function* () {
      const { center, store, sync } = yield* start({ articles: range(1, 3) })
      yield* sync()
      center.fail = () => ({ status: 401, json: { error: "Couldn't authenticate you" } })
      const failure = yield* Effect.flip(sync())
      assert.isTrue(failure._tag === "KnowledgeError" && failure.reason._tag === "CredentialsRejected")
      assert.strictEqual((yield* store.look).size, 3)
    }).pipe(overHttp),
  )
})
