import { assert, describe, it } from "@effect/vitest"
import { Secrets } from "@opencx/core"
import { KeyUpkeep, KeyUpkeeps, MasterKey, MasterKeys, Migrations, Sqlite, Stores } from "@opencx/storage"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { temporaryDirectory } from "./support/databases.ts"

const inTemporary = Effect.acquireRelease(Effect.sync(temporaryDirectory), (directory) =>
  Effect.sync(() => directory.remove()),
)

const processOn = (directory: string, env: Record<string, string> = {}) =>
  Layer.mergeAll(Stores.layer(), KeyUpkeeps.layer).pipe(
    Layer.provideMerge(MasterKeys.layer({ directory })),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(Sqlite.layer({ directory })),
  )

const put = (name: string, value: string) =>
  Effect.flatMap(Secrets, (secrets) => secrets.put("acme", name, Redacted.make(value)))
const read = (name: string) =>
  Effect.flatMap(Secrets, (secrets) => secrets.get("acme", name)).pipe(
    Effect.map((value) => (value === null ? null : Redacted.value(value))),
  )

describe("rotating the master key in its file", () => {
  it.live("loses nothing, while a process that was started before goes on reading and writing", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const running = yield* Layer.build(processOn(path))
      const inRunning = Effect.provide(running)
      yield* inRunning(put("token", "first"))
      yield* KeyUpkeeps.addKeyToFile(path)
      // Between the two steps: the new process knows both keys.
      assert.strictEqual(yield* Effect.provide(read("token"), processOn(path)), "first")
      const upkeep = Effect.gen(function* () {
        const keys = yield* KeyUpkeep
        const before = yield* keys.use
        const done = yield* keys.reseal
        return { before, done, again: yield* keys.reseal, after: yield* keys.use }
      })
      const { after, again, before, done } = yield* Effect.provide(upkeep, processOn(path))
      assert.deepStrictEqual(
        [done, again],
        [
          { resealed: 1, broken: [] },
          { resealed: 0, broken: [] },
        ],
      )
      assert.isUndefined(before.secrets[before.current])
      assert.deepStrictEqual(after.secrets, { [after.current]: 1 })

      assert.strictEqual(yield* inRunning(read("token")), "first")
      yield* inRunning(put("other", "second"))
      const all = yield* Effect.provide(KeyUpkeep, running)
      assert.deepStrictEqual((yield* all.use).secrets, { [after.current]: 2 })

      yield* KeyUpkeeps.dropOldKeysFromFile(path)
      assert.strictEqual(readFileSync(`${path}/master.key`, "utf8").trim().split("\n").length, 1)
      assert.strictEqual(statSync(`${path}/master.key`).mode & 0o777, 0o600)
      assert.strictEqual(yield* Effect.provide(read("token"), processOn(path)), "first")
      assert.strictEqual(yield* Effect.provide(read("other"), processOn(path)), "second")
    }).pipe(Effect.scoped),
  )

  it.live("names what no key opens, and leaves it as it is", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      yield* Effect.provide(put("token", "kept"), processOn(path))
      yield* Effect.provide(
        Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql`INSERT INTO opencx_secrets (scope, name, sealed, updated_at) VALUES
            ('acme', 'lost', 'v1.0123456789abcdef.a.b.c', 0), ('acme', 'odd', 'plain', 0)`,
        ),
        processOn(path),
      )
      yield* KeyUpkeeps.addKeyToFile(path)
      const reseal = Effect.flatMap(KeyUpkeep, (keys) => keys.reseal)
      assert.deepStrictEqual(yield* Effect.provide(reseal, processOn(path)), {
        resealed: 1,
        broken: ["acme/lost", "acme/odd"],
      })
      const upkeep = Effect.service(KeyUpkeep)
      const names = yield* Effect.provide(
        Effect.flatMap(upkeep, ({ dropUnreadable, unreadable }) =>
          Effect.all([unreadable, dropUnreadable, unreadable]),
        ),
        processOn(path),
      )
      assert.deepStrictEqual(names, [["acme/lost", "acme/odd"], ["acme/lost", "acme/odd"], []])
      assert.strictEqual(yield* Effect.provide(read("token"), processOn(path)), "kept")
    }),
  )

  it.live("is refused beside another change, and for a file that others may read", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      yield* KeyUpkeeps.addKeyToFile(path)
      const before = readFileSync(`${path}/master.key`, "utf8")
      writeFileSync(`${path}/master.key.next`, "left by a crash")
      const busy = yield* Effect.flip(KeyUpkeeps.addKeyToFile(path))
      assert.include(busy.message, "master.key.next")
      assert.strictEqual(readFileSync(`${path}/master.key`, "utf8"), before)
      assert.isTrue(existsSync(`${path}/master.key.next`))
      chmodSync(`${path}/master.key`, 0o644)
      assert.include((yield* Effect.flip(KeyUpkeeps.dropOldKeysFromFile(path))).message, "chmod 600")
    }),
  )
})

describe("a master key from the environment", () => {
  it.live("is changed by naming the old one beside it, and sealing anew", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const [old, next] = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 2).toString("base64")]
      yield* Effect.provide(put("token", "kept"), processOn(path, { OPENCX_MASTER_KEY: old }))
      const both = processOn(path, { OPENCX_MASTER_KEY: next, OPENCX_MASTER_KEY_PREVIOUS: old })
      const { resealed } = yield* Effect.provide(
        Effect.flatMap(KeyUpkeep, (keys) => keys.reseal),
        both,
      )
      assert.strictEqual(resealed, 1)
      assert.strictEqual(
        yield* Effect.provide(read("token"), processOn(path, { OPENCX_MASTER_KEY: next })),
        "kept",
      )
      const key = yield* Effect.provide(MasterKey, both)
      assert.strictEqual(key.keyId.length, 16)
      assert.isFalse(existsSync(`${path}/master.key`))
    }),
  )
})
