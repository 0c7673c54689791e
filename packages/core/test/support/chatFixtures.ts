/** Sessions, events and outcomes of live chats. */
import { ChatId, type ChatLink, type LaneEvent, type Outcome, type Session } from "../../src/index.ts"
import { brief, contactId, deliveryId, message, now, session, text } from "./fixtures.ts"

export const chatId = ChatId.make("c0ffee")
export const otherChatId = ChatId.make("decaf")

export const chat = (change: Partial<ChatLink> = {}): ChatLink => ({
  conversationId: chatId,
  userId: "u1",
  native: false,
  control: "humans",
  controlAt: null,
  humansHadIt: false,
  ...change,
})

/** The states that a session with a live chat can be in. */
export const chatPlaces = {
  pending: session({ state: "handing_off", handoffPending: true, handoffs: 1, customerSeq: 9 }),
  confirmed: session({ state: "handing_off", handoffs: 1, forwardedSeq: 8, chat: chat() }),
  human: session({ state: "human", handoffs: 1, forwardedSeq: 8, chat: chat() }),
  backAtAi: session({ handoffs: 1, forwardedSeq: 8, chat: chat({ control: "ours" }) }),
  nativeAi: session({ chat: chat({ native: true, control: "ours" }) }),
  nativeHuman: session({ state: "human", forwardedSeq: 8, chat: chat({ native: true }) }),
  closed: session({ state: "closed", handoffs: 1, forwardedSeq: 8, chat: chat({ control: "nobody" }) }),
} as const satisfies Record<string, Session>

type Of<T extends LaneEvent["_tag"]> = Extract<LaneEvent, { _tag: T }>

export const reply = (change: Partial<Of<"ChatReply">> = {}): Of<"ChatReply"> => ({
  _tag: "ChatReply",
  chatId,
  messageId: "m1",
  text: text("Hello, Ada here."),
  authorName: "Ada",
  attachments: [],
  at: now - 100,
  automatic: false,
  ...change,
})

export const control = (
  who: Of<"ChatControlChanged">["control"],
  change: Partial<Of<"ChatControlChanged">> = {},
): Of<"ChatControlChanged"> => ({
  _tag: "ChatControlChanged",
  chatId,
  control: who,
  reason: null,
  at: now - 50,
  ...change,
})

/** A message on a channel of the help desk's. */
export const nativeMessage = (who: ChatLink["control"]) =>
  message({ chat: { conversationId: chatId, userId: "u1", control: who } })

const opening = { contactId, address: `{"to":"+15550100"}`, at: now - 50 }

/** Every event of a thread that is no message, by name. */
export const threadEvents = {
  optOut: {
    _tag: "OptOut",
    ...opening,
    optedOut: true,
    text: "STOP",
    messageId: "m9",
    identified: true,
  },
  optIn: { _tag: "OptOut", ...opening, optedOut: false, text: "START", messageId: null, identified: true },
  humanWanted: { _tag: "HumanWanted", ...opening },
  humanDismissed: { _tag: "HumanDismissed", ...opening },
  callEnded: {
    _tag: "CallEnded",
    ...opening,
    reason: "the caller hung up",
    summary: "Asked for a refund.",
    recordingUrl: null,
  },
  transcript: {
    _tag: "Transcript",
    ...opening,
    lines: [
      { role: "customer", text: "Hi", at: now - 90 },
      { role: "assistant", text: "Hello!", at: now - 80 },
      { role: "customer", text: "A human, please", at: now - 70 },
    ],
    assistantName: "Riley",
    wantsHuman: false,
    identified: true,
  },
  transcriptToHuman: {
    _tag: "Transcript",
    ...opening,
    lines: [{ role: "customer", text: "A human, please", at: now - 70 }],
    assistantName: "Riley",
    wantsHuman: true,
    identified: true,
  },
  rated: { _tag: "Rated", ...opening, kind: "answer", score: 1, comment: null, deliveryId },
  contactDetails: { _tag: "ContactDetails", ...opening, email: "dana@example.com", name: "Dana" },
} as const satisfies Record<string, LaneEvent>

export const chatTasks = {
  openChat: { _tag: "OpenChat", handoff: 1, reason: "customer_asked", upToSeq: 9 },
  takeBack: { _tag: "TakeChatBack" },
  merge: { _tag: "MergeIdentity" },
} as const

export const chatReady = (change: Partial<Extract<Outcome, { _tag: "ChatReady" }>> = {}): Outcome => ({
  _tag: "ChatReady",
  conversationId: chatId,
  userId: "u1",
  created: true,
  brief,
  upToSeq: 9,
  warnings: [],
  tags: [],
  ...change,
})
