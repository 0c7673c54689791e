/** One session or its timeline. */
import type { ChatId, ConversationStore, DeliveryId, OrgId, SessionId, TicketId } from "@opencx/core"
import type { Context } from "effect"
import { Effect } from "effect"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { deliveryRows, entryRows, sessionRows } from "./rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

type Lookups = Pick<Store, "session" | "sessionByTicket" | "sessionByChat" | "delivery" | "timeline">

export const makeLookups = (db: Database): Lookups => {
  const { sql } = db
  const decodeFirst = (rows: ReadonlyArray<unknown>) =>
    Effect.map(sessionRows.first(rows), (row) => row?.body ?? null)

  const session = Effect.fn("ConversationStore.session")(function* (orgId: OrgId, id: SessionId) {
    return yield* decodeFirst(
      yield* sql`SELECT body FROM opencx_sessions WHERE id = ${id} AND org_id = ${orgId}`,
    )
  }, db.run("ConversationStore.session"))

  const sessionByTicket = Effect.fn("ConversationStore.sessionByTicket")(function* (
    orgId: OrgId,
    ticketId: TicketId,
  ) {
    return yield* decodeFirst(
      yield* sql`SELECT body FROM opencx_sessions WHERE org_id = ${orgId} AND ticket_id = ${ticketId}
        ORDER BY closed, created_at DESC, id LIMIT 1`,
    )
  }, db.run("ConversationStore.sessionByTicket"))

  const sessionByChat = Effect.fn("ConversationStore.sessionByChat")(function* (
    orgId: OrgId,
    chatId: ChatId,
  ) {
    return yield* decodeFirst(
      yield* sql`SELECT body FROM opencx_sessions WHERE org_id = ${orgId} AND chat_id = ${keyOf(chatId)}
        ORDER BY created_at DESC, id LIMIT 1`,
    )
  }, db.run("ConversationStore.sessionByChat"))

  const delivery = Effect.fn("ConversationStore.delivery")(function* (orgId: OrgId, id: DeliveryId) {
    const row = yield* deliveryRows.first(
      yield* sql`SELECT e.seq, s.body FROM opencx_entries e JOIN opencx_sessions s ON s.id = e.session_id
        WHERE e.delivery_id = ${id} AND e.org_id = ${orgId} LIMIT 1`,
    )
    return row === null ? null : { session: row.body, seq: row.seq }
  }, db.run("ConversationStore.delivery"))

  const timeline = Effect.fn("ConversationStore.timeline")(function* (
    orgId: OrgId,
    sessionId: SessionId,
    options?: { readonly after?: number; readonly limit?: number },
  ) {
    const limit = options?.limit === undefined ? 2_147_483_647 : Math.max(0, Math.floor(options.limit))
    return yield* entryRows.all(
      yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
        WHERE session_id = ${sessionId} AND org_id = ${orgId} AND seq > ${Math.floor(options?.after ?? 0)} ORDER BY seq LIMIT ${limit}`,
    )
  }, db.run("ConversationStore.timeline"))

  return { session, sessionByTicket, sessionByChat, delivery, timeline }
}
