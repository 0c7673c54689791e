/**
 * The help desk, as one organization sees it. Every method may be called again after a crash: writes carry a key or a
 * marker, and adapters look before they write again.
 */
import { Context, type Effect } from "effect"
import type { CommentId, DeskUserId, SessionId, TicketId } from "../domain/Ids.ts"
import type { TicketStatus } from "../domain/Session.ts"
import type { CustomerText } from "../domain/Surface.ts"
import type { StoreError, TicketingError } from "../errors/PortErrors.ts"
import type { FieldAssignment, TicketField } from "./TicketFields.ts"

/** A file whose bytes are read only when they are needed. `size` in bytes. */
export interface OutboundFile {
  readonly fileName: string
  readonly contentType: string
  readonly size: number
  readonly bytes: Effect.Effect<Uint8Array, StoreError>
  /** Signed, works for a day without login: for providers that fetch media by themselves. Absent where nobody serves files. */
  readonly url?: string
}

/** The person a ticket is for. At least one of `knownId`, `email`, `phone` should be there. */
export interface Requester {
  /** The help desk's own id from an earlier ticket of the same contact: saves the look-up. */
  readonly knownId: DeskUserId | null
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  /** Stable for one person of one organization; makes a requester of someone with neither address nor number. */
  readonly externalId: string
  readonly locale: string | null
}

/** Everything a new ticket says. `summary` and `transcript` are Markdown; the adapter joins them into the first comment. */
export interface TicketDraft {
  readonly sessionId: SessionId
  /** Stable over retries; at most 255 characters. */
  readonly idempotencyKey: string
  readonly requester: Requester
  readonly subject: string
  readonly summary: string
  readonly transcript: string
  /** Opens the session's page. */
  readonly sessionUrl: string
  readonly tags: ReadonlyArray<string>
  readonly fields: ReadonlyArray<FieldAssignment>
  readonly files: ReadonlyArray<OutboundFile>
  /** A closed ticket that this one follows. */
  readonly followUpOf: TicketId | null
}

/** The request, frozen: retries send these very bytes. Safe to store as JSON. */
export interface PreparedTicket {
  readonly sessionId: SessionId
  readonly idempotencyKey: string
  readonly requesterId: DeskUserId | null
  readonly body: string
  /** Epoch milliseconds. Uploads and idempotency keys age; the engine prepares again after 50 minutes. */
  readonly preparedAt: number
}

export interface TicketSnapshot {
  readonly ticketId: TicketId
  readonly status: TicketStatus
  readonly externalId: string | null
  readonly requesterId: DeskUserId | null
  readonly tags: ReadonlyArray<string>
  /** Epoch milliseconds. */
  readonly updatedAt: number
}

export interface CommentDraft {
  readonly ticketId: TicketId
  /** Unique per comment; stored with it, so that a doubtful write can be looked up. */
  readonly marker: string
  /** Markdown. */
  readonly body: string
  readonly public: boolean
  /** Whose words these are: `requester` shows as the customer's reply, `us` as the integration's. */
  readonly author: DeskUserId | "us"
  /** Set with the comment; null leaves the status alone. */
  readonly status: TicketStatus | null
  readonly files: ReadonlyArray<OutboundFile>
  /** True when an earlier try may have gone through: look for the marker first. */
  readonly checkFirst: boolean
}

/** A file of a comment, still at the help desk; `fetch` reads it with our credentials, within `maxBytes`. */
export interface CommentFile {
  readonly fileName: string
  readonly contentType: string
  readonly size: number
  readonly fetch: (maxBytes: number) => Effect.Effect<Uint8Array, TicketingError>
}

/**
 * A public comment written by a human who is neither the requester nor our own user. Internal notes have no
 * representation here at all: an adapter never returns them.
 */
export interface HumanComment {
  readonly commentId: CommentId
  readonly authorName: string | null
  /** Markdown. */
  readonly text: CustomerText
  readonly files: ReadonlyArray<CommentFile>
  /** Epoch milliseconds. */
  readonly createdAt: number
}

export interface CommentPage {
  /** Oldest first. */
  readonly comments: ReadonlyArray<HumanComment>
  /** Newest comment of any kind that was looked at; pass it as `after` next time. Null when there are none. */
  readonly cursor: CommentId | null
}

