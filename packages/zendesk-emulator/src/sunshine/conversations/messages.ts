import type { JsonObject } from "../../world/json.ts"
import { type Messaging, newId } from "../context.ts"
import { messagePayload } from "../events/payloads.ts"
import { publishOf } from "../events/publish.ts"
import { customerSpoke } from "../handoff/tickets.ts"
import { locked } from "../http/errors.ts"
import type { Author, Conversation, Message, Metadata, Source } from "../world/model.ts"
import { deliverToCustomer } from "./channels.ts"
import { isAgentWorkspace, isAnswerBot, wake } from "./responder.ts"

export interface NewMessage {
  readonly author: Author
  readonly content: JsonObject
  readonly source: Source
  readonly metadata?: Metadata
  readonly activity?: string
  readonly destination?: string | null
  readonly quotedMessageId?: string | null
  readonly clientId?: string | null
}

/**
 * Says something in a conversation: stores it, wakes the first responder, tells webhooks, the customer's device and
 * the Agent Workspace. 423 when the conversation is full.
 */
export const say = (messaging: Messaging, conversation: Conversation, input: NewMessage): Message => {
  const { store, world } = messaging
  const limit = store.behaviour.messagesPerConversation
  if (conversation.messages.length >= limit)
    throw locked(`Message limit of ${limit} per conversation reached.`)
  const message: Message = {
    id: newId(messaging),
    at: world.now(),
    author: input.author,
    content: input.content,
    source: input.source,
    metadata:
      input.metadata === undefined || Object.keys(input.metadata).length === 0 ? null : input.metadata,
    activity: input.activity ?? null,
    destination: input.destination ?? null,
    quotedMessageId: input.quotedMessageId ?? null,
    clientId: input.clientId ?? null,
  }
  conversation.messages.push(message)
  conversation.lastUpdatedAt = message.at
  const byCustomer = message.author.type === "user" && message.activity === null
  if (byCustomer) {
    conversation.lastUserMessageAt = message.at
    wake(store, conversation)
  } else for (const participant of conversation.participants) participant.unreadCount += 1
  publishOf(messaging, "conversation:message", conversation, messagePayload(store, conversation, message))
  if (byCustomer) answer(messaging, conversation)
  else if (message.destination !== "none" && message.author.type === "business")
    deliverToCustomer(messaging, conversation, message)
  return message
}

/** What Zendesk's own responders do with a customer's message. */
const answer = (messaging: Messaging, conversation: Conversation): void => {
  const active = messaging.store.switchboardIntegration(conversation.activeId)
  if (isAgentWorkspace(active)) customerSpoke(messaging, conversation)
  const text = messaging.store.behaviour.answerBotText
  if (!isAnswerBot(active) || text === "") return
  say(messaging, conversation, {
    author: { type: "business", displayName: "Answer Bot", subtypes: ["bot"] },
    content: { type: "text", text },
    source: { type: "zd:answerBot" },
  })
}
