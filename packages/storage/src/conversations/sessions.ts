/** Reading sessions and timelines. */
import type { ConversationStore, DeliveryId, OrgId, SessionId, SessionState, TicketId } from "@opencx/core"
import type { Context } from "effect"
import { Clock, Effect } from "effect"
import type { Database } from "../sql/Database.ts"
import { deliveryRows, entryRows, sessionRows } from "./rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

type Reads = Pick<
  Store,
  "session" | "sessionByTicket" | "delivery" | "timeline" | "sessions" | "openSessionsOf" | "watched"
>

const rowLimit = (limit: number): number => Math.max(0, Math.min(Math.floor(limit), 10_000))

export const makeSessionReads = (db: Database): Reads => {
  const { sql } = db
  const decodeAll = (rows: ReadonlyArray<unknown>) =>
    Effect.map(sessionRows.all(rows), (decoded) => decoded.map((row) => row.body))
  const decodeFirst = (rows: ReadonlyArray<unknown>) =>
    Effect.map(sessionRows.first(rows), (row) => row?.body ?? null)

  const session = Effect.fn("ConversationStore.session")(function* (orgId: OrgId, id: SessionId) {
    return yield* decodeFirst(
      yield* sql`SELECT body FROM opencx_sessions WHERE id = ${id} AND org_id = ${orgId}`,
    )
  }, db.run("ConversationStore.session"))

  const sessionByTicket = Effect.fn("ConversationStore.sessionByTicket")(function* (orgId: OrgId, ticketId: TicketId) {
    return yield* decodeFirst(
      yield* sql`SELECT body FROM opencx_sessions WHERE org_id = ${orgId} AND ticket_id = ${ticketId}
        ORDER BY closed, created_at DESC, id LIMIT 1`,
    )
  }, db.run("ConversationStore.sessionByTicket"))

  const delivery = Effect.fn("ConversationStore.delivery")(function* (orgId: OrgId, id: DeliveryId) {
    const row = yield* deliveryRows.first(
      yield* sql`SELECT e.seq, s.body FROM opencx_entries e JOIN opencx_sessions s ON s.id = e.session_id
        WHERE e.delivery_id = ${id} AND e.org_id = ${orgId} LIMIT 1`,
    )
    return row === null ? null : { session: row.body, seq: row.seq }
  }, db.run("ConversationStore.delivery"))

  const timeline = Effect.fn("ConversationStore.timeline")(function* (
    sessionId: SessionId,
    options?: { readonly after?: number; readonly limit?: number },
  ) {
    const limit = options?.limit === undefined ? 2_147_483_647 : Math.max(0, Math.floor(options.limit))
    return yield* entryRows.all(
      yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
        WHERE session_id = ${sessionId} AND seq > ${Math.floor(options?.after ?? 0)} ORDER BY seq LIMIT ${limit}`,
    )
  }, db.run("ConversationStore.timeline"))

  const sessions = Effect.fn("ConversationStore.sessions")(function* (
    orgId: OrgId,
    filter: { readonly states?: ReadonlyArray<SessionState>; readonly limit: number; readonly before?: number },
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

  const openSessionsOf = Effect.fn("ConversationStore.openSessionsOf")(function* (orgId: OrgId, contactId: string) {
    return yield* decodeAll(
      yield* sql`SELECT body FROM opencx_sessions
        WHERE org_id = ${orgId} AND contact_id = ${contactId} AND closed = 0 ORDER BY created_at DESC, id`,
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
      yield* sql`UPDATE opencx_sessions SET seen_at = ${now} WHERE ${sql.in("id", found.map((s) => s.id))}`
    }
    return found
  }, db.transaction("ConversationStore.watched"))

  return { session, sessionByTicket, delivery, timeline, sessions, openSessionsOf, watched }
}