/**
 * A comment as the humans of the help desk see it, internal notes included. Its text is no `CustomerText`: nothing of it
 * can get to a customer.
 */
export interface ThreadComment {
  readonly commentId: CommentId
  /** `other`: nobody knows whose words these are. */
  readonly by: "customer" | "agent" | "us" | "other"
  readonly authorName: string | null
  readonly public: boolean
  /** Markdown. */
  readonly text: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A ticket as its humans see it: for helping them, never for a customer. */
export interface TicketThread {
  readonly ticket: TicketSnapshot
  readonly subject: string
  /** The help desk's own ids; null where it has none. */
  readonly brandId: string | null
  readonly groupId: string | null
  /** The newest comments, at most 100, oldest first. */
  readonly comments: ReadonlyArray<ThreadComment>
  /** A live chat is behind it; its messages are among the comments. Absent: it is not. */
  readonly isChat?: boolean
}

/** A ticket that changed, with what rules go by. */
export type ChangedTicket = Pick<TicketThread, "ticket" | "brandId" | "groupId">

export interface ChangedPage {
  /** As they are now, in the order of their changes as far as the help desk knows one. */
  readonly tickets: ReadonlyArray<ChangedTicket>
  /** Pass it as `after` next time. In the adapter's own words. */
  readonly cursor: string
  /** False when there are more right now. */
  readonly atEnd: boolean
}

export class Ticketing extends Context.Service<
  Ticketing,
  {
    /** Proves that the credentials work and may do what we need. Answers with the account's own description of us. */
    readonly verify: Effect.Effect<{ readonly userId: DeskUserId; readonly name: string }, TicketingError>
    /** Uploads what must be uploaded, finds the requester, freezes the request. Safe to repeat. */
    prepare(draft: TicketDraft): Effect.Effect<PreparedTicket, TicketingError>
    /**
     * Creates the ticket. After a doubtful failure the reason is `Ambiguous`: call `findByExternalId` first, then
     * `create` with the same `prepared`.
     */
    create(prepared: PreparedTicket): Effect.Effect<TicketSnapshot, TicketingError>
    /** All tickets with this external id, newest first. */
    findByExternalId(externalId: string): Effect.Effect<ReadonlyArray<TicketSnapshot>, TicketingError>
    get(ticketId: TicketId): Effect.Effect<TicketSnapshot, TicketingError>
    /** Up to 100 tickets in one call; missing ones are left out. */
    getMany(ticketIds: ReadonlyArray<TicketId>): Effect.Effect<ReadonlyArray<TicketSnapshot>, TicketingError>
    /** Adds one comment, once per marker. Fails with reason `Closed` on a closed ticket. */
    comment(draft: CommentDraft): Effect.Effect<CommentId, TicketingError>
    /** Adds tags; never removes any. */
    addTags(ticketId: TicketId, tags: ReadonlyArray<string>): Effect.Effect<void, TicketingError>
    /** Public comments by humans after `after` (exclusive); null reads from the beginning. */
    humanComments(input: {
      readonly ticketId: TicketId
      readonly requesterId: DeskUserId | null
      readonly after: CommentId | null
    }): Effect.Effect<CommentPage, TicketingError>
    /**
     * The account's own fields, active or not, without those that every ticket has. They come from memory for some minutes
     * unless `fresh` is wanted.
     */
    fields(options?: { readonly fresh: boolean }): Effect.Effect<ReadonlyArray<TicketField>, TicketingError>
    /** The ticket with its newest comments of every kind. `background`: nobody waits, so that live traffic goes first. */
    thread(
      ticketId: TicketId,
      options?: { readonly background: boolean },
    ): Effect.Effect<TicketThread, TicketingError>
    /**
     * All tickets of the account that changed, ours or not: after the place where an earlier page ended, or since a time
     * (epoch ms) where `after` is null or of no use any more. A ticket may come again; changes of the last minutes may come
     * late. Live traffic goes first.
     */
    changed(input: {
      readonly after: string | null
      readonly since: number
    }): Effect.Effect<ChangedPage, TicketingError>
    /** Bytes that still fit into one comment with this vendor; for the engine's batching. */
    readonly commentLimit: number
  }
>()("@opencx/core/ports/Ticketing") {}
