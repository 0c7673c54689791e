/** What sources were last seen to list, over SQL. */
import type { ListedItem, OrgId, SourceListing } from "@opencx/core"
import { Array as Arr, Effect, Schema } from "effect"
import { Int64 } from "../sql/columns.ts"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows per statement. */
const batch = 200

const itemRows = decoderOf(
  Schema.Struct({
    key: Schema.String,
    shelf: Schema.String,
    state: Schema.Literals(["public", "internal", "draft", "failed"]),
    mark: Schema.String,
    updated_at: Int64,
  }),
)
const unseenRows = decoderOf(
  Schema.Struct({ key: Schema.String, shelf: Schema.NullOr(Schema.String), stored: Int64 }),
)
const countRows = decoderOf(Schema.Struct({ shelf: Schema.String, listed: Int64, open: Int64 }))

const makeWrites = (db: Database) => {
  const { sql } = db

  const see = Effect.fn("SourceListing.see")(function* (
    orgId: OrgId,
    sourceId: string,
    run: number,
    items: ReadonlyArray<ListedItem>,
  ) {
    const latest = new Map(items.map((item) => [keyOf(item.key), item]))
    for (const chunk of Arr.chunksOf([...latest], batch)) {
      const rows = chunk.map(([lookup, item]) => ({
        org_id: orgId,
        source_id: sourceId,
        lookup,
        key: item.key,
        shelf: item.shelf,
        state: item.state,
        mark: item.mark,
        updated_at: Math.trunc(item.updatedAt),
        run: Math.trunc(run),
      }))
      if (!Arr.isArrayNonEmpty(rows)) continue
      yield* sql`INSERT INTO opencx_source_items ${sql.insert(rows)}
        ON CONFLICT (org_id, source_id, lookup) DO UPDATE SET shelf = excluded.shelf, state = excluded.state,
          mark = excluded.mark, updated_at = excluded.updated_at, run = excluded.run`
    }
  }, db.transaction("SourceListing.see"))

  const forget = Effect.fn("SourceListing.forget")(function* (
    orgId: OrgId,
    sourceId: string,
    keys: ReadonlyArray<string>,
  ) {
    for (const chunk of Arr.chunksOf(Arr.dedupe(keys.map(keyOf)), batch)) {
      yield* sql`DELETE FROM opencx_source_items
        WHERE org_id = ${orgId} AND source_id = ${sourceId} AND lookup IN ${sql.in(chunk)}`
    }
  }, db.transaction("SourceListing.forget"))

  return { see, forget }
}

const makeReads = (db: Database) => {
  const { sql } = db

  const items = Effect.fn("SourceListing.items")(function* (
    orgId: OrgId,
    sourceId: string,
    keys: ReadonlyArray<string>,
  ) {
    const found = new Map<string, ListedItem>()
    for (const chunk of Arr.chunksOf(Arr.dedupe(keys.map(keyOf)), batch)) {
      const rows = yield* itemRows.all(
        yield* sql`SELECT key, shelf, state, mark, updated_at FROM opencx_source_items
          WHERE org_id = ${orgId} AND source_id = ${sourceId} AND lookup IN ${sql.in(chunk)}`,
      )
      for (const { updated_at: updatedAt, ...row } of rows) found.set(row.key, { ...row, updatedAt })
    }
    return found
  }, db.run("SourceListing.items"))

  const unseen = Effect.fn("SourceListing.unseen")(function* (
    orgId: OrgId,
    sourceId: string,
    run: number,
    shelf?: string,
  ) {
    const onShelf = shelf === undefined ? sql`1 = 1` : sql`i.shelf = ${shelf}`
    const listed = yield* unseenRows.all(
      yield* sql`SELECT i.key, i.shelf, CASE WHEN a.key IS NULL THEN 0 ELSE 1 END AS stored
        FROM opencx_source_items i LEFT JOIN opencx_articles a
          ON a.org_id = i.org_id AND a.source_id = i.source_id AND a.lookup = i.lookup AND a.removed = 0
        WHERE i.org_id = ${orgId} AND i.source_id = ${sourceId} AND i.run <> ${Math.trunc(run)} AND ${onShelf}
        ORDER BY i.lookup`,
    )
    const older =
      shelf !== undefined
        ? []
        : yield* unseenRows.all(
            yield* sql`SELECT a.key, NULL AS shelf, 1 AS stored
              FROM opencx_articles a LEFT JOIN opencx_source_items i
                ON i.org_id = a.org_id AND i.source_id = a.source_id AND i.lookup = a.lookup
              WHERE a.org_id = ${orgId} AND a.source_id = ${sourceId} AND a.removed = 0 AND i.lookup IS NULL
              ORDER BY a.lookup`,
          )
    return [...listed, ...older].map((row) => ({
      key: row.key,
      shelf: row.shelf,
      isStored: row.stored === 1,
    }))
  }, db.run("SourceListing.unseen"))

  const counts = Effect.fn("SourceListing.counts")(function* (orgId: OrgId, sourceId: string) {
    const rows = yield* countRows.all(
      yield* sql`SELECT shelf, COUNT(*) AS listed, SUM(CASE WHEN state = 'public' THEN 1 ELSE 0 END) AS open
        FROM opencx_source_items WHERE org_id = ${orgId} AND source_id = ${sourceId} GROUP BY shelf`,
    )
    return new Map(rows.map((row) => [row.shelf, { listed: row.listed, public: row.open }]))
  }, db.run("SourceListing.counts"))

  return { items, unseen, counts }
}

export const makeListing = (db: Database): SourceListing => ({ ...makeWrites(db), ...makeReads(db) })
