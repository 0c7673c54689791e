/** Whose words a message in a conversation is. One pure function, decided on the source first. */
import type { ChatControl } from "@opencx/core"
import { controlOf, type SwitchboardNames } from "../chat/Control.ts"
import { markerKey } from "../chat/Pieces.ts"
import type { MessageRef } from "../wire/EventWire.ts"
import type { MessagingEvent } from "./decodeMessagingEvents.ts"

/**
 * - `customer`: on any channel, also when another program speaks for them by the API.
 * - `human`: an agent in the Agent Workspace. `trigger`: a text of Zendesk's own automation there.
 * - `echo`: ours, coming back. `bot`: Zendesk's bot.
 * - `activity`: Zendesk says that something happened (the ticket closed); no words to anybody.
 * - `foreign`: somebody else's program, or nobody that we know: never shown as a human's words.
 */
export type MessageAuthor = "customer" | "human" | "trigger" | "echo" | "bot" | "activity" | "foreign"

export interface ClassifiedMessage {
  readonly author: MessageAuthor
  /** The agent's id at Zendesk, when the message says it. */
  readonly agentId: string | null
  /** Who has the conversation, as the message itself says: heals a missed control event. */
  readonly control: ChatControl
}

/** Undocumented; only ever a refinement of what the source says. */
const agentKey = "__zendesk_msg.agent.id"
const triggerAgent = "__trigger"

const agentOf = (message: MessageRef): string | null => {
  const id = message.metadata?.[agentKey]
  return typeof id === "string" || typeof id === "number" ? String(id) : null
}

const has = (message: MessageRef, subtype: string): boolean =>
  message.author.subtypes?.includes(subtype) === true

const contentType = (message: MessageRef): unknown =>
  typeof message.content === "object" && message.content !== null && "type" in message.content
    ? message.content.type
    : null

const isActivity = (message: MessageRef): boolean =>
  (message.activity !== null && message.activity !== undefined) ||
  has(message, "activity") ||
  contentType(message) === "activity"

const isOurs = (message: MessageRef): boolean => typeof message.metadata?.[markerKey] === "string"

/** In the Agent Workspace write humans, and automation in their place. */
const workspaceAuthor = (message: MessageRef, agentId: string | null): MessageAuthor =>
  agentId === triggerAgent || has(message, "bot") || has(message, "AI") ? "trigger" : "human"

const authorOf = (message: MessageRef, agentId: string | null): MessageAuthor => {
  const source = message.source?.type ?? ""
  // Our marker counts only on what came in by the API: nobody else can write metadata there.
  if (source.startsWith("api:") && isOurs(message)) return "echo"
  if (isActivity(message)) return "activity"
  if (message.author.type === "user") return "customer"
  if (message.author.type !== "business") return "foreign"
  if (source === "zd:agentWorkspace") return workspaceAuthor(message, agentId)
  if (source === "zd:answerBot") return "bot"
  // Agents also write in a channel's own inbox; then only Zendesk's marks tell.
  return !source.startsWith("api:") && (has(message, "agent") || /^\d+$/.test(agentId ?? ""))
    ? "human"
    : "foreign"
}

/** Whose words a `conversation:message` is, and who has the conversation. */
export const classifyMessage = (
  event: Extract<MessagingEvent, { readonly _tag: "Message" }>,
  names: SwitchboardNames,
): ClassifiedMessage => {
  const agentId = agentOf(event.message)
  const author = authorOf(event.message, agentId)
  return {
    author,
    agentId: author === "human" ? agentId : null,
    control: controlOf(event.conversation.activeSwitchboardIntegration, names),
  }
}
