/** `Consents` over SQL. The newest decision of a thread is one row, also when it is that messages are welcome again. */
import { type AccountId, type ConsentRecord, Consents, type OrgId, type ThreadKey } from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf, plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

interface Scope {
  readonly orgId: OrgId
  readonly accountId: AccountId
}

const decisionRows = decoderOf(Schema.Struct({ opted_out: Int64, word: Schema.String, at: Int64 }))

const makeConsents = (db: Database) => {
  const { sql } = db

  const record = Effect.fn("Consents.record")(function* (
    scope: Scope,
    thread: ThreadKey,
    decided: ConsentRecord,
  ) {
    yield* sql`
      INSERT INTO opencx_consents ${sql.insert({
        org_id: scope.orgId,
        account_id: scope.accountId,
        thread_key: keyOf(thread),
        opted_out: decided.optedOut ? 1 : 0,
        word: plainText(decided.word),
        at: Math.round(decided.at),
      })} ON CONFLICT (org_id, account_id, thread_key)
      DO UPDATE SET opted_out = excluded.opted_out, word = excluded.word, at = excluded.at
      WHERE excluded.at >= opencx_consents.at`
  }, db.run("Consents.record"))

  const decision = Effect.fn("Consents.decision")(function* (scope: Scope, thread: ThreadKey) {
    const row = yield* decisionRows.first(
      yield* sql`SELECT opted_out, word, at FROM opencx_consents
        WHERE org_id = ${scope.orgId} AND account_id = ${scope.accountId} AND thread_key = ${keyOf(thread)}`,
    )
    return row === null ? null : { optedOut: row.opted_out === 1, word: row.word, at: row.at }
  }, db.run("Consents.decision"))

  return Consents.of({ record, decision })
}

export const layer: Layer.Layer<Consents, never, SqlClient.SqlClient> = Layer.effect(
  Consents,
  Effect.map(database, makeConsents),
)
