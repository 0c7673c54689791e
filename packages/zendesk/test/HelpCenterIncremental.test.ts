/** Incremental runs over the emulator's Help Center: what each kind of change costs and leaves. */
import { assert, describe, it } from "@effect/vitest"
import { make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Fiber } from "effect"
import { assertStored, author, callsOf, seeded, synced, translate } from "./fake/syncedCenter.ts"
import { overHttp } from "./fake/http.ts"

const locales = ["en-us", "de"]

/** The list of locales, the changes, and per locale one count for us and one for everybody. */
const idle = 1 + 1 + 2 * locales.length

const hour = 3_600_000

/** 250 articles in two languages, read once; an hour later. */
const twoLanguages = (change?: Parameters<typeof seeded>[2]) =>
  Effect.gen(function* () {
    const world = yield* synced({ locales, articles: seeded(250, ["de"], change) })
    yield* world.sync.incremental
    world.emulator.advanceClock(hour)
    return world
  })

describe("an incremental run", () => {
  it.live("of an unchanged Help Center asks for its numbers and writes nothing", () =>
    Effect.gen(function* () {
      const { emulator, store, sync } = yield* twoLanguages()
      store.writes.count = 0
      const { calls, result } = yield* callsOf(emulator, sync.incremental)
      assert.deepInclude(result, { kind: "incremental", seen: 0, changed: 0, removed: 0, calls: idle })
      assert.lengthOf(calls, idle)
      assert.strictEqual(store.writes.count, 0)
    }).pipe(overHttp),
  )

  it.live("reads only the changed articles, in every language, and what is repeated only once", () =>
    Effect.gen(function* () {
      const { client, emulator, store, sync } = yield* twoLanguages()
      yield* author(emulator, 1_000, { title: "New title" })
      yield* translate(client, 1_001, "de", { title: "Neuer Titel", body: "<p>Neu</p>" })
      const { result } = yield* callsOf(emulator, sync.incremental)
      // Two articles, and the sections and categories of both locales.
      assert.deepInclude(result, { changed: 2, removed: 0, calls: idle + 2 + 4 })
      const articles = yield* store.look
      assertStored(articles, "1000:en-us", { title: "New title", path: ["Help", "Orders"] })
      assertStored(articles, "1001:de", { title: "Neuer Titel", body: "Neu" })
      assertStored(articles, "1001:en-us", { title: "Article 1" })
      // Both changed in the last second that was read, and come again.
      assert.deepInclude(yield* sync.incremental, { changed: 0, calls: idle })
    }).pipe(overHttp),
  )

  it.live("takes in new articles, languages that came and went, labels, tags and audiences", () =>
    Effect.gen(function* () {
      const { client, emulator, store, sync } = yield* twoLanguages()
      const id = yield* author(emulator, null, { title: "Brand new", body: "<p>x</p>", section: "Orders" })
      yield* client.request({
        method: "POST",
        path: `/api/v2/help_center/articles/${id}/translations.json`,
        json: JSON.stringify({ translation: { locale: "de", title: "Ganz neu", body: "<p>y</p>" } }),
      })
      yield* author(emulator, 1_002, { label_names: ["vip"], content_tag_ids: ["01GT"] })
      yield* author(emulator, 1_003, { segment: "Signed-in users" })
      yield* translate(client, 1_004, "de", { draft: true })
      assert.deepInclude(yield* sync.incremental, { changed: 6, removed: 1, skippedDrafts: 1 })
      const articles = yield* store.look
      assertStored(articles, `${id}:de`, { title: "Ganz neu", visibility: "public" })
      assertStored(articles, "1002:de", { labels: ["vip"], contentTags: ["01GT"] })
      assertStored(articles, "1003:en-us", { visibility: "internal" })
      assertStored(articles, "1003:de", { visibility: "internal" })
      assert.lengthOf(articles.get("1003:de")?.segments ?? [], 1)
      assert.isFalse(articles.has("1004:de"), "a draft in German")
      assertStored(articles, "1004:en-us", { visibility: "public" })
      yield* translate(client, 1_004, "de", { draft: false })
      assert.deepInclude(yield* sync.incremental, { changed: 1 })
      assert.isTrue((yield* store.look).has("1004:de"))
    }).pipe(overHttp),
  )

  it.live("notices archived articles, which no listing tells, and asks for each before it goes", () =>
    Effect.gen(function* () {
      const { emulator, store, sync } = yield* twoLanguages()
      yield* author(emulator, 1_005, { action: "archive" })
      const { calls, result } = yield* callsOf(emulator, sync.incremental)
      assert.deepInclude(result, { changed: 0, removed: 2, heldBack: 0 })
      assert.lengthOf(
        calls.filter((call) => /articles\/1005/.test(call.path)),
        2,
      )
      // Both locales were read anew: three pages each, with their sections and categories.
      assert.strictEqual(result.calls, idle + 2 * (3 + 2) + 2)
      assert.isFalse((yield* store.look).has("1005:en-us"))
      yield* author(emulator, 1_005, { action: "restore" })
      assert.deepInclude(yield* sync.incremental, { changed: 2, removed: 0 })
      assert.deepInclude(yield* sync.incremental, { calls: idle })
    }).pipe(overHttp),
  )

  it.live("notices a restriction and a withdrawal that left no trace in `updated_at`", () =>
    Effect.gen(function* () {
      const { emulator, store, sync } = yield* twoLanguages()
      yield* author(emulator, 1_006, { segment: "Agents", silent: true })
      assert.deepInclude(yield* sync.incremental, { changed: 2, removed: 0 })
      assertStored(yield* store.look, "1006:en-us", { visibility: "internal" })
      assertStored(yield* store.look, "1006:de", { visibility: "internal" })
      yield* author(emulator, 1_007, { action: "unpublish", silent: true })
      assert.deepInclude(yield* sync.incremental, { changed: 0, removed: 1 })
      assert.isFalse((yield* store.look).has("1007:en-us"))
      assert.deepInclude(yield* sync.incremental, { calls: idle })
    }).pipe(overHttp),
  )

  it.live("without credentials notices all of that by what is not listed any more", () =>
    Effect.gen(function* () {
      const { emulator, store, sync } = yield* synced(
        { locales, articles: seeded(120, ["de"], (i) => (i < 3 ? { segment: "Agents" } : {})) },
        { anonymous: true },
      )
      assert.deepInclude(yield* sync.incremental, { kind: "full", seen: 234, internal: 0 })
      emulator.advanceClock(hour)
      const { calls } = yield* callsOf(emulator, sync.incremental)
      assert.lengthOf(calls, 1 + 1 + locales.length)
      assert.isTrue(calls.every((call) => call.auth === "none" || call.userId === null))
      yield* author(emulator, 1_010, { segment: "Agents" })
      yield* author(emulator, 1_011, { action: "unpublish" })
      yield* author(emulator, 1_012, { action: "archive" })
      yield* author(emulator, 1_000, { segment: null })
      assert.deepInclude(yield* sync.incremental, { removed: 5, changed: 2, heldBack: 0 })
      const articles = yield* store.look
      for (const id of [1_010, 1_012]) assert.isFalse(articles.has(`${id}:de`) || articles.has(`${id}:en-us`))
      assert.isFalse(articles.has("1011:en-us"))
      assert.isTrue(articles.has("1000:de"))
    }).pipe(overHttp),
  )

  it.live("keeps to its locales and categories, also when an article moves between them", () =>
    Effect.gen(function* () {
      const world = yield* synced({
        locales,
        articles: seeded(60, ["de"], (i) => ({
          category: i % 2 === 0 ? "Help" : "Staff",
          section: i % 2 === 0 ? "Orders" : "Rota",
        })),
      })
      const { client, emulator } = world
      const structure = JSON.parse(
        new TextDecoder().decode(
          (yield* client.request({ method: "GET", path: "/api/v2/help_center/sections.json" })).bytes,
        ),
      ) as { readonly sections: ReadonlyArray<{ id: number; category_id: number; name: string }> }
      const [orders, rota] = ["Orders", "Rota"].map((name) =>
        structure.sections.find((section) => section.name === name),
      )
      const { store, sync } = yield* synced(undefined, {
        emulator,
        source: { locales: ["DE"], categories: [String(orders?.category_id)] },
      })
      assert.deepInclude(yield* sync.incremental, { seen: 30, calls: 1 + 2 + 1 })
      emulator.advanceClock(hour)
      assert.deepInclude(yield* sync.incremental, { changed: 0, calls: 1 + 2 })
      const move = (id: number, section: number | undefined) =>
        client.request({
          method: "PUT",
          path: `/api/v2/help_center/articles/${id}.json`,
          json: JSON.stringify({ article: { section_id: section } }),
        })
      yield* move(1_000, rota?.id)
      yield* move(1_001, orders?.id)
      assert.deepInclude(yield* sync.incremental, { changed: 1, removed: 1 })
      const articles = yield* store.look
      assert.isFalse(articles.has("1000:de"))
      assertStored(articles, "1001:de", { path: ["Help", "Orders"] })
      assert.strictEqual(articles.size, 30)
      assert.deepInclude(yield* sync.incremental, { changed: 0, calls: 1 + 2 })
      const all = yield* synced(undefined, { emulator, store, source: { locales: ["de"] } })
      assert.deepInclude(yield* all.sync.incremental, { kind: "full", changed: 30, removed: 0 })
    }).pipe(overHttp),
  )
})

