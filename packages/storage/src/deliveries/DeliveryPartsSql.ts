/** `DeliveryParts` over SQL. */
import { DeliveryParts, type DeliveryRef, type KnownPart, type OrgId } from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf, plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows per statement: the embedded database works on the event loop, so it is let go in between. */
const purgeBatch = 2_000

const partRows = decoderOf(
  Schema.Struct({
    name: Schema.String,
    begun_at: Int64,
    provider_id: Schema.NullOr(Schema.String),
    doubted: Int64,
  }),
)

const makeDeliveryParts = (db: Database) => {
  const { sql } = db
  /** The row of one part. */
  const where = ({ deliveryId, orgId }: DeliveryRef, name: string) =>
    sql`org_id = ${orgId} AND delivery_id = ${deliveryId} AND name = ${keyOf(name)}`

  const known = Effect.fn("DeliveryParts.known")(function* ({ deliveryId, orgId }: DeliveryRef) {
    const rows = yield* partRows.all(
      yield* sql`SELECT name, begun_at, provider_id, doubted FROM opencx_delivery_parts
        WHERE org_id = ${orgId} AND delivery_id = ${deliveryId} ORDER BY begun_at, name`,
    )
    return rows.map(({ begun_at, doubted, name, provider_id }): KnownPart => ({
      name,
      begunAt: begun_at,
      providerId: provider_id,
      doubted: doubted === 1,
    }))
  }, db.run("DeliveryParts.known"))

  const begin = Effect.fn("DeliveryParts.begin")(function* (
    { deliveryId, orgId }: DeliveryRef,
    name: string,
    at: number,
  ) {
    yield* sql`
      INSERT INTO opencx_delivery_parts ${sql.insert({
        org_id: orgId,
        delivery_id: deliveryId,
        name: keyOf(name),
        begun_at: Math.round(at),
        doubted: 0,
      })} ON CONFLICT (org_id, delivery_id, name) DO UPDATE SET doubted = 0`
  }, db.run("DeliveryParts.begin"))

  const sent = Effect.fn("DeliveryParts.sent")(function* (
    delivery: DeliveryRef,
    name: string,
    providerId: string,
  ) {
    yield* sql`UPDATE opencx_delivery_parts
      SET provider_id = ${plainText(providerId)}, provider_key = ${keyOf(providerId)}, doubted = 0
      WHERE ${where(delivery, name)}`
  }, db.run("DeliveryParts.sent"))

  const notSent = Effect.fn("DeliveryParts.notSent")(function* (delivery: DeliveryRef, name: string) {
    yield* sql`DELETE FROM opencx_delivery_parts WHERE ${where(delivery, name)}`
  }, db.run("DeliveryParts.notSent"))

  const doubted = Effect.fn("DeliveryParts.doubted")(function* (delivery: DeliveryRef, name: string) {
    yield* sql`UPDATE opencx_delivery_parts SET doubted = 1 WHERE ${where(delivery, name)}`
  }, db.run("DeliveryParts.doubted"))

  const isTaken = Effect.fn("DeliveryParts.isTaken")(function* (orgId: OrgId, providerId: string) {
    const rows = yield* sql`SELECT 1 FROM opencx_delivery_parts
      WHERE org_id = ${orgId} AND provider_key = ${keyOf(providerId)} LIMIT 1`
    return rows.length > 0
  }, db.run("DeliveryParts.isTaken"))

  const purge = Effect.fn("DeliveryParts.purge")(function* (before: number) {
    let removed = 0
    for (let batch = purgeBatch; batch === purgeBatch;) {
      batch = (yield* db.run("DeliveryParts.purge")(sql`
        DELETE FROM opencx_delivery_parts WHERE (org_id, delivery_id, name) IN (
          SELECT org_id, delivery_id, name FROM opencx_delivery_parts WHERE begun_at < ${Math.floor(before)}
          ORDER BY begun_at LIMIT ${purgeBatch}
        ) RETURNING begun_at`)).length
      removed += batch
      yield* Effect.yieldNow
    }
    return removed
  })

  return DeliveryParts.of({ known, begin, sent, notSent, doubted, isTaken, purge })
}

export const layer: Layer.Layer<DeliveryParts, never, SqlClient.SqlClient> = Layer.effect(
  DeliveryParts,
  Effect.map(database, makeDeliveryParts),
)
