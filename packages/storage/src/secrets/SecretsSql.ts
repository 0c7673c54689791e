/** `Secrets` over SQL: only envelopes reach the database. */
import { Secrets, StoreError } from "@opencx/core"
import { Clock, Effect, Layer, Redacted, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"
import { MasterKey } from "./MasterKey.ts"

const secretRows = decoderOf(Schema.Struct({ sealed: Schema.String }))

const makeSecrets = (db: Database, key: MasterKey["Service"]) => {
  const { sql } = db

  type Secret = readonly [scope: string, name: string, value: Redacted.Redacted<string>]

  const rowOf = Effect.fnUntraced(function* (...[scope, name, value]: Secret) {
    const sealed = key.seal({ scope, name }, Redacted.value(value))
    return sql.insert({ scope, name, sealed, updated_at: yield* Clock.currentTimeMillis })
  })

  const put = Effect.fn("Secrets.put")(function* (...secret: Secret) {
    yield* sql`INSERT INTO opencx_secrets ${yield* rowOf(...secret)}
      ON CONFLICT (scope, name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`
  }, db.run("Secrets.put"))

  const get = Effect.fn("Secrets.get")(function* (scope: string, name: string) {
    const row = yield* secretRows.first(
      yield* sql`SELECT sealed FROM opencx_secrets WHERE scope = ${scope} AND name = ${name}`,
    )
    if (row === null) return null
    const plain = yield* key.open({ scope, name }, row.sealed).pipe(
      Effect.mapError(({ detail }) => {
        const hint =
          "put the key of that time back (the file master.key, or OPENCX_MASTER_KEY); if it is lost for good: opencx keys lost"
        return new StoreError({
          operation: "Secrets.get",
          detail: `secret ${name} of ${scope}: ${detail}; ${hint}`,
        })
      }),
    )
    return Redacted.make(plain)
  }, db.run("Secrets.get"))

  const getOrPut = Effect.fn("Secrets.getOrPut")(function* (...secret: Secret) {
    const [scope, name, value] = secret
    yield* sql`INSERT INTO opencx_secrets ${yield* rowOf(...secret)} ON CONFLICT (scope, name) DO NOTHING`
    return (yield* get(scope, name)) ?? value
  }, db.run("Secrets.getOrPut"))

  const remove = Effect.fn("Secrets.remove")(function* (scope: string, name: string) {
    yield* sql`DELETE FROM opencx_secrets WHERE scope = ${scope} AND name = ${name}`
  }, db.run("Secrets.remove"))

  return Secrets.of({ put, getOrPut, get, remove })
}

export const layer: Layer.Layer<Secrets, never, SqlClient.SqlClient | MasterKey> = Layer.effect(
  Secrets,
  Effect.gen(function* () {
    return makeSecrets(yield* database, yield* MasterKey)
  }),
)
