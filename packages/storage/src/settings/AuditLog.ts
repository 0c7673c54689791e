/** Who changed what. Records are written in the transaction of the change that they tell of, and never changed. */
import type { StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** One difference; `from` and `to` are for people and hold no secret. Absent: there was, or is, nothing. */
export const AuditChange = Schema.Struct({
  /** `handoff.noHumanMinutes`. */
  path: Schema.String,
  from: Schema.optionalKey(Schema.Unknown),
  to: Schema.optionalKey(Schema.Unknown),
})
export type AuditChange = typeof AuditChange.Type

/** What is to be recorded. */
export interface AuditEntry {
  /** The organization that it is about; `*`: the whole installation. */
  readonly orgId: string
  /** `user:<id>`, `key:<id>`, `operator`, `setup`. */
  readonly actor: string
  readonly actorName: string
  /** `organization.update`, `user.invite`, `key.revoke`. */
  readonly action: string
  /** What was changed: an id or a name. */
  readonly target: string
  readonly changes: ReadonlyArray<AuditChange>
}

export interface AuditRecord extends AuditEntry {
  /** Grows with time; the next page begins before it. */
  readonly position: number
  /** Epoch milliseconds. */
  readonly at: number
}

const Changes = Schema.fromJsonString(Schema.Array(AuditChange))
const changesText = Schema.encodeSync(Changes)

/** Statements of `AuditLog` for the transactions of others. */
export const insertAudit = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, entry: AuditEntry) {
  const row = {
    org_id: entry.orgId,
    at: yield* Clock.currentTimeMillis,
    actor: entry.actor,
    actor_name: plainText(entry.actorName),
    action: entry.action,
    target: plainText(entry.target),
    changes: changesText(entry.changes),
  }
  yield* sql`INSERT INTO opencx_audit ${sql.insert(row)}`
})

const auditRows = decoderOf(
  Schema.Struct({
    position: Int64,
    org_id: Schema.String,
    at: Int64,
    actor: Schema.String,
    actor_name: Schema.String,
    action: Schema.String,
    target: Schema.String,
    changes: Changes,
  }),
)

/** Rows per statement: the embedded database works on the event loop, so it is let go in between. */
const purgeBatch = 2_000

export class AuditLog extends Context.Service<
  AuditLog,
  {
    add(entry: AuditEntry): Effect.Effect<void, StoreError>
    /** The newest records of one organization (`*`: of the installation), from before `before` backwards. */
    list(
      orgId: string,
      page: { readonly before: number | null; readonly limit: number },
    ): Effect.Effect<ReadonlyArray<AuditRecord>, StoreError>
    /** Deletes records from before this time (epoch milliseconds), of every organization; answers with how many went. */
    purge(before: number): Effect.Effect<number, StoreError>
  }
>()("@opencx/storage/settings/AuditLog") {}

const makeAuditLog = (db: Database) => {
  const { sql } = db
  const add = Effect.fn("AuditLog.add")(
    (entry: AuditEntry) => insertAudit(sql, entry),
    db.run("AuditLog.add"),
  )
  const list = Effect.fn("AuditLog.list")(function* (
    orgId: string,
    { before, limit }: { readonly before: number | null; readonly limit: number },
  ) {
    const rows = yield* auditRows.all(
      yield* sql`SELECT * FROM opencx_audit WHERE org_id = ${orgId} AND position < ${before ?? Number.MAX_SAFE_INTEGER}
        ORDER BY position DESC LIMIT ${limit}`,
    )
    return rows.map(({ actor_name, org_id, ...rest }): AuditRecord => ({
      ...rest,
      orgId: org_id,
      actorName: actor_name,
    }))
  }, db.run("AuditLog.list"))
  const purge = Effect.fn("AuditLog.purge")(function* (before: number) {
    let removed = 0
    for (let batch = purgeBatch; batch === purgeBatch;) {
      batch = (yield* db.run("AuditLog.purge")(sql`
        DELETE FROM opencx_audit WHERE position IN (
          SELECT position FROM opencx_audit WHERE at < ${Math.floor(before)} ORDER BY position LIMIT ${purgeBatch}
        ) RETURNING position`)).length
      removed += batch
      yield* Effect.yieldNow
    }
    return removed
  })
  return AuditLog.of({ add, list, purge })
}

export const layer: Layer.Layer<AuditLog, never, SqlClient.SqlClient> = Layer.effect(
  AuditLog,
  Effect.map(database, makeAuditLog),
)
