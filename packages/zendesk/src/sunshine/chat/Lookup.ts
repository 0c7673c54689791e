/** Finds conversations of a customer. */
import type { SessionId } from "@opencx/core"
import { ConversationList, type ConversationWire, MessageList } from "../wire/ApiWire.ts"
import { Effect } from "effect"
import { ask, type ChatParts, conversationPath } from "./Calls.ts"

const operation = "open"
/** 2,000 conversations back: far more than one customer has. */
const maxPages = 20

/** All personal conversations of a customer, in the order in which Zendesk lists them. */
export const conversationsOf = Effect.fnUntraced(function* (parts: ChatParts, userId: string) {
  const all: Array<ConversationWire> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof ConversationList.Type = yield* ask(
      parts.client,
      operation,
      { what: "the customer's conversations" },
      ConversationList,
      {
        method: "GET",
        path: "/conversations",
        query: {
          "filter[userId]": userId,
          "page[size]": "100",
          ...(cursor === null ? {} : { "page[after]": cursor }),
        },
      },
    )
    all.push(...list.conversations.filter((one) => (one.type ?? "personal") === "personal"))
    cursor = list.meta?.hasMore === true ? (list.meta.afterCursor ?? null) : null
    if (cursor === null) return all
  }
  return all
})

const age = (conversation: ConversationWire): string =>
  conversation.lastUpdatedAt ?? conversation.createdAt ?? ""

/** The one in which something happened last; ISO dates sort as text. */
export const newest = (conversations: ReadonlyArray<ConversationWire>): ConversationWire | null =>
  conversations.reduce<ConversationWire | null>(
    (best, one) => (best === null || age(one) >= age(best) ? one : best),
    null,
  )

/** The conversation that an earlier try made for this session, or null. */
export const findOfSession = Effect.fnUntraced(function* (
  parts: ChatParts,
  userId: string,
  sessionId: SessionId,
) {
  const all = yield* conversationsOf(parts, userId)
  return newest(all.filter((one) => one.metadata?.["opencx_session_id"] === sessionId))
})

/** Whether anything was said in a conversation yet. */
export const isEmpty = Effect.fnUntraced(function* (parts: ChatParts, conversationId: string) {
  const list = yield* ask(
    parts.client,
    operation,
    { what: `messages of conversation ${conversationId}` },
    MessageList,
    { method: "GET", path: conversationPath(conversationId, "/messages") },
  )
  return list.messages.length === 0
})
