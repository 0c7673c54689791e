/** Brings the schema up to date at start. Forward only: a newer database is refused, never rolled back. */
import { Clock, Effect, Layer, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { decoderOf } from "../sql/rows.ts"
import { type Dialect, dialectOf } from "./Dialect.ts"
import { allMigrations } from "./migrations/all.ts"
import type { Migration } from "./migrations/Migration.ts"

/** The database and this release do not fit together. Nothing was changed. `hint` says what to do. */
export class SchemaMismatch extends Schema.TaggedError<SchemaMismatch>("@opencx/storage/SchemaMismatch")(
  "SchemaMismatch",
  { found: Schema.Int, known: Schema.Int, hint: Schema.String },
) {
  override get message(): string {
    return `Database schema ${this.found}, this release knows ${this.known}. ${this.hint}`
  }
}

/** Any number: it only has to be the same for everyone who migrates one Postgres database. */
const advisoryLock = 7_307_291_145

const Applied = Schema.Array(Schema.Struct({ id: Int64, name: Schema.String }))
const decodeApplied = Schema.decodeUnknownEffect(Applied)

const lockRows = decoderOf(Schema.Struct({ locked: Schema.Boolean }))

/** Asked for again and again, and not waited for in the server: a connection that is silent for long is given up. */
const lockOnPostgres = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  yield* sql`SELECT set_config('statement_timeout', '0', true)`
  const ask = Effect.flatMap(
    sql`SELECT pg_try_advisory_xact_lock(${sql.literal(String(advisoryLock))}) AS locked`,
    lockRows.first,
  )
  while ((yield* ask)?.locked !== true) yield* Effect.sleep("100 millis")
})

const lock = (sql: SqlClient.SqlClient, dialect: Dialect) =>
  dialect.name === "postgres" ? lockOnPostgres(sql) : Effect.void // BEGIN IMMEDIATE has locked the whole database

const check = (applied: typeof Applied.Type, migrations: ReadonlyArray<Migration>) => {
  const found = applied.at(-1)?.id ?? 0
  const known = migrations.at(-1)?.id ?? 0
  if (found > known) {
    const hint =
      "The database was used by a newer release: start that release, or restore a backup made before it."
    return Effect.fail(new SchemaMismatch({ found, known, hint }))
  }
  const strange = applied.find((row) => migrations.find((m) => m.id === row.id)?.name !== row.name)
  if (strange === undefined) return Effect.void
  const hint = `Migration ${strange.id} is called "${strange.name}" there: this database belongs to another program.`
  return Effect.fail(new SchemaMismatch({ found, known, hint }))
}

/**
 * Runs what is missing, all of it in one transaction, while everyone else waits. Answers with the names of what ran.
 * Fails with `SchemaMismatch` when the database is newer than this release.
 */
export const migrate = Effect.fn("Migrations.migrate")(function* (
  migrations: ReadonlyArray<Migration> = allMigrations,
): Effect.fn.Return<
  ReadonlyArray<string>,
  SchemaMismatch | SqlError.SqlError | Schema.SchemaError,
  SqlClient.SqlClient
> {
  const sql = yield* SqlClient.SqlClient
  const dialect = dialectOf(sql)
  const run = Effect.gen(function* () {
    yield* lock(sql, dialect)
    yield* sql.unsafe(
      `CREATE TABLE IF NOT EXISTS opencx_migrations (
        id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at ${dialect.int64} NOT NULL
      ) ${dialect.table}`,
    ).unprepared
    const applied = yield* decodeApplied(yield* sql`SELECT id, name FROM opencx_migrations ORDER BY id`)
    yield* check(applied, migrations)
    const missing = migrations.filter((m) => !applied.some((row) => row.id === m.id))
    for (const migration of missing) {
      for (const statement of migration.statements(dialect)) yield* sql.unsafe(statement).unprepared
      const applied_at = yield* Clock.currentTimeMillis
      yield* sql`INSERT INTO opencx_migrations ${sql.insert({ id: migration.id, name: migration.name, applied_at })}`
    }
    return missing.map((m) => m.name)
  })
  return yield* sql.withTransaction(run)
})

/** The newest migration that the database has; 0 for an empty one. */
export const schemaVersion = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const rows = yield* decodeApplied(
    yield* sql`SELECT id, name FROM opencx_migrations ORDER BY id DESC LIMIT 1`,
  )
  return rows[0]?.id ?? 0
})

/** Migrates once, when the layer is built: everything that needs the tables is provided with it. */
export const layer: Layer.Layer<
  never,
  SchemaMismatch | SqlError.SqlError | Schema.SchemaError,
  SqlClient.SqlClient
> = Layer.effectDiscard(migrate())
