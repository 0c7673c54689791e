import { it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { ClusterSchema, Entity, SingleRunner } from "effect/cluster"
import { Digest } from "effect/crypto"
import { Rpc } from "effect/rpc"
import { SqlClient } from "effect/sql"
import { assert, describe } from "vitest"
import { Journal, JournalUpkeep, Sqlite } from "../src/index.ts"

const Counter = Entity.make("Counter", [
  Rpc.make("Add", { payload: { key: Schema.String }, primaryKey: ({ key }) => key }).annotate(
    ClusterSchema.Persisted,
    true,
  ),
])

const layer = Layer.mergeAll(Journal.layer, Counter.toLayer({ Add: () => Effect.void })).pipe(
  Layer.provideMerge(SingleRunner.layer({ runnerStorage: "memory" })),
  Layer.provide(Digest.layerWebCrypto),
  Layer.provideMerge(Sqlite.layer({ filename: ":memory:" })),
)

describe("journal upkeep", () => {
  it.live("removes what was dealt with before the limit, and nothing newer", () =>
    Effect.gen(function* () {
      const client = yield* Counter.client
      const upkeep = yield* JournalUpkeep
      const sql = yield* SqlClient.SqlClient
      for (const key of ["a", "b", "c"]) yield* client("one").Add({ key })
      const count = Effect.map(sql`SELECT 1 FROM cluster_messages`, (rows) => rows.length)
      assert.strictEqual(yield* upkeep.purge(Date.now() - 60_000), 0)
      assert.strictEqual(yield* count, 3)
      assert.strictEqual(yield* upkeep.purge(Date.now() + 60_000), 3)
      assert.strictEqual(yield* count, 0)
      assert.strictEqual((yield* sql`SELECT 1 FROM cluster_replies`).length, 0)
    }).pipe(Effect.provide(layer)),
  )
})
