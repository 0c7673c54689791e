/** `Threads` over SQL. */
import { foldAddress, ThreadKey, Threads, type ThreadScope } from "@opencx/core"
import { Array as Arr, Clock, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { upsertAddress } from "./upsertAddress.ts"

const threadRows = decoderOf(Schema.Struct({ name: ThreadKey }))
const addressRows = decoderOf(Schema.Struct({ address: Schema.NullOr(Schema.String) }))

/** Rows per statement: four parameters each, and both databases take more than 30,000. */
const batch = 1_000

const participantKey = (participant: string): string => keyOf(foldAddress(participant))

const distinctKeys = (values: ReadonlyArray<string>, key: (value: string) => string): ReadonlyArray<string> =>
  Arr.dedupe(values.map(key))

const makeRecord = (db: Database) => {
  const { sql } = db
  const addAll = (table: string, column: string, rows: ReadonlyArray<Record<string, unknown>>) =>
    Effect.forEach(
      Arr.chunksOf(rows, batch).filter(Arr.isReadonlyArrayNonEmpty),
      (chunk) => sql`INSERT INTO ${sql(table)} ${sql.insert(chunk)}
        ON CONFLICT (org_id, account_id, thread_key, ${sql(column)}) DO NOTHING`,
      { discard: true },
    )

  return Effect.fn("Threads.record")(function* (
    scope: ThreadScope,
    key: ThreadKey,
    input: { readonly messageIds: ReadonlyArray<string>; readonly participants: ReadonlyArray<string> },
  ) {
    const thread = { org_id: scope.orgId, account_id: scope.accountId, thread_key: keyOf(key) }
    const updated_at = yield* Clock.currentTimeMillis
    yield* sql`INSERT INTO opencx_threads ${sql.insert({ ...thread, name: key, updated_at })}
      ON CONFLICT (org_id, account_id, thread_key) DO UPDATE SET updated_at = excluded.updated_at`
    const messages = distinctKeys(input.messageIds, keyOf).map((message_id) => ({ ...thread, message_id }))
    yield* addAll("opencx_thread_messages", "message_id", messages)
    const people = distinctKeys(input.participants, participantKey).map((participant) => ({
      ...thread,
      participant,
    }))
    yield* addAll("opencx_thread_participants", "participant", people)
  }, db.transaction("Threads.record"))
}

const makeThreads = (db: Database) => {
  const { sql } = db
  const where = (scope: ThreadScope, key: ThreadKey) =>
    sql`org_id = ${scope.orgId} AND account_id = ${scope.accountId} AND thread_key = ${keyOf(key)}`

  const findByMessageIds = Effect.fn("Threads.findByMessageIds")(function* (
    scope: ThreadScope,
    messageIds: ReadonlyArray<string>,
    participant: string,
  ) {
    const ids = distinctKeys(messageIds, keyOf).slice(-batch)
    if (ids.length === 0) return null
    const rows = yield* sql`
      SELECT t.name FROM opencx_threads t
      WHERE t.org_id = ${scope.orgId} AND t.account_id = ${scope.accountId}
        AND t.thread_key IN (
          SELECT m.thread_key FROM opencx_thread_messages m
          WHERE m.org_id = ${scope.orgId} AND m.account_id = ${scope.accountId} AND m.message_id IN ${sql.in(ids)})
        AND EXISTS (
          SELECT 1 FROM opencx_thread_participants p
          WHERE p.org_id = t.org_id AND p.account_id = t.account_id AND p.thread_key = t.thread_key
            AND p.participant = ${participantKey(participant)})
      ORDER BY t.updated_at DESC, t.thread_key LIMIT 1`
    return (yield* threadRows.first(rows))?.name ?? null
  }, db.run("Threads.findByMessageIds"))

  const exists = Effect.fn("Threads.exists")(function* (scope: ThreadScope, key: ThreadKey) {
    const rows = yield* sql`SELECT 1 AS found FROM opencx_threads WHERE ${where(scope, key)}`
    return rows.length > 0
  }, db.run("Threads.exists"))

  const address = Effect.fn("Threads.address")(function* (scope: ThreadScope, key: ThreadKey) {
    const rows = yield* sql`SELECT address FROM opencx_threads WHERE ${where(scope, key)}`
    return (yield* addressRows.first(rows))?.address ?? null
  }, db.run("Threads.address"))

  const setAddress = Effect.fn("Threads.setAddress")(function* (
    scope: ThreadScope,
    key: ThreadKey,
    value: string,
  ) {
    const now = yield* Clock.currentTimeMillis
    yield* upsertAddress(db, scope, { key, address: value, now })
  }, db.run("Threads.setAddress"))

  return Threads.of({ findByMessageIds, exists, record: makeRecord(db), address, setAddress })
}

export const layer: Layer.Layer<Threads, never, SqlClient.SqlClient> = Layer.effect(
  Threads,
  Effect.map(database, makeThreads),
)
