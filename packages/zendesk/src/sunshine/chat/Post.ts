/** Adds one message to a conversation, once per marker. Zendesk has no idempotency key for this, so we keep our own. */
import type { ChatPost } from "@opencx/core"
import { Effect } from "effect"
import { jsonText } from "../../client/Json.ts"
import type { TextLimit } from "@opencx/core"
import { MessageList, type MessageWire, PostedMessages } from "../wire/ApiWire.ts"
import { afterWrite, ask, type ChatParts, conversationPath } from "./Calls.ts"
import { fileContent } from "./Files.ts"
import { authorKey, markerKey, type Piece, piecesOf } from "./Pieces.ts"

const operation = "post"
/** 2,000 messages back. A doubtful write is minutes old; a replay may be older, in a conversation that went on. */
const maxPages = 20

const defaultNames = { ai: "AI agent", human: "Agent", system: "OpenCX" } as const

/**
 * The author as Zendesk shows it. No subtype `AI`: it would add a disclaimer to the text that the customer sees. Only the
 * business can speak silently; a customer's own words never travel to their channel anyway.
 */
const authorOf = (post: ChatPost) =>
  post.author === "customer"
    ? { author: { type: "user", userId: post.userId } }
    : {
        author: { type: "business", displayName: post.authorName ?? defaultNames[post.author] },
        ...(post.silent ? { destination: { integrationType: "none" } } : {}),
      }

const markerOf = (message: MessageWire): string | null => {
  const marker = message.metadata?.[markerKey]
  return typeof marker === "string" ? marker : null
}

/**
 * Which pieces are there, by marker. Pieces are posted in order, so that nothing older than the first one matters. Zendesk:
 * pages of 100, the newest page first.
 */
const findPieces = Effect.fnUntraced(function* (
  parts: ChatParts,
  conversationId: string,
  pieces: ReadonlyArray<Piece>,
) {
  const wanted = new Set(pieces.map((piece) => piece.marker))
  const there = new Map<string, string>()
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof MessageList.Type = yield* ask(
      parts.client,
      operation,
      { what: `conversation ${conversationId}` },
      MessageList,
      {
        method: "GET",
        path: conversationPath(conversationId, "/messages"),
        ...(cursor === null ? {} : { query: { "page[before]": cursor } }),
      },
    )
    for (const message of list.messages) {
      const marker = markerOf(message)
      if (marker !== null && wanted.has(marker) && !there.has(marker)) there.set(marker, message.id)
    }
    cursor = list.meta?.hasMore === true ? (list.meta.beforeCursor ?? null) : null
    if (cursor === null || there.has(pieces[0]?.marker ?? "")) return there
  }
  return there
})

const postPiece = Effect.fnUntraced(function* (parts: ChatParts, post: ChatPost, piece: Piece) {
  const content =
    piece.kind === "text"
      ? { type: "text", text: piece.text }
      : yield* fileContent(parts, post.conversationId, piece.file)
  const { messages } = yield* ask(
    parts.client,
    operation,
    { what: `conversation ${post.conversationId}` },
    PostedMessages,
    {
      method: "POST",
      path: conversationPath(post.conversationId, "/messages"),
      json: jsonText({
        ...authorOf(post),
        content,
        metadata: { [markerKey]: piece.marker, [authorKey]: post.author },
      }),
    },
  )
  return messages[0].id
})

/**
 * Posts what is missing of a message, in order, and gives the ids of all its pieces. `limit`: of the channel that it will
 * reach, at most Zendesk's own.
 */
export const post = Effect.fnUntraced(function* (parts: ChatParts, message: ChatPost, limit: TextLimit) {
  const pieces = piecesOf(message, limit)
  const there =
    message.checkFirst && pieces.length > 0
      ? yield* findPieces(parts, message.conversationId, pieces)
      : new Map<string, string>()
  const ids: Array<string> = []
  for (const piece of pieces) {
    const earlier = there.get(piece.marker)
    const id =
      earlier ??
      (yield* postPiece(parts, message, piece).pipe(
        Effect.mapError((error) => (ids.length > 0 ? afterWrite(error) : error)),
      ))
    ids.push(id)
  }
  return ids
})
