/** What lost webhooks would have told: who has a conversation, and what humans wrote in it. */
import type { ChatFile, ChatId, ChatNews, ChatReply } from "@opencx/core"
import { Effect } from "effect"
import type { ChatEvent } from "../events/ChatEvent.ts"
import { chatEventOf } from "../events/chatEvents.ts"
import type { MessageFile } from "../events/content.ts"
import type { ConversationWire } from "../wire/ApiWire.ts"
import { type MessageRef, MessagePage } from "../wire/EventWire.ts"
import { ask, type ChatParts, conversationPath, toMessagingError } from "./Calls.ts"
import { controlOf, readConversation } from "./Control.ts"

const operation = "catchUp"
/** 500 messages back: far more than humans write while webhooks are lost. */
const maxPages = 5

const receivedAt = ({ received }: MessageRef): number => Date.parse(received ?? "") || 0

/** Messages that came since then. Zendesk: pages of 100, the newest page first. */
const messagesSince = Effect.fnUntraced(function* (parts: ChatParts, conversationId: ChatId, since: number) {
  const found: Array<MessageRef> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof MessagePage.Type = yield* ask(
      parts.client,
      operation,
      { what: `conversation ${conversationId}` },
      MessagePage,
      {
        method: "GET",
        path: conversationPath(conversationId, "/messages"),
        ...(cursor === null ? {} : { query: { "page[before]": cursor } }),
      },
    )
    const recent = list.messages.filter((message) => receivedAt(message) >= since)
    found.push(...recent)
    cursor = list.meta?.hasMore === true ? (list.meta.beforeCursor ?? null) : null
    if (cursor === null || recent.length < list.messages.length) break
  }
  return found.toSorted((a, b) => receivedAt(a) - receivedAt(b))
})

const fileOf = (parts: ChatParts, { contentType, name, url }: MessageFile): ChatFile => ({
  fileName: name,
  contentType: contentType ?? "application/octet-stream",
  fetch: (maxBytes) =>
    parts.client
      .media(url, maxBytes)
      .pipe(Effect.mapError(toMessagingError(operation, { what: `file ${name}`, repeatable: true }))),
})

const replyOf = (parts: ChatParts, event: Extract<ChatEvent, { _tag: "HumanWrote" }>): ChatReply => ({
  messageId: event.messageId,
  authorName: event.agentName,
  text: event.text,
  files: event.files.map((file) => fileOf(parts, file)),
  at: event.at,
  automatic: event.automatic,
})

/** The same reading as of a webhook's event, so that both ways never disagree on whose words they are. */
const eventOf = (parts: ChatParts, conversation: ConversationWire, message: MessageRef): ChatEvent =>
  chatEventOf(
    {
      _tag: "Message",
      id: message.id,
      type: "conversation:message",
      at: receivedAt(message),
      conversation,
      message,
    },
    parts,
  )

export const catchUp = Effect.fnUntraced(function* (parts: ChatParts, conversationId: ChatId, since: number) {
  const conversation = yield* readConversation(parts, operation, conversationId)
  const messages = yield* messagesSince(parts, conversationId, since)
  const events = messages.map((message) => eventOf(parts, conversation, message))
  return {
    control: controlOf(conversation.activeSwitchboardIntegration, parts),
    replies: events.flatMap((event) => (event._tag === "HumanWrote" ? [replyOf(parts, event)] : [])),
  } satisfies ChatNews
})
