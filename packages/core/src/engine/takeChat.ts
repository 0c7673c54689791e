/** News of a live chat, on its way into the journal of the session that it belongs to. */
import { Effect } from "effect"
import type { ChatId, OrgId, SessionId } from "../domain/Ids.ts"
import type { ChatControl, Session } from "../domain/Session.ts"
import { CustomerText } from "../domain/Surface.ts"
import type { Fetched, InboundFile } from "../plugin/ChannelEvent.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { Engine } from "./Engine.ts"
import type { SignalResult } from "./refs.ts"
import { keepFile } from "./keepFile.ts"
import { laneOf } from "./lookups.ts"
import type { LaneEvent } from "./LaneEvent.ts"
import { Live } from "./Live.ts"
import { Organizations } from "./Organizations.ts"
import { showTyping } from "./showTyping.ts"
import { SignPace } from "./SignPace.ts"

interface AboutChat {
  readonly orgId: OrgId
  readonly chatId: ChatId
  /** The session that the chat itself names; our own link may not be written yet. */
  readonly sessionId: SessionId | null
  /** The vendor's id of this event: the dedup key. */
  readonly eventKey: string
  /** Epoch milliseconds by the vendor's clock. */
  readonly at: number
}

/** Dedup key of a human's message: the same for its webhook and for what reconciliation finds. */
export const chatReplyKey = (messageId: string): string => `chat-reply:${messageId}`

/** What a messaging webhook tells, in the engine's own terms. */
export type ChatInput =
  | (AboutChat & {
      readonly _tag: "Replied"
      readonly messageId: string
      /** Markdown. */
      readonly text: string
      readonly authorName: string | null
      readonly files: ReadonlyArray<InboundFile>
      /** Fetches the files, as with messages of channels: what it answers stands in place of `text` and `files`. */
      readonly fetch?: Effect.Effect<Pick<Fetched, "text" | "files">>
      /** A text of the help desk's own automation. */
      readonly automatic: boolean
    })
  | (AboutChat & {
      readonly _tag: "Control"
      readonly control: ChatControl
      readonly reason: string | null
    })
  /** The customer has read up to now, on a channel of the help desk's. */
  | (AboutChat & { readonly _tag: "CustomerRead" })
  /** The human is writing. Passes by; nothing is journaled. */
  | (AboutChat & { readonly _tag: "HumanTyping" })
  /** Something that the humans should know. */
  | (AboutChat & { readonly _tag: "News"; readonly text: string })

const sessionOf = Effect.fnUntraced(function* ({ chatId, orgId, sessionId }: AboutChat) {
  const store = yield* ConversationStore
  const named = sessionId === null ? null : yield* store.session(orgId, sessionId)
  return named ?? (yield* store.sessionByChat(orgId, chatId))
})

const accept = Effect.fnUntraced(function* (session: Session, eventKey: string, event: LaneEvent) {
  const engine = yield* Engine
  yield* engine.accept({
    lane: laneOf(session),
    eventKey,
    sessionId: session.id,
    event,
  })
})

/** How far back we look for answers that a read receipt may be about. */
const lastAnswers = 10

/** A receipt names no message: everything that was said before it is read. */
const read = Effect.fnUntraced(function* (session: Session, { at, eventKey }: AboutChat) {
  const store = yield* ConversationStore
  const entries = yield* store.timeline(session.orgId, session.id, {
    after: Math.max(0, session.lastSeq - 50),
  })
  const seen = new Set(
    entries.flatMap(({ body }) =>
      body._tag === "DeliveryUpdate" && body.status === "read" ? [body.deliveryId] : [],
    ),
  )
  const answers = entries.flatMap((entry) =>
    (entry.body._tag === "AiAnswer" || entry.body._tag === "SystemMessage") && entry.at <= at
      ? [entry.body.deliveryId]
      : [],
  )
  for (const deliveryId of answers.filter((id) => !seen.has(id)).slice(-lastAnswers)) {
    yield* accept(session, `${eventKey}:${deliveryId}`, {
      _tag: "DeliveryReport",
      deliveryId,
      status: "read",
      explanation: null,
      at,
    })
  }
})

/**
 * The human is writing: shown where the customer is, unless the help desk does that itself (its own channels), or somebody
 * else has the chat. Not waited for; what gets lost comes again.
 */
const humanTyping = Effect.fnUntraced(function* (session: Session, chatId: ChatId) {
  yield* (yield* Live).publish(laneOf(session), { _tag: "Typing", author: "human" })
  const { chat } = session
  if (chat === null || chat.native || chat.conversationId !== chatId || chat.control !== "humans") return
  if (!(yield* (yield* SignPace).claim(session, "typing"))) return
  const organization = yield* (yield* Organizations).get(session.orgId).pipe(Effect.option)
  if (organization._tag === "Some") yield* Effect.forkDetach(showTyping(organization.value, session))
})

export const takeChat = Effect.fnUntraced(function* (input: ChatInput) {
  const session = yield* sessionOf(input)
  if (session === null) return "ignored" satisfies SignalResult
  const { at, chatId, eventKey } = input
  switch (input._tag) {
    case "HumanTyping":
      yield* humanTyping(session, chatId)
      break
    case "CustomerRead":
      // In a chat of our own it is what we have told ourselves.
      if (session.chat?.native === true) yield* read(session, input)
      break
    case "Control": {
      const { control, reason } = input
      // Most events repeat what is known; only news is worth a place in the journal.
      const { chat } = session
      if (chat?.conversationId === chatId && chat.control === control) break
      yield* accept(session, eventKey, { _tag: "ChatControlChanged", chatId, control, reason, at })
      break
    }
    case "News":
      yield* accept(session, eventKey, { _tag: "ChatNews", chatId, text: input.text })
      break
    case "Replied": {
      const { authorName, automatic, files, messageId, text } = input
      yield* accept(session, eventKey, {
        _tag: "ChatReply",
        chatId,
        messageId,
        text: CustomerText.make(text),
        authorName,
        attachments: yield* Effect.forEach(files, (file) => keepFile(session.orgId, file, file.bytes)),
        at,
        automatic,
      })
    }
  }
  return "accepted" satisfies SignalResult
})
