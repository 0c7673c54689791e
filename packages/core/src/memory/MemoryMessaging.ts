/** `Messaging` over a live chat in memory. */
import { Effect, Layer } from "effect"
import type { ChatId } from "../domain/Ids.ts"
import { MessagingError } from "../errors/PortErrors.ts"
import { Closed, NotFound, type Reason, Unavailable } from "../errors/Reason.ts"
import {
  type ChatDraft,
  type ChatNews,
  type ChatReply,
  type ChatPost,
  Messaging,
  type OpenedChat,
  type PassDraft,
} from "../ports/Messaging.ts"
import type { OutboundFile } from "../ports/Ticketing.ts"
import { type ChatConversation, type ChatMessage, type InMemoryChat, MemoryChat } from "./MemoryChat.ts"
import type { DeskFile } from "./MemoryDesk.ts"

/** Characters per message, and bytes of what can go along with a pass: those of Sunshine Conversations. */
const longestText = 4_096
const passBytes = 4_096

const oneConversation =
  "multi-conversations are off: this customer's sessions share one conversation. Switch them on in the Admin Center."

const refuse = (operation: string, reason: Reason) => new MessagingError({ operation, reason })

const conversationOf = (
  chat: InMemoryChat,
  operation: string,
  id: ChatId,
): Effect.Effect<ChatConversation, MessagingError> => {
  const found = chat.find(id)
  return found === undefined
    ? Effect.fail(refuse(operation, new NotFound({ what: `conversation ${id}` })))
    : Effect.succeed(found)
}

/** A known conversation that is gone is replaced: the customer still waits for a human. */
const open = (chat: InMemoryChat, draft: ChatDraft): OpenedChat => {
  const userId = chat.user(draft.customer)
  const { checkFirst, known, sessionId, subject } = draft
  const ofSession = checkFirst ? chat.conversations.find((one) => one.sessionId === sessionId) : undefined
  const shared = chat.multiConversations ? undefined : chat.conversations.find((one) => one.userId === userId)
  const earlier = (known === null ? undefined : chat.find(known)) ?? ofSession ?? shared
  const conversation = earlier ?? chat.open({ userId, sessionId, subject })
  conversation.control = "ours"
  return {
    conversationId: conversation.id,
    userId: conversation.userId,
    created: earlier === undefined,
    warnings: chat.multiConversations ? [] : [oneConversation],
  }
}

const readFile = Effect.fnUntraced(function* (file: OutboundFile) {
  const bytes = yield* file.bytes.pipe(
    Effect.mapError((error) =>
      refuse("post", new Unavailable({ detail: error.message, retryAfterMs: null })),
    ),
  )
  const { fileName, contentType } = file
  return { fileName, contentType, bytes } satisfies DeskFile
})

/** Whole characters only: a pair of surrogates is never cut. */
const piecesOf = (text: string): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let from = 0
  while (from < text.length) {
    const end = Math.min(from + longestText, text.length)
    const cutsPair = end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xff_ff
    pieces.push(text.slice(from, cutsPair ? end - 1 : end))
    from = cutsPair ? end - 1 : end
  }
  return pieces
}

const post = Effect.fnUntraced(function* (chat: InMemoryChat, draft: ChatPost) {
  const { author, authorName, checkFirst, conversationId, marker, silent } = draft
  const files = yield* Effect.forEach(draft.files, readFile)
  const conversation = yield* conversationOf(chat, "post", conversationId)
  const earlier = checkFirst ? conversation.messages.filter((one) => one.marker === marker) : []
  const pieces = [
    ...piecesOf(draft.text).map((text) => ({ text, file: null })),
    ...files.map((file) => ({ text: "", file })),
  ]
  // Looking comes before refusing: what was written before the conversation was closed is there.
  if (conversation.closed && earlier.length < pieces.length)
    return yield* refuse("post", new Closed({ what: `conversation ${conversationId}` }))
  return pieces.map((content, piece) => {
    const known = earlier.find((one) => one.piece === piece)
    return (known ?? chat.write(conversation, { author, authorName, marker, silent, piece, ...content })).id
  })
})

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** As many fields from the front as fit. */
const fitting = ({ fields, requester, tags }: PassDraft): PassDraft["fields"] => {
  let count = fields.length
  while (count > 0 && sizeOf([tags, requester, fields.slice(0, count)]) > passBytes) count -= 1
  return fields.slice(0, count)
}

const pass = Effect.fnUntraced(function* (chat: InMemoryChat, draft: PassDraft) {
  const conversation = yield* conversationOf(chat, "pass", draft.conversationId)
  const fields = fitting(draft)
  const { firstMessageId, requester, tags } = draft
  chat.pass(conversation, { tags, requester, firstMessageId, fields })
  conversation.listening = !chat.deafPasses
  return {
    dropped: draft.fields.slice(fields.length).map((one) => one.id),
    listening: conversation.listening,
  }
})

const replyOf = ({ authorName, createdAt, file, id, text }: ChatMessage): ChatReply => ({
  messageId: id,
  authorName,
  text,
  files:
    file === null
      ? []
      : [
          {
            fileName: file.fileName,
            contentType: file.contentType,
            fetch: () => Effect.succeed(file.bytes),
          },
        ],
  at: createdAt,
  automatic: false,
})

/** What we posted carries a marker; everything else by a human was written in the chat itself. */
const newsOf = (conversation: ChatConversation, since: number): ChatNews => ({
  control: conversation.control,
  replies: conversation.messages
    .filter(({ author, createdAt, marker }) => author === "human" && marker === null && createdAt >= since)
    .map(replyOf),
})

/** The port over a chat. */
export const memoryMessaging = (chat: InMemoryChat): Messaging["Service"] => {
  const onConversation = <A>(
    operation: "catchUp" | "control" | "customerRead" | "listen" | "takeBack" | "typing",
    id: ChatId,
    use: (conversation: ChatConversation) => A,
  ) => chat.call(operation, () => Effect.map(conversationOf(chat, operation, id), use))
  return {
    verify: chat.call("verify", () =>
      Effect.sync(() => ({
        appId: "app-1",
        multiConversations: chat.multiConversations,
        warnings: chat.multiConversations ? [] : [oneConversation],
      })),
    ),
    open: (draft) => chat.call("open", () => Effect.sync(() => open(chat, draft))),
    post: (draft) => chat.call("post", () => post(chat, draft)),
    pass: (draft) => chat.call("pass", () => pass(chat, draft)),
    listen: (id) =>
      onConversation("listen", id, (one) => {
        one.listening = true
      }),
    control: (id) => onConversation("control", id, (one) => one.control),
    catchUp: (id, since) => onConversation("catchUp", id, (one) => newsOf(one, since)),
    takeBack: (id) =>
      onConversation("takeBack", id, (one) => {
        one.control = "ours"
      }),
    customerRead: (id) =>
      onConversation("customerRead", id, (one) => {
        one.reads += 1
      }),
    typing: (id) =>
      onConversation("typing", id, (one) => {
        one.typings += 1
      }),
  }
}

/** `Messaging` in memory, with the chat behind it to act as the human and the customer. */
export const messagingMemory: Layer.Layer<Messaging | MemoryChat> = Layer.effect(
  Messaging,
  Effect.map(MemoryChat, memoryMessaging),
).pipe(Layer.provideMerge(MemoryChat.layer))