describe("beside live traffic", () => {
  it.live(
    "a sync that used up its share of the rate limit leaves live calls theirs, and is refused nothing",
    () =>
      Effect.gen(function* () {
        const emulator = yield* startEmulator({
          seed: { articles: seeded(9_000) },
          limits: { requestsPerMinute: 60 },
        })
        const { client, sync } = yield* synced(undefined, { emulator })
        const syncing = yield* Effect.forkChild(sync.full)
        // 90 pages do not fit into a minute's 60 calls, of which a sync may have 70 %.
        yield* Effect.gen(function* () {
          for (let tries = 0; tries < 1_000; tries++) {
            if ((yield* client.health).pools.help_center.waitingBackfill > 0) return
            yield* Effect.sleep(20)
          }
          return yield* Effect.die("the sync never had to wait")
        })
        const began = performance.now()
        for (let n = 0; n < 5; n++) {
          yield* client.request({
            method: "GET",
            path: "/api/v2/help_center/locales.json",
            pool: "help_center",
          })
        }
        assert.isBelow(performance.now() - began, 5_000)
        const refused = emulator.calls().filter((call) => call.status === 429)
        assert.deepStrictEqual(refused, [])
        yield* Fiber.interrupt(syncing)
      }).pipe(overHttp),
  )
})

describe("clocks that differ", () => {
  const cases: ReadonlyArray<readonly [string, number]> = [
    ["Zendesk's is half an hour behind", -30 * 60_000],
    ["Zendesk's is half an hour ahead", 30 * 60_000],
    ["Zendesk's is a second behind", -1_000],
  ]
  for (const [name, skew] of cases) {
    it.live(`${name}: every change is taken in once, and nothing is refused for good`, () =>
      Effect.gen(function* () {
        const { emulator, store, sync } = yield* synced({ articles: seeded(20) })
        emulator.setClockSkew(skew)
        yield* sync.incremental
        for (const round of [1, 2, 3]) {
          yield* author(emulator, 1_000 + round, { title: `Round ${round}` })
          assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 1 })
          assertStored(yield* store.look, `${1_000 + round}:en-us`, { title: `Round ${round}` })
          assert.deepInclude(yield* sync.incremental, { kind: "incremental", changed: 0 })
        }
      }).pipe(overHttp),
    )
  }
})
