import { Clock, Effect } from "effect"
import type { EntryBody } from "../domain/Entry.ts"
import type { DeliveryId, OrgId } from "../domain/Ids.ts"
import type { Session } from "../domain/Session.ts"
import type { ConversationStore } from "../ports/ConversationStore.ts"
import type { ContactState } from "./ContactBook.ts"
import { type ConversationState, newest } from "./conversationState.ts"

type Reads = Pick<
  ConversationStore["Service"],
  | "session"
  | "sessionByTicket"
  | "sessionByChat"
  | "sessionsOfLane"
  | "delivery"
  | "timeline"
  | "sessions"
  | "openSessionsOf"
  | "watched"
>

/** The delivery that an entry is, as against one that it merely tells about. */
const deliveryOf = (body: EntryBody): DeliveryId | null => {
  switch (body._tag) {
    case "AiAnswer":
    case "HumanReply":
    case "SystemMessage":
      return body.deliveryId
    default:
      return null
  }
}

const isOpen = (session: Session): boolean => session.state !== "closed"

const isWatched = (session: Session): boolean =>
  isOpen(session) && session.ticket !== null && session.ticket.status !== "closed"

const findDelivery = (state: ConversationState, orgId: OrgId, id: DeliveryId) => {
  for (const [sessionId, entries] of state.entries) {
    const session = state.sessions.get(sessionId)
    const entry = entries.find((candidate) => deliveryOf(candidate.body) === id)
    if (entry !== undefined && session?.orgId === orgId) return { session, seq: entry.seq }
  }
  return null
}

/** Reading sessions and timelines from memory. */
export const sessionReads = (state: ConversationState, contacts: ContactState): Reads => {
  const ofOrg = (orgId: OrgId) => [...state.sessions.values()].filter((session) => session.orgId === orgId)
  return {
    session: (orgId, id) =>
      Effect.sync(() => {
        const session = state.sessions.get(id)
        return session?.orgId === orgId ? session : null
      }),
    sessionByTicket: (orgId, ticketId) =>
      Effect.sync(() => {
        const linked = ofOrg(orgId).filter((session) => session.ticket?.ticketId === ticketId)
        return newest(linked.filter(isOpen)) ?? newest(linked)
      }),
    sessionByChat: (orgId, chatId) =>
      Effect.sync(() => newest(ofOrg(orgId).filter((session) => session.chat?.conversationId === chatId))),
    sessionsOfLane: (lane, limit) =>
      Effect.sync(() =>
        state
          .ofLane(lane)
          .toSorted((a, b) => b.createdAt - a.createdAt)
          .slice(0, limit)
          .toReversed(),
      ),
    delivery: (orgId, id) => Effect.sync(() => findDelivery(state, orgId, id)),
    timeline: (orgId, sessionId, options) =>
      Effect.sync(() =>
        (state.sessions.get(sessionId)?.orgId === orgId ? (state.entries.get(sessionId) ?? []) : [])
          .filter((entry) => entry.seq > (options?.after ?? 0))
          .slice(0, options?.limit),
      ),
    sessions: (orgId, { states, before, limit }) =>
      Effect.sync(() =>
        ofOrg(orgId)
          .filter((session) => states === undefined || states.includes(session.state))
          .filter((session) => before === undefined || session.updatedAt < before)
          .sort((a, b) => b.updatedAt - a.updatedAt)
          .slice(0, limit),
      ),
    openSessionsOf: (orgId, contactId) =>
      Effect.sync(() =>
        ofOrg(orgId)
          .filter(isOpen)
          .filter((session) => contacts.survivorOf(session.contactId) === contacts.survivorOf(contactId))
          .sort((a, b) => b.createdAt - a.createdAt),
      ),
    watched: (orgId, limit) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const seenAt = (session: Session) => state.seen.get(session.id) ?? 0
        const found = ofOrg(orgId)
          .filter(isWatched)
          .sort((a, b) => seenAt(a) - seenAt(b))
          .slice(0, limit)
        for (const session of found) state.seen.set(session.id, now)
        return found
      }),
  }
}
