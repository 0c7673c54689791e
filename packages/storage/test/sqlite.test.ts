import { assert, describe, it } from "@effect/vitest"
import { Sqlite } from "@opencx/storage"
import { Effect, Exit, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, statSync, writeFileSync } from "node:fs"
import { startChild } from "./support/child.ts"
import { temporaryDirectory } from "./support/databases.ts"

const inTemporary = Effect.acquireRelease(Effect.sync(temporaryDirectory), (directory) =>
  Effect.sync(() => directory.remove()),
)

const memory = Sqlite.layer({ filename: ":memory:" })

const table = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE t (id INTEGER PRIMARY KEY, v ANY) STRICT`
  return sql
})

describe("values", () => {
  it.effect("go in and out as they are", () =>
    Effect.gen(function* () {
      const sql = yield* table
      const bytes = new Uint8Array([0, 255, 1])
      const at = new Date(Date.UTC(2026, 0, 2))
      yield* sql`INSERT INTO t ${sql.insert([
        { id: 1, v: true },
        { id: 2, v: undefined },
        { id: 3, v: at },
        { id: 4, v: bytes },
        { id: 5, v: bytes.buffer },
        { id: 6, v: 2n ** 60n },
        { id: 7, v: "مرحبا 👋🏽 ''; DROP TABLE t" },
        { id: 8, v: 1.5 },
        { id: 9, v: new DataView(bytes.buffer, 1, 1) },
      ])}`
      const rows = yield* sql`SELECT v FROM t WHERE id <> 6 ORDER BY id`
      assert.deepStrictEqual(
        rows.map((row) => row["v"]),
        [1, null, at.toISOString(), bytes, bytes, "مرحبا 👋🏽 ''; DROP TABLE t", 1.5, new Uint8Array([255])],
      )
      const big = sql`SELECT v FROM t WHERE id = 6`
      assert.strictEqual((yield* Effect.flip(big)).reason._tag, "UnknownError")
      const exact = yield* Effect.provideService(big, SqlClient.SafeIntegers, true)
      assert.strictEqual(exact[0]?.["v"], 2n ** 60n)
      assert.strictEqual((yield* sql`SELECT id AS v FROM t WHERE id = 1`)[0]?.["v"], 1)
      assert.deepStrictEqual(yield* sql`SELECT 1 AS a, 2 AS a`.values, [[1, 2]])
      // A date in first place: node:sqlite alone would take it for named parameters.
      assert.deepStrictEqual((yield* sql`SELECT ${at} AS a, ${2} AS b`)[0]?.["a"], at.toISOString())
      for (const nonsense of [{ a: 1 }, Number.NaN, 2n ** 70n, new Date(Number.NaN), Symbol("x")]) {
        const error = yield* Effect.flip(sql`INSERT INTO t VALUES (99, ${nonsense})`)
        assert.strictEqual(error._tag, "SqlError")
      }
      assert.strictEqual((yield* sql`SELECT 1 FROM t WHERE id = 99`).length, 0)
    }).pipe(Effect.provide(memory)),
  )

  it.effect("stream in order, and a stream left early leaves the database free", () =>
    Effect.gen(function* () {
      const sql = yield* table
      yield* sql`INSERT INTO t (v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n`
      const all = yield* Stream.runCollect(sql<{ v: number }>`SELECT v FROM t ORDER BY v`.stream)
      assert.deepStrictEqual([all.length, all[0]?.v, all.at(-1)?.v], [1000, 1, 1000])
      const few = yield* sql<{ v: number }>`SELECT v FROM t ORDER BY v`.stream.pipe(
        Stream.take(3),
        Stream.runCollect,
      )
      assert.strictEqual(few.length, 3)
      yield* sql.withTransaction(sql`DELETE FROM t`)
      yield* sql`DROP TABLE t`
    }).pipe(Effect.provide(memory)),
  )
})

describe("transactions", () => {
  it.effect("commit, roll back, and nest by savepoints", () =>
    Effect.gen(function* () {
      const sql = yield* table
      const inner = sql.withTransaction(
        Effect.andThen(sql`INSERT INTO t VALUES (2, 'inner')`, Effect.fail("no" as const)),
      )
      yield* sql.withTransaction(Effect.andThen(sql`INSERT INTO t VALUES (1, 'outer')`, Effect.ignore(inner)))
      yield* Effect.ignore(
        sql.withTransaction(Effect.andThen(sql`INSERT INTO t VALUES (3, 'x')`, Effect.fail("no"))),
      )
      const fiber = yield* Effect.forkChild(
        sql.withTransaction(Effect.andThen(sql`INSERT INTO t VALUES (4, 'x')`, Effect.never)),
      )
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(
        (yield* sql`SELECT id FROM t`).map((row) => row["id"]),
        [1],
      )
    }).pipe(Effect.provide(memory)),
  )

  it.effect("name what is wrong", () =>
    Effect.gen(function* () {
      const sql = yield* table
      yield* sql`CREATE TABLE u (a INTEGER NOT NULL UNIQUE CHECK (a > 0), t INTEGER REFERENCES t (id))`
      yield* sql`INSERT INTO u VALUES (1, NULL)`
      const reason = (statement: string) =>
        Effect.map(Effect.flip(sql.unsafe(statement)), (error) => error.reason)
      const unique = yield* reason("INSERT INTO u VALUES (1, NULL)")
      assert.strictEqual(unique._tag === "UniqueViolation" ? unique.constraint : unique._tag, "u.a")
      assert.strictEqual((yield* reason("INSERT INTO u VALUES (0, NULL)"))._tag, "ConstraintError")
      assert.strictEqual((yield* reason("INSERT INTO u VALUES (2, 77)"))._tag, "ConstraintError")
      assert.strictEqual((yield* reason("SELEKT 1"))._tag, "SqlSyntaxError")
      assert.strictEqual((yield* reason("INSERT INTO t VALUES (1, 'a', 2)"))._tag, "SqlSyntaxError")
    }).pipe(Effect.provide(memory)),
  )
})

describe("the file", () => {
  it.effect("is private, in WAL mode, and refused with its name when it cannot be opened", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const modes = Effect.gen(function* () {
        const sql = yield* table
        const files = ["opencx.db", "opencx.db-wal", "opencx.db-shm"].map((file) => `${path}/d/${file}`)
        assert.deepStrictEqual(
          files.map((file) => (statSync(file).mode & 0o777).toString(8)),
          ["600", "600", "600"],
        )
        assert.strictEqual((yield* sql`PRAGMA journal_mode`)[0]?.["journal_mode"], "wal")
        assert.strictEqual((yield* sql`PRAGMA synchronous`)[0]?.["synchronous"], 2)
        assert.strictEqual((yield* sql`PRAGMA foreign_keys`)[0]?.["foreign_keys"], 1)
      })
      yield* modes.pipe(Effect.provide(Sqlite.layer({ directory: `${path}/d`, synchronous: "FULL" })))
      const open = (filename: string) =>
        Effect.flip(Effect.provide(SqlClient.SqlClient, Sqlite.layer({ filename })).pipe(Effect.asVoid))
      writeFileSync(
        `${path}/text.db`,
        "this is no database, but a text that is long enough to look like one".repeat(20),
      )
      const garbage = yield* open(`${path}/text.db`)
      assert.include(garbage.message, `${path}/text.db`)
      assert.include(garbage.message, "restore it from a backup")
      chmodSync(`${path}/d`, 0o700)
      const folder = yield* open(`${path}/d`)
      assert.strictEqual(folder.reason._tag, "ConnectionError")
    }),
  )

  it.live("locked by another process: waits without stopping this one, and goes on", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const work = Effect.gen(function* () {
        const sql = yield* table
        const holder = yield* lockHolder(`${path}/opencx.db`)
        let ticks = 0
        const ticker = setInterval(() => ticks++, 1)
        const writers = yield* Effect.forkChild(
          Effect.forEach([1, 2, 3, 4], (id) => sql.withTransaction(sql`INSERT INTO t VALUES (${id}, 'x')`), {
            concurrency: "unbounded",
          }),
        )
        yield* Effect.sleep(400)
        clearInterval(ticker)
        assert.isAbove(ticks, 20, "the event loop ran on")
        holder.say("go")
        yield* Fiber.join(writers)
        assert.strictEqual((yield* sql`SELECT 1 FROM t`).length, 4)
      })
      yield* work.pipe(Effect.provide(Sqlite.layer({ directory: path, busyWait: "30 seconds" })))
    }),
  )

  it.live("locked for too long: everyone fails with a typed error, together and not in turn", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const work = Effect.gen(function* () {
        const sql = yield* table
        const holder = yield* lockHolder(`${path}/opencx.db`)
        const started = performance.now()
        const exits = yield* Effect.forEach(
          Array.from({ length: 100 }, (_, id) => id),
          (id) => Effect.exit(sql.withTransaction(sql`INSERT INTO t VALUES (${id}, 'x')`)),
          { concurrency: "unbounded" },
        )
        // One after the other they would have waited 100 × 300 ms.
        assert.isBelow(performance.now() - started, 10_000)
        for (const exit of exits) {
          const error = Exit.isFailure(exit) ? yield* Effect.flip(Effect.failCause(exit.cause)) : null
          assert.strictEqual(error?.reason._tag, "LockTimeoutError")
          assert.isTrue(error?.isRetryable)
        }
        yield* sql`SELECT 1 FROM t` // WAL: readers are not concerned
        holder.say("go")
        assert.strictEqual(yield* Effect.promise(holder.line), "released")
        yield* sql`INSERT INTO t VALUES (1, 'later')`
      })
      yield* work.pipe(Effect.provide(Sqlite.layer({ directory: path, busyWait: "300 millis" })))
    }),
  )

  it.effect("full: fails, keeps what was committed, and goes on when there is room", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const work = Effect.gen(function* () {
        const sql = yield* table
        yield* sql`INSERT INTO t VALUES (1, 'kept')`
        yield* sql`PRAGMA max_page_count = 20`
        const fill = sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`INSERT INTO t VALUES (2, 'lost')`
            yield* Effect.ignore(sql`INSERT INTO t VALUES (3, ${"x".repeat(500_000)})`)
            // Someone ignored the error: what follows must not be committed by itself.
            yield* sql`INSERT INTO t VALUES (4, ${"y".repeat(500_000)})`
          }),
        )
        const error = yield* Effect.flip(fill)
        assert.strictEqual(error.reason._tag, "ConnectionError")
        assert.isTrue(error.isRetryable)
        assert.include(
          (yield* Effect.flip(sql`INSERT INTO t VALUES (5, ${"z".repeat(500_000)})`)).message,
          "full",
        )
        assert.deepStrictEqual(
          (yield* sql`SELECT v FROM t`).map((row) => row["v"]),
          ["kept"],
        )
        yield* sql`PRAGMA max_page_count = 100000`
        yield* fill
        assert.strictEqual((yield* sql`SELECT 1 FROM t`).length, 4)
      })
      yield* work.pipe(Effect.provide(Sqlite.layer({ directory: path })))
      const reopened = Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        assert.strictEqual((yield* sql`SELECT 1 FROM t`).length, 4)
        assert.strictEqual((yield* sql`PRAGMA integrity_check`)[0]?.["integrity_check"], "ok")
      })
      yield* reopened.pipe(Effect.provide(Sqlite.layer({ directory: path })))
    }),
  )
})

const lockHolder = (file: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = startChild("lockHolder.ts", [file])
      assert.strictEqual(await child.line(), "locked")
      return child
    }),
    (child) => Effect.promise(child.kill),
  )
