import { isoMillis } from "../../world/edge.ts"
import { viewTicket } from "../../support/ticketView.ts"
import type { Messaging } from "../context.ts"
import { contentAsText } from "../conversations/content.ts"
import { channelOf } from "../conversations/responder.ts"
import { nameOf } from "../users/names.ts"
import { viewConversation, viewMessage, viewUser } from "../views.ts"
import type { Conversation, Message } from "../world/model.ts"
import { ticketOf } from "./agent.ts"

/** A line as a person reads it. */
export interface ChatLine {
  readonly id: string
  readonly at: string
  readonly from: "customer" | "business" | "system"
  readonly name: string
  readonly text: string
  readonly source: string
}

export const lineOf = (messaging: Messaging, message: Message): ChatLine => {
  const user = messaging.store.users.get(message.author.userId ?? "")
  const system = message.activity !== null
  return {
    id: message.id,
    at: isoMillis(message.at),
    from: system ? "system" : message.author.type === "user" ? "customer" : "business",
    name: user === undefined ? (message.author.displayName ?? messaging.store.appName) : nameOf(user),
    text: contentAsText(message.content),
    source: message.source.type,
  }
}

/** The messages that the agent sees: of the session in progress, else of the latest one. */
export const agentsMessages = (messaging: Messaging, conversation: Conversation): ReadonlyArray<Message> => {
  const { store } = messaging
  const session =
    store.activeSession(conversation.id) ??
    [...store.sessions.values()].findLast((item) => item.conversationId === conversation.id)
  return session === undefined ? [] : store.sessionMessages(session)
}

/** Everything about one conversation. */
export const chatState = (messaging: Messaging, conversation: Conversation): object => {
  const { store, world } = messaging
  const user = store.userOf(conversation)
  const ticket = ticketOf(messaging, conversation)
  const session = store.activeSession(conversation.id)
  const name = (id: string | null): string | null => store.switchboardIntegration(id)?.name ?? null
  return {
    conversation: viewConversation(store, conversation),
    user: user === undefined ? null : viewUser(user),
    channel: channelOf(store, conversation)?.type ?? null,
    control: { active: name(conversation.activeId), pending: name(conversation.pendingId) },
    ticket: ticket === undefined ? null : viewTicket(world, ticket),
    inProgress: session !== undefined,
    transcript: agentsMessages(messaging, conversation).map((message) => lineOf(messaging, message)),
    messages: conversation.messages.map((message) => viewMessage(store, message)),
  }
}

/** Conversations that a human got, the latest change first. */
export const liveChats = (messaging: Messaging): ReadonlyArray<Conversation> => {
  const ids = new Set([...messaging.store.sessions.values()].map((session) => session.conversationId))
  return [...messaging.store.conversations.values()]
    .filter((conversation) => ids.has(conversation.id))
    .sort((a, b) => b.lastUpdatedAt - a.lastUpdatedAt)
}

/** By conversation id, or by the number of its ticket. */
export const findChat = (messaging: Messaging, text: string): Conversation | undefined => {
  const { store } = messaging
  const byTicket = store.sessions.get(/^\d{1,15}$/.test(text) ? Number(text) : 0)
  return store.conversations.get(text) ?? store.conversations.get(byTicket?.conversationId ?? "")
}
