/**
 * Deleted rows leave their bytes in free pages of a SQLite file, and in its WAL. `VACUUM` writes the file anew without
 * them (https://www.sqlite.org/lang_vacuum.html), and a truncating checkpoint empties the WAL. Postgres' autovacuum gives
 * the space of dead rows to new ones by itself.
 */
import { Effect, Schema } from "effect"
import { Int64 } from "../sql/columns.ts"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

const checkpoints = decoderOf(Schema.Struct({ busy: Int64 }))

const isLocked = ({ detail }: { readonly detail: string }): boolean => /lock|busy/i.test(detail)

/** `ContactRecords.compact` over one database. */
export const compactor = (db: Database) => {
  const { sql } = db
  const embedded = Effect.gen(function* () {
    yield* sql.unsafe("VACUUM").unprepared
    const row = yield* checkpoints.first(yield* sql.unsafe("PRAGMA wal_checkpoint(TRUNCATE)").unprepared)
    return row?.busy === 0
  }).pipe(
    db.run("ContactRecords.compact"),
    Effect.catchIf(isLocked, () => Effect.succeed(false)),
  )
  const onSqlite = Effect.fnUntraced(function* () {
    for (let tries = 0; tries < 10; tries += 1) {
      if (yield* embedded) return true
      yield* Effect.sleep("300 millis")
    }
    return false
  })
  return sql.onDialectOrElse({ pg: () => Effect.succeed(true), orElse: onSqlite })
}
