import { assert, it } from "@effect/vitest"
import { Sqlite } from "@opencx/storage"
import { Effect, Fiber, Layer, Ref, Schema } from "effect"
import { ClusterSchema, Entity, SingleRunner } from "effect/cluster"
import { Digest } from "effect/crypto"
import { Rpc } from "effect/rpc"
import { SqlClient } from "effect/sql"
import { startChild } from "./support/child.ts"
import { temporaryDirectory } from "./support/databases.ts"

const Counter = Entity.make("Counter", [
  Rpc.make("Add", {
    payload: { id: Schema.String, text: Schema.String },
    success: Schema.Int,
    primaryKey: ({ id }) => id,
  }).annotate(ClusterSchema.Persisted, true),
])

/** A cluster node whose entity writes through the same client. */
const node = (directory: string, seen: Ref.Ref<ReadonlyArray<string>>, runnerStorage: "memory" | "sql") =>
  Counter.toLayer(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      return Counter.of({
        Add: Effect.fnUntraced(function* ({ payload }) {
          yield* sql.withTransaction(sql`INSERT INTO handled VALUES (${payload.id})`).pipe(Effect.orDie)
          return yield* Ref.modify(seen, (all) => [all.length + 1, [...all, payload.text]] as const)
        }),
      })
    }),
  ).pipe(
    Layer.provideMerge(
      SingleRunner.layer({
        runnerStorage,
        shardingConfig: { entityMessagePollInterval: "200 millis", sendRetryInterval: "50 millis" },
      }),
    ),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provideMerge(
      Layer.effectDiscard(
        Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE IF NOT EXISTS handled (id TEXT)`),
      ),
    ),
    Layer.provideMerge(Sqlite.layer({ directory, busyWait: "10 seconds" })),
  )

for (const runnerStorage of ["memory", "sql"] as const) {
  it.live(
    `effect/cluster keeps its mailboxes in our SQLite (runner storage: ${runnerStorage}), also across a lock and a restart`,
    () =>
      Effect.gen(function* () {
        const directory = yield* Effect.acquireRelease(Effect.sync(temporaryDirectory), (d) =>
          Effect.sync(() => d.remove()),
        )
        const seen = yield* Ref.make<ReadonlyArray<string>>([])
        const send = (id: string, text: string) =>
          Effect.flatMap(Counter.client, (client) => client("lane-1").Add({ id, text }))
        const first = Effect.gen(function* () {
          assert.strictEqual(yield* send("a", "مرحبا"), 1)
          assert.strictEqual(yield* send("a", "again"), 1, "a duplicate gets the first answer")
          const holder = startChild("lockHolder.ts", [`${directory.path}/opencx.db`])
          assert.strictEqual(yield* Effect.promise(holder.line), "locked")
          const waiting = yield* Effect.forkChild(Effect.forEach(["b", "c"], (id) => send(id, id)))
          yield* Effect.sleep(1500)
          assert.strictEqual((yield* Ref.get(seen)).length, 1)
          holder.say("go")
          assert.deepStrictEqual(yield* Fiber.join(waiting), [2, 3])
        })
        yield* first.pipe(Effect.provide(node(directory.path, seen, runnerStorage)))
        const second = Effect.gen(function* () {
          assert.strictEqual(yield* send("a", "after the restart"), 1, "answers outlive the process")
          assert.strictEqual(yield* send("d", "d"), 4)
          const sql = yield* SqlClient.SqlClient
          assert.strictEqual((yield* sql`SELECT id FROM handled`).length, 4)
        })
        yield* second.pipe(Effect.provide(node(directory.path, seen, runnerStorage)))
        assert.deepStrictEqual(yield* Ref.get(seen), ["مرحبا", "b", "c", "d"])
      }),
    60_000,
  )
}
