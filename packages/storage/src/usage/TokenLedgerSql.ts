/** `TokenLedger` over SQL: one row a session, added to by the database, so that no sum of two processes gets lost. */
import { type TokenAccount, TokenLedger } from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

const rows = decoderOf(Schema.Struct({ spent: Int64 }))

const makeLedger = (db: Database) => {
  const { sql } = db

  const spent = Effect.fn("TokenLedger.spent")(function* ({ orgId, sessionId }: TokenAccount) {
    const row = yield* rows.first(
      yield* sql`SELECT spent FROM opencx_tokens WHERE org_id = ${orgId} AND session_id = ${sessionId}`,
    )
    return row?.spent ?? 0
  }, db.run("TokenLedger.spent"))

  const add = Effect.fn("TokenLedger.add")(function* ({ orgId, sessionId }: TokenAccount, tokens: number) {
    yield* sql`
      INSERT INTO opencx_tokens ${sql.insert({
        org_id: orgId,
        session_id: sessionId,
        spent: Math.round(tokens),
      })} ON CONFLICT (org_id, session_id) DO UPDATE SET spent = opencx_tokens.spent + excluded.spent`
  }, db.run("TokenLedger.add"))

  return TokenLedger.of({ spent, add })
}

export const layer: Layer.Layer<TokenLedger, never, SqlClient.SqlClient> = Layer.effect(
  TokenLedger,
  Effect.map(database, makeLedger),
)
