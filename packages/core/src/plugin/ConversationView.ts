/**
 * What the customer of one thread may see of it: their own words and what was said to them. Notes, traces and withheld
 * answers have no representation here. For channels that show a history (a web widget) or speak while the AI still writes.
 */
import type { Effect, Stream } from "effect"
import type { DeliveryStatus, Source } from "../domain/Entry.ts"
import type { AccountId, OrgId, ThreadKey } from "../domain/Ids.ts"
import type { SessionState } from "../domain/Session.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** One thread of one channel account. */
export interface ThreadRef {
  readonly orgId: OrgId
  readonly accountId: AccountId
  readonly threadKey: ThreadKey
}

/** A file of a visible line; `url` is signed and works for a day without any login. */
export interface VisibleFile {
  readonly fileName: string
  readonly contentType: string
  /** Bytes. */
  readonly size: number
  readonly url: string
}

export interface VisibleLine {
  /** Position in the thread, to be passed as `after`. Lines come in this order; compare with nothing else. */
  readonly cursor: string
  /** The channel's id of a customer's message, our delivery id of what was said to the customer. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly author: "customer" | "ai" | "human" | "system"
  readonly authorName: string | null
  /** Markdown. */
  readonly text: string
  readonly sources: ReadonlyArray<Source>
  readonly files: ReadonlyArray<VisibleFile>
}

/** `none`: nobody has written in this thread yet. */
export interface ThreadState {
  readonly state: SessionState | "none"
  /** The human who wrote last, when a human has the conversation. */
  readonly humanName: string | null
}

/** What is new in a thread. Only hints and passing things: what lasts is read by `lines`. */
export type LiveEvent =
  /** Lines, states or delivery statuses may have changed. */
  | { readonly _tag: "Changed" }
  /** The AI writes: the whole text so far. It may still be withheld, so it is shown as a draft, and gone with `Changed`. */
  | { readonly _tag: "Partial"; readonly text: string }
  | { readonly _tag: "Typing"; readonly author: "ai" | "human" }

export interface ConversationView {
  /** Lines after `after` (null: from the beginning), oldest first, at most `limit`. */
  lines(
    thread: ThreadRef,
    after: string | null,
    limit: number,
  ): Effect.Effect<ReadonlyArray<VisibleLine>, StoreError>
  state(thread: ThreadRef): Effect.Effect<ThreadState, StoreError>
  /** Statuses of deliveries of this thread by their id, newest state of each; what is not listed is `pending`. */
  deliveries(thread: ThreadRef): Effect.Effect<ReadonlyMap<string, DeliveryStatus>, StoreError>
  /**
   * What happens from now on in this process. Never ends, never fails; a slow reader loses events but the last `Changed`. A
   * reader looks at `lines` once after it has subscribed, and again every now and then.
   */
  changes(thread: ThreadRef): Stream.Stream<LiveEvent>
}
