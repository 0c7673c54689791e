/** Reads conversations for the checks: what our store says of them, and how they stand in Zendesk now. */
import {
  ConversationStore,
  isAssist,
  type Messaging,
  type OrgId,
  type Session,
  type TicketId,
  type Ticketing,
  type TicketSnapshot,
  type Work,
} from "@opencx/core"
import { type AccountToVerify, messagingOf, SunshineConnection, type ZendeskClient } from "@opencx/zendesk"
import { Clock, Effect, Option, Schema } from "effect"
import type { ChatChart, SessionChart } from "./Chart.ts"
import { ticketingFor } from "./readAccount.ts"
import { absent, read, type Reading, reading, unread } from "./Reading.ts"

/** As long as Zendesk keeps the activity of its webhooks. */
const recentMs = 7 * 86_400_000
/** Bounds of one diagnosis: sessions, dead letters, entries of each; and of those that cost a call each. */
const bounds = { sessions: 50, dead: 200, entries: 200, chats: 20, lookups: 10 } as const

interface Desk {
  readonly ticketing: Ticketing["Service"] | null
  readonly messaging: Messaging["Service"] | null
  readonly support: ZendeskClient | null
}

const decodeMessaging = Schema.decodeUnknownOption(SunshineConnection)

/** Both sides of Zendesk over the account's own clients; null where a side is not connected or cannot be used. */
const deskOf = (account: AccountToVerify): Desk => {
  const connection = decodeMessaging(account.messaging)
  const client = account.setup?.messaging?.client
  return {
    ticketing: ticketingFor(account),
    messaging:
      connection._tag === "Some" && client !== undefined ? messagingOf(connection.value, client).port : null,
    support: account.setup?.support?.client ?? null,
  }
}

/** `GET /api/v2/tickets/messaging/conversations/{id}/ticket`: Zendesk's OpenAPI file of Support. */
const ChatTicket = Schema.Struct({ ticket: Schema.Struct({ status: Schema.String }) })

const chatTicketStatus = Effect.fnUntraced(function* (support: ZendeskClient, conversationId: string) {
  const path = `/api/v2/tickets/messaging/conversations/${encodeURIComponent(conversationId)}/ticket`
  // 404 when no ticket is active; other failures leave it unknown, which is the same to those who ask.
  const found = yield* Effect.option(support.json(ChatTicket, { method: "GET", path }))
  return Option.getOrNull(Option.map(found, ({ ticket }) => ticket.status))
})

const chatOf = Effect.fnUntraced(function* ({ messaging, support }: Desk, { chat }: Session) {
  if (chat === null) return absent
  if (messaging === null)
    return unread("Sunshine Conversations is not connected, or its settings cannot be used.")
  const control = yield* reading(messaging.control(chat.conversationId))
  if (control._tag !== "Read") return control
  const asksTicket = support !== null && control.value === "humans"
  return read<ChatChart>({
    control: control.value,
    ticketStatus: asksTicket ? yield* chatTicketStatus(support, chat.conversationId) : null,
  })
})

type Linked = Reading<ReadonlyMap<TicketId, TicketSnapshot>>

const linkedTickets = (desk: Desk, sessions: ReadonlyArray<Session>): Effect.Effect<Linked> => {
  const ids = sessions.flatMap(({ ticket }) => (ticket === null ? [] : [ticket.ticketId]))
  if (ids.length === 0) return Effect.succeed(absent)
  if (desk.ticketing === null)
    return Effect.succeed(unread("Zendesk Support is not connected, or its settings cannot be used."))
  return reading(
    Effect.map(
      desk.ticketing.getMany(ids),
      (found) => new Map(found.map((one) => [one.ticketId, one] as const)),
    ),
  )
}

const linkedTicket = (linked: Linked, { ticket }: Session): SessionChart["ticket"] => {
  if (ticket === null) return absent
  return linked._tag === "Read" ? read(linked.value.get(ticket.ticketId) ?? null) : linked
}

const timelineOf = Effect.fnUntraced(function* ({ id, lastSeq }: Session) {
  const store = yield* ConversationStore
  return yield* store.timeline(id, { after: Math.max(0, lastSeq - bounds.entries), limit: bounds.entries })
})

const chartsOf = Effect.fnUntraced(function* (
  desk: Desk,
  sessions: ReadonlyArray<Session>,
  dead: ReadonlyArray<Work>,
) {
  const linked = yield* linkedTickets(desk, sessions)
  const charts: Array<SessionChart> = []
  let [chats, lookups] = [0, 0]
  for (const session of sessions) {
    const asksChat = session.chat !== null && session.state !== "closed" && chats++ < bounds.chats
    charts.push({
      session,
      timeline: yield* timelineOf(session),
      dead: dead.filter(({ sessionId }) => sessionId === session.id),
      ticket: linkedTicket(linked, session),
      tickets:
        desk.ticketing !== null && session.handoffs > 0 && lookups++ < bounds.lookups
          ? yield* reading(desk.ticketing.findByExternalId(session.id))
          : absent,
      chat: asksChat ? yield* chatOf(desk, session) : absent,
    })
  }
  return charts
})

/** The conversations of the last seven days, and older ones with work that was given up. */
export const readRecent = Effect.fnUntraced(function* (orgId: OrgId, account: AccountToVerify) {
  const store = yield* ConversationStore
  const since = (yield* Clock.currentTimeMillis) - recentMs
  const newest = yield* store.sessions(orgId, { limit: bounds.sessions })
  const dead = yield* store.deadLetters(orgId, bounds.dead)
  const recent = newest.filter((one) => !isAssist(one) && one.updatedAt >= since)
  const missing = [...new Set(dead.map(({ sessionId }) => sessionId))]
    .filter((id) => !recent.some((one) => one.id === id))
    .slice(0, bounds.sessions)
  const older = yield* Effect.forEach(missing, (id) => store.session(orgId, id))
  const all = [...recent, ...older.filter((one) => one !== null)]
  return yield* chartsOf(deskOf(account), all, dead)
})

/** One conversation. */
export const readOne = Effect.fnUntraced(function* (account: AccountToVerify, session: Session) {
  const store = yield* ConversationStore
  const dead = yield* store.deadLetters(session.orgId, bounds.dead)
  return yield* chartsOf(deskOf(account), [session], dead)
})
