import { assert, describe, it } from "@effect/vitest"
import { Blobs, ConversationStore, Secrets } from "@opencx/core"
import { Backup, MasterKeys, Migrations, Sqlite, Stores } from "@opencx/storage"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { startChild } from "./support/child.ts"
import { temporaryDirectory } from "./support/databases.ts"
import { newLane, orgA } from "./support/fixtures.ts"

const inTemporary = Effect.acquireRelease(Effect.sync(temporaryDirectory), (directory) =>
  Effect.sync(() => directory.remove()),
)

const storesIn = (directory: string) =>
  Stores.layer().pipe(
    Layer.provide(MasterKeys.layer({ directory })),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(Sqlite.layer({ directory })),
  )

const fill = Effect.gen(function* () {
  yield* (yield* Secrets).put("acme", "token", Redacted.make("the-secret"))
  return yield* (yield* Blobs).put(orgA, new TextEncoder().encode("a file"))
})

const secret = Effect.flatMap(Secrets, (secrets) => secrets.get("acme", "token")).pipe(
  Effect.map((value) => (value === null ? null : Redacted.value(value))),
)

describe("a backup", () => {
  it.live("holds everything, the key too, and only its owner may read it", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const blob = yield* Effect.provide(fill, storesIn(`${path}/data`))
      const made = yield* Backup.backup({ directory: `${path}/data`, file: `${path}/b`, withKey: true })
      assert.isTrue(made.withKey)
      assert.strictEqual(statSync(`${path}/b`).mode & 0o777, 0o600)
      const restored = yield* Backup.restore({ directory: `${path}/new`, file: `${path}/b` })
      assert.deepStrictEqual(restored, made)
      assert.deepStrictEqual(readdirSync(`${path}/new`).toSorted(), ["master.key", "opencx.db"])
      assert.strictEqual(statSync(`${path}/new/master.key`).mode & 0o777, 0o600)
      const key = readFileSync(`${path}/new/master.key`, "utf8").trim()
      assert.isFalse(readFileSync(`${path}/new/opencx.db`).includes(key), "no key beside what it seals")
      const [plain, bytes, tables] = yield* Effect.all([
        secret,
        Effect.flatMap(Blobs, (blobs) => blobs.get(orgA, blob)),
        Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql`SELECT name FROM sqlite_schema WHERE name = 'opencx_backup'`,
        ),
      ]).pipe(Effect.provide(storesIn(`${path}/new`)))
      assert.strictEqual(plain, "the-secret")
      assert.strictEqual(new TextDecoder().decode(bytes ?? undefined), "a file")
      assert.deepStrictEqual(tables, [])
    }),
  )

  it.live("without the key gives no secret away", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      yield* Effect.provide(fill, storesIn(`${path}/data`))
      const made = yield* Backup.backup({ directory: `${path}/data`, file: `${path}/b`, withKey: false })
      assert.isFalse(made.withKey)
      const key = readFileSync(`${path}/data/master.key`, "utf8").trim()
      assert.isFalse(readFileSync(`${path}/b`).includes(key))
      yield* Backup.restore({ directory: `${path}/new`, file: `${path}/b` })
      const lost = yield* Effect.flip(Effect.provide(secret, storesIn(`${path}/new`)))
      assert.include(lost.message, "OPENCX_MASTER_KEY")
    }),
  )

  it.live(
    "is whole while another process writes: every event that was told before it is in it",
    () =>
      Effect.gen(function* () {
        const { path } = yield* inTemporary
        yield* Effect.provide(fill, storesIn(`${path}/data`))
        const lane = newLane()
        const writer = startChild("applyLoop.ts", [`${path}/data`, JSON.stringify(lane), "run"])
        const lineOf = Effect.promise(() => writer.line())
        for (let n = 0; n < 30; n += 1) yield* lineOf
        const last = (yield* lineOf) ?? ""
        yield* Backup.backup({ directory: `${path}/data`, file: `${path}/b`, withKey: true })
        yield* lineOf
        yield* Effect.promise(() => writer.kill())
        yield* Backup.restore({ directory: `${path}/new`, file: `${path}/b` })
        yield* Effect.gen(function* () {
          const store = yield* ConversationStore
          assert.isTrue(yield* store.wasApplied(lane, last))
          const [session] = yield* store.sessionsOfLane(lane, 1)
          assert.isDefined(session)
          if (session === undefined) return
          assert.strictEqual((yield* store.timeline(session.orgId, session.id)).length, session.lastSeq)
        }).pipe(Effect.provide(storesIn(`${path}/new`)))
      }),
    30_000,
  )

  it.live("is never written over anything, and leaves nothing half done", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const none = yield* Effect.flip(
        Backup.backup({ directory: `${path}/data`, file: `${path}/b`, withKey: true }),
      )
      assert.include(none.message, "OPENCX_DATA_DIR")
      assert.isFalse(existsSync(`${path}/b`))
      yield* Effect.provide(fill, storesIn(`${path}/data`))
      writeFileSync(`${path}/b`, "precious")
      const over = yield* Effect.flip(
        Backup.backup({ directory: `${path}/data`, file: `${path}/b`, withKey: true }),
      )
      assert.include(over.message, "never overwrites")
      assert.strictEqual(readFileSync(`${path}/b`, "utf8"), "precious")
      const nowhere = yield* Effect.flip(
        Backup.backup({ directory: `${path}/data`, file: `${path}/no/such/b`, withKey: true }),
      )
      assert.include(nowhere.message, "ENOENT")
      assert.deepStrictEqual(readdirSync(path).toSorted(), ["b", "data"])
    }),
  )
})

describe("a restore is refused", () => {
  it.live("over a database or another key, from a stranger's, damaged or newer file", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const [data, file] = [`${path}/data`, `${path}/b`]
      yield* Effect.provide(fill, storesIn(data))
      yield* Backup.backup({ directory: data, file, withKey: true })
      const refusal = (from: string, directory: string) =>
        Effect.map(Effect.flip(Backup.restore({ directory, file: from })), ({ message }) => message)
      assert.include(yield* refusal(file, data), "holds a database already")
      yield* Effect.provide(fill, storesIn(`${path}/else`))
      assert.include(yield* refusal(`${path}/else/opencx.db`, `${path}/new`), "not a backup")
      writeFileSync(`${path}/text`, "hello, world".repeat(1000))
      assert.include(yield* refusal(`${path}/text`, `${path}/new`), "not a backup")
      assert.include(yield* refusal(`${path}/absent`, `${path}/new`), "There is no")
      const whole = readFileSync(file)
      writeFileSync(`${path}/cut`, whole.subarray(0, whole.length - 8192))
      assert.match(yield* refusal(`${path}/cut`, `${path}/new`), /damaged|not a backup/)
      yield* Effect.provide(
        Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql`INSERT INTO opencx_migrations (id, name, applied_at) VALUES (99, 'future', 0)`,
        ),
        Sqlite.layer({ directory: data }),
      )
      yield* Backup.backup({ directory: data, file: `${path}/newer`, withKey: true })
      assert.include(yield* refusal(`${path}/newer`, `${path}/new`), "newer release")
      assert.isFalse(existsSync(`${path}/new/opencx.db`))
      yield* Effect.provide(Effect.void, MasterKeys.layer({ directory: `${path}/keyed` }))
      assert.include(yield* refusal(file, `${path}/keyed`), "another key")
    }),
  )
})
