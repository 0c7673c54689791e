/** Deleting sessions with all that hangs on them. Every step can be repeated; the caller puts them into one transaction. */
import { laneKey, type OrgId, type Session, WorkQueue } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { hasJournal, tablesWith } from "./tables.ts"

const lanes = decoderOf(Schema.Struct({ lane: Schema.String }))

const idsOf = (sessions: ReadonlyArray<Session>) => sessions.map(({ id }) => id)

/** Lanes of these sessions on which nobody else has a session. */
const lonely = Effect.fnUntraced(function* ({ sql }: Database, sessions: ReadonlyArray<Session>) {
  const all = new Map(sessions.map((session) => [keyOf(laneKey(session)), session]))
  const shared = yield* lanes.all(
    yield* sql`SELECT DISTINCT lane FROM opencx_sessions
      WHERE lane IN ${sql.in([...all.keys()])} AND NOT (id IN ${sql.in(idsOf(sessions))})`,
  )
  for (const { lane } of shared) all.delete(lane)
  return [...all.values()]
})

const removeThreads = Effect.fnUntraced(function* ({ sql }: Database, sessions: ReadonlyArray<Session>) {
  const tables = ["opencx_thread_messages", "opencx_thread_participants", "opencx_threads", "opencx_consents"]
  for (const { accountId, orgId, threadKey } of sessions) {
    for (const table of tables) {
      yield* sql`DELETE FROM ${sql(table)}
        WHERE org_id = ${orgId} AND account_id = ${accountId} AND thread_key = ${keyOf(threadKey)}`
    }
  }
})

const removeMessages = Effect.fnUntraced(function* (
  { sql }: Database,
  condition: ReturnType<Database["sql"]["and"]>,
) {
  yield* sql`DELETE FROM cluster_replies WHERE request_id IN (SELECT id FROM cluster_messages WHERE ${condition})`
  yield* sql`DELETE FROM cluster_messages WHERE ${condition}`
})

/**
 * What the journal still has of these sessions. Where a lane is somebody else's too, only the messages go that name one of
 * these contacts.
 */
const removeJournal = Effect.fnUntraced(function* (
  db: Database,
  sessions: ReadonlyArray<Session>,
  contactIds: ReadonlyArray<string>,
) {
  const { sql } = db
  const own = (yield* lonely(db, sessions)).map(laneKey)
  if (own.length > 0) yield* sql`DELETE FROM opencx_events WHERE lane IN ${sql.in(own.map(keyOf))}`
  if (!(yield* hasJournal(db))) return
  const queues = idsOf(sessions).flatMap((id) => WorkQueue.literals.map((queue) => `${id}|${queue}`))
  yield* removeMessages(db, sql.and([sql`entity_type = 'WorkQueue'`, sql`entity_id IN ${sql.in(queues)}`]))
  if (own.length > 0)
    yield* removeMessages(db, sql.and([sql`entity_type = 'Conversation'`, sql`entity_id IN ${sql.in(own)}`]))
  const shared = sessions.map(laneKey).filter((lane) => !own.includes(lane))
  if (shared.length === 0) return
  for (const id of contactIds)
    yield* removeMessages(
      db,
      sql.and([sql`entity_id IN ${sql.in(shared)}`, sql`payload LIKE ${`%"${id}"%`}`]),
    )
})

/** What is deleted with sessions: their rows everywhere, and the threads that are nobody else's. */
const removeSessions = Effect.fnUntraced(function* (db: Database, sessions: ReadonlyArray<Session>) {
  const { sql } = db
  yield* removeThreads(db, yield* lonely(db, sessions))
  yield* sql`DELETE FROM opencx_delivery_parts WHERE (org_id, delivery_id) IN (
    SELECT org_id, delivery_id FROM opencx_entries
    WHERE session_id IN ${sql.in(idsOf(sessions))} AND delivery_id IS NOT NULL)`
  for (const table of yield* tablesWith(db, "session_id"))
    yield* sql`DELETE FROM ${sql(table)} WHERE session_id IN ${sql.in(idsOf(sessions))}`
  yield* sql`DELETE FROM opencx_sessions WHERE id IN ${sql.in(idsOf(sessions))}`
})

const removeFiles = ({ sql }: Database, orgId: OrgId, files: ReadonlyArray<string>) =>
  files.length === 0
    ? Effect.void
    : Effect.asVoid(sql`DELETE FROM opencx_blobs WHERE org_id = ${orgId} AND id IN ${sql.in(files)}`)

export interface Removal {
  readonly orgId: OrgId
  readonly sessions: ReadonlyArray<Session>
  /** Files that are nobody else's. */
  readonly files: ReadonlyArray<string>
  /** Whose words are to go from the journal too; empty to leave it to its own upkeep. */
  readonly contactIds: ReadonlyArray<string>
}

/** Sessions at most per transaction: Postgres gives each a few seconds. */
export const perTransaction = 100

export const remove = Effect.fnUntraced(function* (
  db: Database,
  { contactIds, files, orgId, sessions }: Removal,
) {
  yield* removeFiles(db, orgId, files)
  if (sessions.length === 0) return
  if (contactIds.length > 0) yield* removeJournal(db, sessions, contactIds)
  yield* removeSessions(db, sessions)
})
