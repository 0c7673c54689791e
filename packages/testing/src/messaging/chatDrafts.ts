/** Chats, messages and passes that the suite writes. */
import { assert } from "@effect/vitest"
import {
  type ChatControl,
  type ChatCustomer,
  type ChatDraft,
  ChatId,
  type ChatPost,
  ContactId,
  type Messaging,
  type OpenedChat,
  OrgId,
  type OutboundFile,
  type PassDraft,
  SessionId,
} from "@opencx/core"
import { Effect } from "effect"

/** An id that no conversation has, in the form of Sunshine's. */
export const nowhere = ChatId.make("ffffffffffffffffffffffff")

export const otherSession = SessionId.make("6a2d8b63-0b4f-4e32-9c81-2f3e4d5c6b7b")

const noor: ChatCustomer = {
  externalId: "opencx_contact_noor",
  name: "Noor Haddad",
  email: "noor@customer.example",
  phone: "+15550100",
  locale: "ar",
}

export const chatDraft = (change: Partial<ChatDraft> = {}): ChatDraft => ({
  orgId: OrgId.make("acme"),
  contactId: ContactId.make("0d8c3a41-7a55-4a0e-8f3c-4e5d6c7b8a90"),
  sessionId: SessionId.make("5f1c7a52-9a3e-4d21-8b70-1f2e3d4c5b6a"),
  customer: noor,
  subject: "Refund for order 1042",
  known: null,
  checkFirst: false,
  ...change,
})

export const chatPost = (chat: OpenedChat, change: Partial<ChatPost> = {}): ChatPost => ({
  conversationId: chat.conversationId,
  userId: chat.userId,
  marker: "entry-1",
  author: "customer",
  authorName: null,
  text: "Where is my refund?",
  files: [],
  silent: false,
  checkFirst: false,
  ...change,
})

export const passDraft = (
  { conversationId }: Pick<OpenedChat, "conversationId">,
  change: Partial<PassDraft> = {},
): PassDraft => ({
  conversationId,
  tags: ["opencx", "opencx_handedoff"],
  fields: [],
  requester: { name: "Noor Haddad", email: "noor@customer.example" },
  firstMessageId: null,
  ...change,
})

export const textFile = (fileName: string, content: string): OutboundFile => {
  const bytes = new TextEncoder().encode(content)
  return { fileName, contentType: "text/plain", size: bytes.length, bytes: Effect.succeed(bytes) }
}

/** Asks again until the chat is in these hands: control may move a little after the call. */
export const untilControl = Effect.fnUntraced(function* (
  messaging: Messaging["Service"],
  conversationId: ChatId,
  wanted: ChatControl,
) {
  let control = yield* messaging.control(conversationId)
  for (let asked = 0; control !== wanted && asked < 100; asked++) {
    yield* Effect.sleep("20 millis")
    control = yield* messaging.control(conversationId)
  }
  assert.strictEqual(control, wanted)
})
