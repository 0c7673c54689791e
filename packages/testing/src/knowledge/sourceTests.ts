import { assert, type Vitest } from "@effect/vitest"
import { ArticleStore, type ListedItem } from "@opencx/core"
import { Effect } from "effect"
import { articleOf, newOrg } from "./articles.ts"

type Suite = Vitest.MethodsNonLive<ArticleStore>

const source = "help-center"

const item = (key: string, change: Partial<ListedItem> = {}): ListedItem => ({
  key,
  shelf: "en",
  state: "public",
  mark: "m",
  updatedAt: 1_700_000_000_000,
  ...change,
})

const listing = (it: Suite) =>
  it.effect("keeps what a source listed, and tells what a run has not seen", () =>
    Effect.gen(function* () {
      const store = yield* ArticleStore
      const orgId = newOrg()
      const long = `${"長".repeat(600)}:en`
      const many = Array.from({ length: 450 }, (_, i) => item(`${i}:en`))
      yield* store.listing.see(orgId, source, 1, [...many, item(long), item("0:de", { shelf: "de" })])
      yield* store.listing.see(orgId, source, 1, [item("1:en", { state: "draft", mark: "n" })])
      const known = yield* store.listing.items(orgId, source, ["1:en", long, "nope", "1:en"])
      assert.deepStrictEqual(
        [...known.values()].toSorted((a, b) => a.key.length - b.key.length),
        [item("1:en", { state: "draft", mark: "n" }), item(long)],
      )
      assert.deepStrictEqual(Object.fromEntries(yield* store.listing.counts(orgId, source)), {
        en: { listed: 451, public: 450 },
        de: { listed: 1, public: 1 },
      })
      assert.deepStrictEqual(yield* store.listing.unseen(orgId, source, 1), [])
      const stored = articleOf("2", { title: "a", body: "b", locale: "en" })
      const old = articleOf("old", { title: "a", body: "b", locale: "en" })
      const gone = articleOf("gone", { title: "a", body: "b", locale: "en" })
      yield* store.upsert(orgId, [stored, old, gone])
      yield* store.remove(orgId, source, [gone.key])
      yield* store.listing.see(orgId, source, 2, [...many.slice(3), item(long)])
      const unseen = yield* store.listing.unseen(orgId, source, 2)
      assert.deepStrictEqual(unseen.map((one) => [one.key, one.shelf, one.isStored]).toSorted(), [
        ["0:de", "de", false],
        ["0:en", "en", false],
        ["1:en", "en", false],
        ["2:en", "en", true],
        ["old:en", null, true],
      ])
      const german = yield* store.listing.unseen(orgId, source, 2, "de")
      assert.deepStrictEqual(german, [{ key: "0:de", shelf: "de", isStored: false }])
      yield* store.listing.forget(orgId, source, ["0:de", "0:en", "1:en", "2:en", "nope"])
      assert.deepStrictEqual(
        (yield* store.listing.unseen(orgId, source, 2)).map((one) => [one.key, one.shelf]).toSorted(),
        [
          ["2:en", null],
          ["old:en", null],
        ],
      )
      assert.strictEqual((yield* store.listing.items(newOrg(), source, ["3:en"])).size, 0)
      assert.strictEqual((yield* store.listing.items(orgId, "other", ["3:en"])).size, 0)
    }),
  )

const hour = 3_600_000

const claims = (it: Suite) =>
  it.effect("one at a time gets a source, once per interval, and a dead holder's claim runs out", () =>
    Effect.gen(function* () {
      const { runs } = yield* ArticleStore
      const orgId = newOrg()
      const start = 1_700_000_000_000
      const claim = (holder: string, now: number, everyMs: number | null = hour) =>
        runs.claim(orgId, source, { holder, now, leaseMs: 1_000, everyMs })
      assert.deepStrictEqual(yield* runs.status(orgId, source), {
        holder: null,
        until: 0,
        lastAt: null,
        retryAt: 0,
        failures: 0,
      })
      const rivals = Array.from({ length: 8 }, (_, i) => claim(`rival-${i}`, start))
      const won = yield* Effect.all(rivals, { concurrency: "unbounded" })
      assert.lengthOf(won.filter(Boolean), 1, "one of many at once")
      const holder = `rival-${won.indexOf(true)}`
      assert.isFalse(yield* claim("other", start + 999, null), "not even when forced")
      assert.isTrue(yield* runs.renew(orgId, source, { holder, now: start + 500, leaseMs: 1_000 }))
      assert.isFalse(yield* claim("other", start + 1_400))
      assert.isTrue(yield* claim("heir", start + 1_500), "the holder is dead")
      assert.isFalse(yield* runs.renew(orgId, source, { holder, now: start + 1_600, leaseMs: 1_000 }))
      yield* runs.finish(orgId, source, holder, { _tag: "done", startedAt: start })
      assert.strictEqual((yield* runs.status(orgId, source)).holder, "heir", "a lost claim ends nothing")
      yield* runs.finish(orgId, source, "heir", { _tag: "done", startedAt: start })
      assert.isFalse(yield* claim("a", start + hour - 1))
      assert.isTrue(yield* claim("a", start + 10, null), "forced")
      yield* runs.finish(orgId, source, "a", { _tag: "released" })
      assert.isFalse(yield* claim("a", start + hour - 1), "what was broken off changes no date")
      assert.isTrue(yield* claim("a", start + hour))
    }),
  )

const failing = (it: Suite) =>
  it.effect("a failed run is tried again after its pause, and a clock that was set back stops nothing", () =>
    Effect.gen(function* () {
      const { runs } = yield* ArticleStore
      const orgId = newOrg()
      const start = 1_700_000_000_000
      const claim = (now: number) =>
        runs.claim(orgId, source, { holder: "a", now, leaseMs: 1_000, everyMs: hour })
      for (const failures of [1, 2]) {
        assert.isTrue(yield* claim(start + failures))
        yield* runs.finish(orgId, source, "a", { _tag: "failed", retryAt: start + failures + 1 })
        assert.deepInclude(yield* runs.status(orgId, source), { failures, retryAt: start + failures + 1 })
      }
      assert.isFalse(yield* claim(start + 2))
      assert.isTrue(yield* claim(start + 3))
      yield* runs.finish(orgId, source, "a", { _tag: "done", startedAt: start + 3 })
      assert.deepInclude(yield* runs.status(orgId, source), {
        failures: 0,
        retryAt: 0,
        lastAt: start + 3,
        holder: null,
      })
      assert.isFalse(yield* claim(start - 50), "a little behind: another process's clock")
      assert.isTrue(yield* claim(start - 2 * hour), "far behind: it was set back")
      assert.isNull((yield* runs.status(newOrg(), source)).lastAt)
    }),
  )

/** What every `ArticleStore` does for those who sync sources. */
export const sourceTests = (it: Suite): void => {
  for (const test of [listing, claims, failing]) test(it)
}
