/** What a channel plugin makes of a provider's bytes. These live in memory only; the engine journals its own form. */
import { Effect } from "effect"
import type { Identity, IdentityKind } from "../domain/Contact.ts"
import type { DeliveryStatus } from "../domain/Entry.ts"
import type { ChatId, DeliveryId } from "../domain/Ids.ts"
import type { ChatControl } from "../domain/Session.ts"

/** A file that came with a message, bytes in hand. */
export interface InboundFile {
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Who wrote, and how sure we are. `verified`: the channel proved the address (DMARC pass, carrier, signed token). */
export interface MessageSender {
  readonly kind: IdentityKind
  readonly value: string
  readonly verified: boolean
  readonly name: string | null
  /** Further addresses of the same person that the same message proves (a phone number beside a WhatsApp id). */
  readonly also?: ReadonlyArray<Identity>
}

/**
 * How to find the thread. Tried in order: `signedKey` (from a token that we signed ourselves), `references` (provider
 * message ids; only if `participant` belongs to the thread), then `defaultKey`.
 */
export interface ThreadHints {
  readonly defaultKey: string
  readonly signedKey: string | null
  readonly references: ReadonlyArray<string>
  /** The sender's address in the form used for comparing. */
  readonly participant: string
}

/** A conversation on a channel that the help desk owns (WhatsApp or Messenger configured there), and who may answer in it. */
export interface NativeChat {
  readonly conversationId: ChatId
  readonly userId: string
  readonly control: ChatControl
}

/** A message's contents when all of them are there; what could not be had is named in the text. */
export type Fetched = Pick<MessageEvent, "text" | "fullText" | "files">

/** A message by a customer. */
export interface MessageEvent {
  readonly _tag: "Message"
  /** Unique per account for this message, over all redeliveries. */
  readonly dedupKey: string
  readonly sender: MessageSender
  readonly thread: ThreadHints
  /** What to send replies to: JSON, read back by the plugin's own `outbound`. */
  readonly address: string
  readonly subject: string | null
  /** What the customer newly wrote, Markdown, quotes and signatures stripped. Never from hidden HTML. */
  readonly text: string
  /** The whole body where it differs. */
  readonly fullText: string | null
  readonly files: ReadonlyArray<InboundFile>
  /**
   * Fetches what the message only points to. The engine starts it at once and waits for it in the thread's turn, so that a
   * word written after a picture does not overtake it; what it answers stands in place of `text`, `fullText` and `files`.
   * It never fails, and ends before the provider wants its answer.
   */
  readonly fetch?: Effect.Effect<Fetched>
  /** The provider's message id, for threading and reconciliation. */
  readonly messageId: string | null
  /** The message as it came; kept as evidence. */
  readonly raw: Uint8Array | null
  /** Epoch milliseconds by the provider's clock. */
  readonly sentAt: number
  readonly locale: string | null
  /** The live chat that it came by, where the help desk owns the channel. */
  readonly chat?: NativeChat
  /** Auto-replies, bulk, loops: kept on the timeline, never answered, never escalated. Says why. */
  readonly automatic: string | null
}

/** The provider's word on one part of a delivery (see `SendProgress`): it has it, or it came to nothing there. */
export interface PartReport {
  readonly deliveryId: DeliveryId
  /** As the plugin named it when it sent it. */
  readonly name: string
  /** Null: it came to nothing, and may be sent again. */
  readonly providerId: string | null
}

/** News about a message that we sent: a receipt or a bounce. */
export interface DeliveryEvent {
  readonly _tag: "Delivery"
  readonly dedupKey: string
  readonly deliveryId: DeliveryId
  readonly status: typeof DeliveryStatus.Type
  /** Plain words for the rep, when it failed. */
  readonly explanation: string | null
  readonly at: number
  readonly part?: PartReport
}

/** An item that the plugin could read but has no use for (a reaction, a new event type). Acknowledged and counted. */
export interface IgnoredEvent {
  readonly _tag: "Ignored"
  readonly dedupKey: string
  readonly why: string
  readonly part?: PartReport
}

/** What every event about a thread carries besides its own. */
interface ThreadEvent {
  readonly dedupKey: string
  readonly sender: MessageSender
  readonly thread: ThreadHints
  readonly address: string
  /** Epoch milliseconds by the provider's clock. */
  readonly at: number
}

/**
 * The customer refused further messages on this account, or takes them again. Kept per account and thread; later sends are
 * refused with the reason. The AI never answers the word itself.
 */
export interface OptOutEvent extends ThreadEvent {
  readonly _tag: "OptOut"
  readonly optedOut: boolean
  /** The customer's whole message. */
  readonly text: string
  readonly messageId: string | null
}

/** The same person has a new address: a new phone number, a new business-scoped id. Both were proven by the provider. */
export interface IdentityChangedEvent {
  readonly _tag: "IdentityChanged"
  readonly dedupKey: string
  readonly from: Identity
  readonly to: Identity
  readonly at: number
}

/** A button, a key or a voice menu: the customer wants a human, without words. */
export interface HumanWantedEvent extends ThreadEvent {
  readonly _tag: "HumanWanted"
}

/** The customer ended the part with the human: a button, where others write `/end`. */
export interface HumanDismissedEvent extends ThreadEvent {
  readonly _tag: "HumanDismissed"
}

/** A call is over. What was said stands in messages; this adds what is known afterwards. May come twice, the second richer. */
export interface CallEndedEvent extends ThreadEvent {
  readonly _tag: "CallEnded"
  /** Plain words: `the caller hung up`, `nobody answered the transfer`. */
  readonly reason: string
  readonly summary: string | null
  readonly recordingUrl: string | null
}

/**
 * A whole conversation that an assistant other than ours has had (a hosted voice agent). Its lines are kept, none is
 * answered; `wantsHuman` hands the conversation over.
 */
export interface TranscriptEvent extends ThreadEvent {
  readonly _tag: "Transcript"
  readonly lines: ReadonlyArray<{
    readonly role: "customer" | "assistant"
    readonly text: string
    readonly at: number
  }>
  /** Name of the assistant, for the transcript. */
  readonly assistantName: string
  readonly wantsHuman: boolean
}

/** The customer heard only so much of an answer (they interrupted): from now on this is what was said. */
export interface HeardEvent {
  readonly _tag: "Heard"
  readonly dedupKey: string
  readonly deliveryId: DeliveryId
  readonly text: string
  readonly at: number
}

/** A customer's verdict: thumbs (`score` 0 or 1) on one answer, or on the whole conversation (`score` 1 to 5). */
export interface RatedEvent extends ThreadEvent {
  readonly _tag: "Rated"
  readonly kind: "answer" | "conversation"
  readonly score: number
  readonly comment: string | null
  /** The rated answer. */
  readonly deliveryId: DeliveryId | null
}

/** The customer left an address for an answer later (nobody was there). It is not verified. */
export interface ContactDetailsEvent extends ThreadEvent {
  readonly _tag: "ContactDetails"
  readonly email: string
  readonly name: string | null
}

export type ChannelEvent =
  | MessageEvent
  | DeliveryEvent
  | OptOutEvent
  | IdentityChangedEvent
  | HumanWantedEvent
  | HumanDismissedEvent
  | CallEndedEvent
  | TranscriptEvent
  | HeardEvent
  | RatedEvent
  | ContactDetailsEvent
  | IgnoredEvent

/** The event with all its contents in hand. */
export const fetched = (event: ChannelEvent): Effect.Effect<ChannelEvent> => {
  if (event._tag !== "Message" || event.fetch === undefined) return Effect.succeed(event)
  const { fetch, ...rest } = event
  return Effect.map(fetch, (contents) => ({ ...rest, ...contents }))
}
