import { assert, describe, it } from "@effect/vitest"
import { allMigrations } from "../src/schema/migrations/all.ts"
import { Migrations, Postgres, Sqlite } from "@opencx/storage"
import { Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { afterAll } from "vitest"
import { temporaryDirectory } from "./support/databases.ts"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

let counter = 0
const every = allMigrations.map((migration) => migration.name)

const suite = (name: string, fresh: () => Promise<Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>>) =>
  describe(`migrations on ${name}`, () => {
    it.live("run once, also when several start at the same time", () =>
      Effect.gen(function* () {
        const client = yield* Effect.promise(fresh)
        const start = Effect.scoped(Effect.provide(Migrations.migrate(), Layer.fresh(client)))
        const ran = yield* Effect.all([start, start, start], { concurrency: "unbounded" })
        assert.deepStrictEqual(ran.flat(), every)
        assert.deepStrictEqual(yield* start, [])
      }),
    )

    it.live("refuse a newer database and a stranger's, and change nothing", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* Migrations.migrate()
        yield* sql`INSERT INTO opencx_migrations (id, name, applied_at) VALUES (99, 'future', 0)`
        const newer = yield* Effect.flip(Migrations.migrate())
        assert.strictEqual(newer._tag, "SchemaMismatch")
        assert.include(newer.message, "99")
        assert.include(newer.message, "newer release")
        yield* sql`DELETE FROM opencx_migrations WHERE id = 99`
        yield* sql`UPDATE opencx_migrations SET name = 'else' WHERE id = 1`
        assert.include((yield* Effect.flip(Migrations.migrate())).message, "another program")
      }).pipe(Effect.provide(Layer.unwrap(Effect.promise(fresh)))),
    )

    it.live("leave nothing of a migration that fails", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const broken = {
          id: 1,
          name: "broken",
          statements: () => ["CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"],
        }
        assert.strictEqual((yield* Effect.flip(Migrations.migrate([broken])))._tag, "SqlError")
        assert.strictEqual((yield* Effect.flip(sql`SELECT * FROM half`))._tag, "SqlError")
        assert.deepStrictEqual(yield* Migrations.migrate(), every)
      }).pipe(Effect.provide(Layer.unwrap(Effect.promise(fresh)))),
    )
  })

suite("SQLite", async () => Sqlite.layer({ directory: `${directory.path}/${counter++}` }))

if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("migrations on Postgres", () =>
    it("are skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", async () => Postgres.layer({ url: await postgres.createDatabase(`m${counter++}`) }))
}
