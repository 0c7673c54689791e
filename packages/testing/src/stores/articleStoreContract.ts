import { assert, it } from "@effect/vitest"
import { ArticleStore } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { sourceTests } from "../knowledge/sourceTests.ts"
import { article, newOrg, orgB } from "./samples.ts"

/** Registers what every `ArticleStore` does: growing revisions, tombstones, state per source. */
export const articleStoreContract = (name: string, layer: Layer.Layer<ArticleStore, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`ArticleStore: ${name}`, (it) => {
    it.effect("gives articles a growing revision and tombstones", () =>
      Effect.gen(function* () {
        const store = yield* ArticleStore
        const orgId = newOrg()
        assert.deepStrictEqual(yield* store.changesSince(orgId, 0), { revision: 0, changed: [], removed: [] })
        const many = Array.from({ length: 450 }, (_, i) => article(`${i}:en`))
        assert.strictEqual(yield* store.upsert(orgId, [...many, article("0:en")]), 450)
        const one = yield* store.changesSince(orgId, 0)
        assert.strictEqual(one.changed.length, 450)
        assert.strictEqual(yield* store.upsert(orgId, many), 0)
        assert.strictEqual((yield* store.changesSince(orgId, one.revision)).revision, one.revision)
        const edited = article("3:en", { title: "Ändert", hash: "new" })
        assert.strictEqual(yield* store.upsert(orgId, [edited, article("4:en")]), 1)
        assert.strictEqual(yield* store.remove(orgId, "help-center", ["5:en", "5:en", "nope"]), 1)
        const two = yield* store.changesSince(orgId, one.revision)
        assert.isAbove(two.revision, one.revision)
        assert.strictEqual(yield* store.remove(orgId, "help-center", ["5:en", "nope"]), 0)
        const unchanged = yield* store.changesSince(orgId, two.revision)
        assert.deepStrictEqual(unchanged, { revision: two.revision, changed: [], removed: [] })
        assert.deepStrictEqual(two.changed, [edited])
        assert.deepStrictEqual(two.removed, [{ sourceId: "help-center", key: "5:en" }])
        const hashes = yield* store.hashes(orgId, "help-center")
        assert.deepStrictEqual([hashes.size, hashes.get("3:en"), hashes.has("5:en")], [449, "new", false])
        assert.strictEqual(yield* store.upsert(orgId, [article("5:en")]), 1, "a removed article comes back")
        assert.deepStrictEqual((yield* store.changesSince(orgId, two.revision)).removed, [])
        assert.strictEqual((yield* store.hashes(orgId, "other")).size, 0)
        assert.strictEqual((yield* store.hashes(newOrg(), "help-center")).size, 0)
        assert.isNull(yield* store.getState(orgId, "help-center"))
        yield* store.setState(orgId, "help-center", "a")
        yield* store.setState(orgId, "help-center", "b")
        assert.strictEqual(yield* store.getState(orgId, "help-center"), "b")
        assert.isNull(yield* store.getState(orgB, "help-center"))
      }),
    )
    sourceTests(it)
  })
