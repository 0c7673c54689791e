import { textToHtml } from "../../support/text.ts"
import { createTicket, updateTicket } from "../../support/ticketWriter.ts"
import type { Ticket, Via } from "../../world/model.ts"
import { type Messaging, newId } from "../context.ts"
import { channelOf } from "../conversations/responder.ts"
import { nameOf } from "../users/names.ts"
import type { ChatSession, Conversation, Metadata } from "../world/model.ts"
import { capture, type Captured } from "./dataCapture.ts"
import { requesterOf } from "./requester.ts"

/** Channel names of messaging tickets and their numbers. The numbers are not in a document we have. */
const viaTypes: Readonly<Record<string, readonly [string, number]>> = {
  web: ["native_messaging", 72],
  whatsapp: ["whatsapp", 73],
  messenger: ["sunshine_conversations_facebook_messenger", 76],
  twilio: ["twilio_sms", 78],
  instagram: ["instagram_dm", 84],
}

const viaOf = (messaging: Messaging, conversation: Conversation): Via => {
  const type = channelOf(messaging.store, conversation)?.type ?? ""
  const [channel, id] = viaTypes[type] ?? ["sunshine_conversations_api", 85]
  return { channel, id, source: { from: {}, to: {}, rel: null } }
}

/** The first message the agent sees: the named one, else the last ten, else whatever is said from now on. */
const historyStart = (messaging: Messaging, conversation: Conversation, captured: Captured): string => {
  const { messages } = conversation
  const named = messages.find((message) => message.id === captured.firstMessageId)
  const workspace = messaging.store.switchboardIntegration(conversation.activeId)
  const first = named ?? messages.slice(-(workspace?.messageHistoryCount ?? 10))[0]
  return first?.id ?? newId(messaging)
}

const liveTicket = (messaging: Messaging, session: ChatSession | undefined): Ticket | undefined => {
  if (session === undefined) return undefined
  const ticket = messaging.world.tickets.find(session.ticketId)
  return ticket === undefined || ticket.status === "closed" ? undefined : ticket
}

const newTicket = (
  messaging: Messaging,
  conversation: Conversation,
  captured: Captured,
): Ticket | undefined => {
  const { world, store } = messaging
  const user = store.userOf(conversation)
  if (user === undefined) return undefined
  const via = viaOf(messaging, conversation)
  const requester = requesterOf(messaging, user, captured, nameOf(user))
  const body = `Conversation with ${requester.name}`
  const comment = {
    body,
    htmlBody: textToHtml(body),
    public: false,
    authorId: requester.id,
    attachments: [],
    uploadTokens: [],
  }
  const change = { ...captured.change, subject: body, tags: captured.tags }
  const { ticket } = createTicket(
    world,
    { change, requester, submitter: requester, comment, followUpOf: undefined, fromMessaging: true },
    { user: null, via },
  )
  store.sessions.set(ticket.id, {
    ticketId: ticket.id,
    conversationId: conversation.id,
    fromId: historyStart(messaging, conversation, captured),
    startedAt: world.now(),
    endId: null,
  })
  return ticket
}

/**
 * The Agent Workspace has the conversation: its ticket is made, or goes on. Tags and fields come from the control
 * call's `dataCapture.*` and from the conversation's `zen:ticket:*` metadata.
 */
export const openTicket = (
  messaging: Messaging,
  conversation: Conversation,
  metadata: Metadata,
): Ticket | undefined => {
  const { world, store } = messaging
  const captured = capture(world, store.behaviour, metadata, conversation.metadata)
  const ticket = liveTicket(messaging, store.activeSession(conversation.id))
  if (ticket === undefined) return newTicket(messaging, conversation, captured)
  const reopened = ticket.status === "solved" || ticket.status === "pending"
  updateTicket(
    world,
    ticket,
    { ...captured.change, addTags: captured.tags, ...(reopened ? { status: "open" } : {}) },
    { user: null, via: viaOf(messaging, conversation) },
  )
  return ticket
}

/** A customer's message to the Agent Workspace: opens a ticket if there is none, wakes one that rests. */
export const customerSpoke = (messaging: Messaging, conversation: Conversation): void => {
  const ticket = liveTicket(messaging, messaging.store.activeSession(conversation.id))
  if (ticket === undefined) {
    newTicket(
      messaging,
      conversation,
      capture(messaging.world, messaging.store.behaviour, {}, conversation.metadata),
    )
    return
  }
  if (ticket.status !== "solved" && ticket.status !== "pending" && ticket.status !== "hold") return
  const requester = messaging.world.users.byId.get(ticket.requesterId) ?? null
  updateTicket(
    messaging.world,
    ticket,
    { status: "open" },
    { user: requester, via: viaOf(messaging, conversation) },
  )
}
