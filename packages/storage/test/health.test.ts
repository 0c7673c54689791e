import { assert, it } from "@effect/vitest"
import { allMigrations } from "../src/schema/migrations/all.ts"
import { ConversationStore } from "@opencx/core"
import { Health, StorageHealth } from "@opencx/storage"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { appending, message, newLane, newSession } from "./support/fixtures.ts"

it.live("tells size and schema while the journal can be written, and fails when it cannot", () =>
  Effect.gen(function* () {
    const directory = yield* Effect.acquireRelease(Effect.sync(temporaryDirectory), (d) =>
      Effect.sync(() => d.remove()),
    )
    const check = Effect.gen(function* () {
      const [health, store, sql] = [
        yield* StorageHealth,
        yield* ConversationStore,
        yield* SqlClient.SqlClient,
      ]
      const status = yield* health.check
      assert.deepStrictEqual([status.database, status.schemaVersion], ["sqlite", allMigrations.at(-1)?.id])
      assert.isAbove(status.bytes, 10_000)
      const pages = Math.ceil(status.bytes / 4096)
      yield* sql.unsafe(`PRAGMA max_page_count = ${pages + 2}`)
      const lane = newLane()
      const long = appending(newSession(lane), [message("x".repeat(100_000))])
      const apply = store.apply({ lane, eventKey: "e", sessionId: null, decide: () => long })
      const error = yield* Effect.flip(apply)
      assert.deepStrictEqual([error._tag, error.operation], ["StoreError", "ConversationStore.apply"])
      assert.include(error.detail, "disk is full")
      assert.isFalse(yield* store.wasApplied(lane, "e"))
      yield* sql`PRAGMA query_only = ON`
      assert.include((yield* Effect.flip(health.check)).detail, "cannot be written")
      yield* sql`PRAGMA query_only = OFF`
      yield* sql`PRAGMA max_page_count = 100000`
      assert.isTrue((yield* apply).fresh)
      yield* health.check
    })
    yield* check.pipe(Effect.provide(Health.layer.pipe(Layer.provideMerge(sqliteStores(directory.path)))))
  }),
)
