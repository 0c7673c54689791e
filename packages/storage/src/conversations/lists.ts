/** Many sessions: for the console, for folding a contact's sessions, for reconciliation. */
import { type ConversationStore, type Lane, laneKey, type OrgId, type SessionState } from "@opencx/core"
import type { Context } from "effect"
import { Clock, Effect } from "effect"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { sessionRows } from "./rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

type Lists = Pick<Store, "sessions" | "sessionsOfLane" | "openSessionsOf" | "watched">

const rowLimit = (limit: number): number => Math.max(0, Math.min(Math.floor(limit), 10_000))

export const makeLists = (db: Database): Lists => {
  const { sql } = db
  const decodeAll = (rows: ReadonlyArray<unknown>) =>
    Effect.map(sessionRows.all(rows), (decoded) => decoded.map((row) => row.body))

  const sessions = Effect.fn("ConversationStore.sessions")(function* (
    orgId: OrgId,
    filter: {
      readonly states?: ReadonlyArray<SessionState>
      readonly limit: number
      readonly before?: number
    },
  ) {
    const clauses = [sql`org_id = ${orgId}`]
    if (filter.states !== undefined) {
      if (filter.states.length === 0) return []
      clauses.push(sql`state IN ${sql.in(filter.states)}`)
    }
    if (filter.before !== undefined) clauses.push(sql`updated_at < ${Math.ceil(filter.before)}`)
    return yield* decodeAll(
      yield* sql`SELECT body FROM opencx_sessions WHERE ${sql.and(clauses)}
        ORDER BY updated_at DESC, id LIMIT ${rowLimit(filter.limit)}`,
    )
  }, db.run("ConversationStore.sessions"))

  const sessionsOfLane = Effect.fn("ConversationStore.sessionsOfLane")(function* (lane: Lane, limit: number) {
    const newestFirst = yield* decodeAll(
      yield* sql`SELECT body FROM opencx_sessions WHERE lane = ${keyOf(laneKey(lane))}
        ORDER BY created_at DESC, id DESC LIMIT ${rowLimit(limit)}`,
    )
    return newestFirst.toReversed()
  }, db.run("ConversationStore.sessionsOfLane"))

  /** A session keeps the contact that it was opened for; looking it up follows merges, from either side. */
  const openSessionsOf = Effect.fn("ConversationStore.openSessionsOf")(function* (
    orgId: OrgId,
    contactId: string,
  ) {
    return yield* decodeAll(
      yield* sql`
        WITH survivor AS (
          SELECT COALESCE(
            (SELECT merged_into FROM opencx_contacts WHERE id = ${contactId} AND org_id = ${orgId}), ${contactId}
          ) AS id)
        SELECT body FROM opencx_sessions
        WHERE org_id = ${orgId} AND closed = 0 AND contact_id IN (
          SELECT id FROM survivor
          UNION ALL
          SELECT c.id FROM opencx_contacts c WHERE c.org_id = ${orgId} AND c.merged_into = (SELECT id FROM survivor))
        ORDER BY created_at DESC, id`,
    )
  }, db.run("ConversationStore.openSessionsOf"))

  /** What was handed out goes to the end of the line, so that a limit starves nobody. */
  const watched = Effect.fn("ConversationStore.watched")(function* (orgId: OrgId, limit: number) {
    const found = yield* decodeAll(
      yield* sql`SELECT body FROM opencx_sessions WHERE org_id = ${orgId} AND watched = 1
        ORDER BY seen_at, id LIMIT ${rowLimit(limit)}`,
    )
    if (found.length > 0) {
      const now = yield* Clock.currentTimeMillis
      yield* sql`UPDATE opencx_sessions SET seen_at = ${now} WHERE ${sql.in(
        "id",
        found.map((s) => s.id),
      )}`
    }
    return found
  }, db.transaction("ConversationStore.watched"))

  return { sessions, sessionsOfLane, openSessionsOf, watched }
}
