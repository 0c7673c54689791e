/** `Blobs` over SQL: content-addressed within an organization. */
import { BlobId, Blobs, type OrgId, StoreError } from "@opencx/core"
import { Clock, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"
import { contentAddress } from "./digest.ts"

export interface BlobOptions {
  /** The largest blob that is taken, in bytes. Default: 64 MiB. */
  readonly maxBytes?: number | undefined
}

const defaultMaxBytes = 64 * 1024 * 1024

const blobRows = decoderOf(Schema.Struct({ bytes: Schema.Uint8Array }))

const makeBlobs = (db: Database, maxBytes: number) => {
  const { sql } = db

  /** Known bytes are not sent to the database again: mails carry the same logo every time. */
  const put = Effect.fn("Blobs.put")(function* (orgId: OrgId, bytes: Uint8Array) {
    if (bytes.byteLength > maxBytes) {
      const detail = `a blob of ${bytes.byteLength} bytes is larger than the limit of ${maxBytes}`
      return yield* new StoreError({ operation: "Blobs.put", detail })
    }
    const id = contentAddress(bytes)
    const known = yield* sql`SELECT 1 AS found FROM opencx_blobs WHERE org_id = ${orgId} AND id = ${id}`
    if (known.length === 0) {
      const created_at = yield* Clock.currentTimeMillis
      yield* sql`INSERT INTO opencx_blobs (org_id, id, bytes, created_at) VALUES (${orgId}, ${id}, ${bytes}, ${created_at})
        ON CONFLICT (org_id, id) DO NOTHING`
    }
    return BlobId.make(id)
  }, db.run("Blobs.put"))

  const get = Effect.fn("Blobs.get")(function* (orgId: OrgId, id: BlobId) {
    const rows = yield* sql`SELECT bytes FROM opencx_blobs WHERE org_id = ${orgId} AND id = ${id}`
    return (yield* blobRows.first(rows))?.bytes ?? null
  }, db.run("Blobs.get"))

  return Blobs.of({ put, get })
}

export const layer = (options: BlobOptions = {}): Layer.Layer<Blobs, never, SqlClient.SqlClient> =>
  Layer.effect(
    Blobs,
    Effect.map(database, (db) => makeBlobs(db, options.maxBytes ?? defaultMaxBytes)),
  )
