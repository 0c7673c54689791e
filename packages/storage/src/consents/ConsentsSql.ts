/** `Consents` over SQL. The newest decision of a thread is one row, also when it is that messages are welcome again. */
import { type AccountId, Consents, type OrgId, type ThreadKey } from "@opencx/core"
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

const optOutRows = decoderOf(Schema.Struct({ word: Schema.String, at: Int64 }))

const makeConsents = (db: Database) => {
  const { sql } = db

  const record = Effect.fn("Consents.record")(function* (
    scope: Scope,
    thread: ThreadKey,
    decision: { readonly optedOut: boolean; readonly word: string; readonly at: number },
  ) {
    yield* sql`
      INSERT INTO opencx_consents ${sql.insert({
        org_id: scope.orgId,
        account_id: scope.accountId,
        thread_key: keyOf(thread),
        opted_out: decision.optedOut ? 1 : 0,
        word: plainText(decision.word),
        at: Math.round(decision.at),
      })} ON CONFLICT (org_id, account_id, thread_key)
      DO UPDATE SET opted_out = excluded.opted_out, word = excluded.word, at = excluded.at
      WHERE excluded.at >= opencx_consents.at`
  }, db.run("Consents.record"))

  const optOut = Effect.fn("Consents.optOut")(function* (scope: Scope, thread: ThreadKey) {
    return yield* optOutRows.first(
      yield* sql`SELECT word, at FROM opencx_consents
        WHERE org_id = ${scope.orgId} AND account_id = ${scope.accountId} AND thread_key = ${keyOf(thread)}
          AND opted_out = 1`,
    )
  }, db.run("Consents.optOut"))

  return Consents.of({ record, optOut })
}

export const layer: Layer.Layer<Consents, never, SqlClient.SqlClient> = Layer.effect(
  Consents,
  Effect.map(database, makeConsents),
)
