/** `ArticleStore` over SQL. One revision per batch that changed something; a removed article leaves a tombstone. */
import { type Article, ArticleStore, type OrgId } from "@opencx/core"
import { Array as Arr, Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { makeListing } from "./listing.ts"
import { makeRuns } from "./runs.ts"
import { articleRows, articleToRow, hashRows, removedRows, revisionRows, stateRows } from "./rows.ts"

/** Articles per statement: large enough to be quick, small enough to leave the event loop alone. */
const batch = 200

/**
 * Takes the organization's next revision. On Postgres the row stays locked up to the commit, so that a reader can never
 * see a revision before a lower one.
 */
const makeNextRevision = ({ sql }: Database) =>
  Effect.fnUntraced(function* (orgId: OrgId) {
    const rows = yield* sql`INSERT INTO opencx_article_revisions (org_id, revision) VALUES (${orgId}, 1)
      ON CONFLICT (org_id) DO UPDATE SET revision = opencx_article_revisions.revision + 1 RETURNING revision`
    return (yield* revisionRows.first(rows))?.revision ?? 1
  })

const makeUpsert = (db: Database) => {
  const { sql } = db
  const nextRevision = makeNextRevision(db)

  const knownHashes = Effect.fnUntraced(function* (orgId: OrgId, articles: ReadonlyArray<Article>) {
    const found = new Map<string, string>()
    for (const [sourceId, group] of Object.entries(Arr.groupBy(articles, (article) => article.sourceId))) {
      for (const chunk of Arr.chunksOf(group, batch)) {
        const lookups = chunk.map((article) => keyOf(article.key))
        const rows = yield* hashRows.all(
          yield* sql`SELECT source_id, key, hash FROM opencx_articles WHERE org_id = ${orgId}
            AND source_id = ${sourceId} AND removed = 0 AND lookup IN ${sql.in(lookups)}`,
        )
        for (const row of rows) found.set(identity(row.source_id, row.key), row.hash)
      }
    }
    return found
  })

  return Effect.fn("ArticleStore.upsert")(function* (orgId: OrgId, articles: ReadonlyArray<Article>) {
    const latest = new Map(articles.map((article) => [identity(article.sourceId, article.key), article]))
    const known = yield* knownHashes(orgId, [...latest.values()])
    const changed = [...latest].filter(([id, article]) => known.get(id) !== article.hash)
    if (changed.length === 0) return 0
    const revision = yield* nextRevision(orgId)
    let written = 0
    for (const chunk of Arr.chunksOf(changed, batch)) {
      const rows = yield* Effect.forEach(chunk, ([, article]) => articleToRow(orgId, revision, article))
      if (!Arr.isArrayNonEmpty(rows)) continue
      const kept = yield* sql`INSERT INTO opencx_articles ${sql.insert(rows)}
        ON CONFLICT (org_id, source_id, lookup) DO UPDATE SET
          hash = excluded.hash, revision = excluded.revision, removed = 0, body = excluded.body
        WHERE opencx_articles.hash <> excluded.hash OR opencx_articles.removed = 1
        RETURNING lookup`
      written += kept.length
    }
    return written
  }, db.transaction("ArticleStore.upsert"))
}

const identity = (sourceId: string, key: string): string => `${sourceId.length}:${sourceId}${key}`

const makeRemove = (db: Database) => {
  const { sql } = db
  const nextRevision = makeNextRevision(db)

  return Effect.fn("ArticleStore.remove")(function* (
    orgId: OrgId,
    sourceId: string,
    keys: ReadonlyArray<string>,
  ) {
    let revision: number | null = null
    let removed = 0
    for (const chunk of Arr.chunksOf(Arr.dedupe(keys.map(keyOf)), batch)) {
      const there =
        yield* sql`SELECT 1 FROM opencx_articles WHERE org_id = ${orgId} AND source_id = ${sourceId}
        AND removed = 0 AND lookup IN ${sql.in(chunk)} LIMIT 1`
      // Nothing to remove is no change, and readers need not look.
      if (there.length === 0) continue
      revision ??= yield* nextRevision(orgId)
      const rows = yield* sql`UPDATE opencx_articles SET removed = 1, revision = ${revision}, body = NULL
        WHERE org_id = ${orgId} AND source_id = ${sourceId} AND removed = 0 AND lookup IN ${sql.in(chunk)}
        RETURNING lookup`
      removed += rows.length
    }
    return removed
  }, db.transaction("ArticleStore.remove"))
}

const makeReads = (db: Database) => {
  const { sql } = db

  const hashes = Effect.fn("ArticleStore.hashes")(function* (orgId: OrgId, sourceId: string) {
    const rows = yield* hashRows.all(
      yield* sql`SELECT source_id, key, hash FROM opencx_articles
        WHERE org_id = ${orgId} AND source_id = ${sourceId} AND removed = 0`,
    )
    return new Map(rows.map((row) => [row.key, row.hash]))
  }, db.run("ArticleStore.hashes"))

  /** The revision is read first: what is written meanwhile is left for the next call, never skipped. */
  const changesSince = Effect.fn("ArticleStore.changesSince")(function* (orgId: OrgId, since: number) {
    const newest = yield* revisionRows.first(
      yield* sql`SELECT revision FROM opencx_article_revisions WHERE org_id = ${orgId}`,
    )
    const revision = Math.max(newest?.revision ?? 0, since)
    if (revision === since) return { revision, changed: [], removed: [] }
    const span = sql`org_id = ${orgId} AND revision > ${Math.floor(since)} AND revision <= ${revision}`
    const changed = yield* articleRows.all(
      yield* sql`SELECT body FROM opencx_articles WHERE ${span} AND removed = 0 ORDER BY source_id, lookup`,
    )
    const removed = yield* removedRows.all(
      yield* sql`SELECT source_id, key FROM opencx_articles WHERE ${span} AND removed = 1 ORDER BY source_id, lookup`,
    )
    return {
      revision,
      changed: changed.map((row) => row.body),
      removed: removed.map((row) => ({ sourceId: row.source_id, key: row.key })),
    }
  }, db.run("ArticleStore.changesSince"))

  const getState = Effect.fn("ArticleStore.getState")(function* (orgId: OrgId, sourceId: string) {
    const rows =
      yield* sql`SELECT state FROM opencx_source_states WHERE org_id = ${orgId} AND source_id = ${sourceId}`
    return (yield* stateRows.first(rows))?.state ?? null
  }, db.run("ArticleStore.getState"))

  const setState = Effect.fn("ArticleStore.setState")(function* (
    orgId: OrgId,
    sourceId: string,
    state: string,
  ) {
    yield* sql`INSERT INTO opencx_source_states (org_id, source_id, state) VALUES (${orgId}, ${sourceId}, ${state})
      ON CONFLICT (org_id, source_id) DO UPDATE SET state = excluded.state`
  }, db.run("ArticleStore.setState"))

  return { hashes, changesSince, getState, setState }
}

export const layer: Layer.Layer<ArticleStore, never, SqlClient.SqlClient> = Layer.effect(
  ArticleStore,
  Effect.map(database, (db) =>
    ArticleStore.of({
      upsert: makeUpsert(db),
      remove: makeRemove(db),
      ...makeReads(db),
      listing: makeListing(db),
      runs: makeRuns(db),
    }),
  ),
)
