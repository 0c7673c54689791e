/** `Bookmarks` over SQL: one row a feed. */
import { Bookmarks, type OrgId } from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { keyOf, plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

const rows = decoderOf(Schema.Struct({ place: Schema.String }))

const makeBookmarks = (db: Database) => {
  const { sql } = db

  const get = Effect.fn("Bookmarks.get")(function* (orgId: OrgId, feed: string) {
    const row = yield* rows.first(
      yield* sql`SELECT place FROM opencx_bookmarks WHERE org_id = ${orgId} AND feed = ${keyOf(feed)}`,
    )
    return row?.place ?? null
  }, db.run("Bookmarks.get"))

  const keep = Effect.fn("Bookmarks.keep")(function* (orgId: OrgId, feed: string, place: string) {
    yield* sql`
      INSERT INTO opencx_bookmarks ${sql.insert({ org_id: orgId, feed: keyOf(feed), place: plainText(place) })}
      ON CONFLICT (org_id, feed) DO UPDATE SET place = excluded.place`
  }, db.run("Bookmarks.keep"))

  return Bookmarks.of({ get, keep })
}

export const layer: Layer.Layer<Bookmarks, never, SqlClient.SqlClient> = Layer.effect(
  Bookmarks,
  Effect.map(database, makeBookmarks),
)
