/** What a channel plugin makes of a provider's bytes. These live in memory only; the engine journals its own form. */
import type { IdentityKind } from "../domain/Contact.ts"
import type { DeliveryStatus } from "../domain/Entry.ts"
import type { DeliveryId } from "../domain/Ids.ts"

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
  /** The provider's message id, for threading and reconciliation. */
  readonly messageId: string | null
  /** The message as it came; kept as evidence. */
  readonly raw: Uint8Array | null
  /** Epoch milliseconds by the provider's clock. */
  readonly sentAt: number
  readonly locale: string | null
  /** Auto-replies, bulk, loops: kept on the timeline, never answered, never escalated. Says why. */
  readonly automatic: string | null
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
}

/** An item that the plugin could read but has no use for (a reaction, a new event type). Acknowledged and counted. */
export interface IgnoredEvent {
  readonly _tag: "Ignored"
  readonly dedupKey: string
  readonly why: string
}

export type ChannelEvent = MessageEvent | DeliveryEvent | IgnoredEvent
