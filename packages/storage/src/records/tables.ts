/** Which tables there are: those of the journal come with the first start of an engine, and others with later releases. */
import { Effect, Schema } from "effect"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

const names = decoderOf(Schema.Struct({ name: Schema.String }))

/** Our tables that have this column, whoever added them: what is deleted by it is deleted everywhere. */
export const tablesWith = Effect.fnUntraced(function* ({ sql }: Database, column: string) {
  const rows = yield* sql.onDialectOrElse({
    pg: () => sql`SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = current_schema() AND column_name = ${column} AND table_name LIKE 'opencx!_%' ESCAPE '!'`,
    orElse: () => sql`SELECT m.name AS name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = ${column} AND m.name LIKE 'opencx!_%' ESCAPE '!'`,
  })
  return (yield* names.all(rows)).map(({ name }) => name)
})

/** Whether an engine has kept its journal here yet. */
export const hasJournal = Effect.fnUntraced(function* ({ sql }: Database) {
  const rows = yield* sql.onDialectOrElse({
    pg: () => sql`SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_name = 'cluster_messages'`,
    orElse: () => sql`SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'cluster_messages'`,
  })
  return rows.length > 0
})
