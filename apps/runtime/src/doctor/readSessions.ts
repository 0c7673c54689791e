/** Reads conversations for the checks: what our store says of them, and how they stand in Zendesk now. */
import {
  Contacts,
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
import {
  type AccountFindings,
  type AccountToVerify,
  type Finding,
  messagingOf,
  SunshineConnection,
  type ZendeskClient,
} from "@opencx/zendesk"
import { Clock, Effect, Option, Schema } from "effect"
import type { ChatChart, SessionChart } from "./Chart.ts"
import { ticketingFor } from "./readAccount.ts"
import { absent, read, type Reading, reading, unread } from "./Reading.ts"
import { entryWithoutPeople, workWithoutPeople } from "./withoutPeople.ts"

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

const isGood = (findings: ReadonlyArray<Finding>, name: string): boolean =>
  findings.some(({ id, ok }) => id === name && ok)

/**
 * Both sides of Zendesk over the account's own clients; null where a side is not connected, or where verification has just
 * found that it lets nobody in: each further call would only wait for the same.
 */
const deskOf = (account: AccountToVerify, findings: AccountFindings): Desk => {
  const connection = decodeMessaging(account.messaging)
  const client = account.setup?.messaging?.client
  const letsIn = isGood(findings.ticketing, "credentials")
  const chats = connection._tag === "Some" && client !== undefined && isGood(findings.messaging, "app_key")
  return {
    ticketing: letsIn ? ticketingFor(account) : null,
    messaging: chats ? messagingOf(connection.value, client).port : null,
    support: letsIn ? (account.setup?.support?.client ?? null) : null,
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

const timelineOf = Effect.fnUntraced(function* ({ id, lastSeq, orgId }: Session) {
  const store = yield* ConversationStore
  return yield* store.timeline(orgId, id, {
    after: Math.max(0, lastSeq - bounds.entries),
    limit: bounds.entries,
  })
})

/** The first so many that something holds for. */
const firstOf = (sessions: ReadonlyArray<Session>, most: number, holds: (one: Session) => boolean) =>
  new Set(
    sessions
      .filter(holds)
      .slice(0, most)
      .map(({ id }) => id),
  )

const chartsOf = Effect.fnUntraced(function* (
  desk: Desk,
  sessions: ReadonlyArray<Session>,
  dead: ReadonlyArray<Work>,
) {
  const { ticketing } = desk
  const contacts = yield* Contacts
  const linked = yield* linkedTickets(desk, sessions)
  const chats = firstOf(sessions, bounds.chats, ({ chat, state }) => chat !== null && state !== "closed")
  const lookups = firstOf(sessions, bounds.lookups, ({ handoffs }) => handoffs > 0)
  const chartOf = Effect.fnUntraced(function* (session: Session) {
    const asksTickets = ticketing !== null && lookups.has(session.id)
    return {
      session,
      contact: yield* contacts.get(session.orgId, session.contactId),
      timeline: (yield* timelineOf(session)).map(entryWithoutPeople),
      dead: dead.filter(({ sessionId }) => sessionId === session.id).map(workWithoutPeople),
      ticket: linkedTicket(linked, session),
      tickets: asksTickets ? yield* reading(ticketing.findByExternalId(session.id)) : absent,
      chat: chats.has(session.id) ? yield* chatOf(desk, session) : absent,
    } satisfies SessionChart
  })
  return yield* Effect.forEach(sessions, chartOf, { concurrency: 4 })
})

/** The conversations of the last seven days, and older ones with work that was given up. */
export const readRecent = Effect.fnUntraced(function* (
  orgId: OrgId,
  account: AccountToVerify,
  findings: AccountFindings,
) {
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
  return yield* chartsOf(deskOf(account, findings), all, dead)
})

/** One conversation. */
export const readOne = Effect.fnUntraced(function* (
  session: Session,
  account: AccountToVerify,
  findings: AccountFindings,
) {
  const store = yield* ConversationStore
  const dead = yield* store.deadLetters(session.orgId, bounds.dead)
  return yield* chartsOf(deskOf(account, findings), [session], dead)
})
