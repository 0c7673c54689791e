/** Whether the database takes writes now, for `/readyz` and for an operator's page. */
import { ConversationStore, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { dialectOf } from "./schema/Dialect.ts"
import { schemaVersion } from "./schema/Migrations.ts"
import { Int64 } from "./sql/columns.ts"
import { type Database, database } from "./sql/Database.ts"
import { decoderOf } from "./sql/rows.ts"

export interface StorageStatus {
  readonly database: "sqlite" | "postgres"
  /** Number of the newest migration. */
  readonly schemaVersion: number
  /** Size of the database in bytes. */
  readonly bytes: number
  /** How long writing one row took, in milliseconds. */
  readonly writeMs: number
}

export class StorageHealth extends Context.Service<
  StorageHealth,
  {
    /** Writes one row and looks around. Fails when the database cannot be written. */
    readonly check: Effect.Effect<StorageStatus, StoreError>
  }
>()("@opencx/storage/Health/StorageHealth") {}

const sizeRows = decoderOf(Schema.Struct({ bytes: Int64 }))

const sizeOf = ({ sql }: Database) =>
  sql.onDialectOrElse({
    pg: () => sql`SELECT pg_database_size(current_database()) AS bytes`,
    orElse: () => sql`SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()`,
  })

const makeCheck = (db: Database, store: ConversationStore["Service"]) =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    yield* store.probe
    const writeMs = (yield* Clock.currentTimeMillis) - started
    const version = yield* schemaVersion(db.sql)
    const size = yield* sizeRows.first(yield* sizeOf(db))
    return { database: dialectOf(db.sql).name, schemaVersion: version, bytes: size?.bytes ?? 0, writeMs }
  }).pipe(db.run("StorageHealth.check"), Effect.withSpan("StorageHealth.check"))

export const layer: Layer.Layer<StorageHealth, never, SqlClient.SqlClient | ConversationStore> = Layer.effect(
  StorageHealth,
  Effect.gen(function* () {
    return StorageHealth.of({ check: makeCheck(yield* database, yield* ConversationStore) })
  }),
)
