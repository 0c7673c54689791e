/**
 * Live chat at the help desk, as one organization sees it. Every method may be called again after a crash: posts carry a
 * marker and adapters look for it before they write again; passing control to a named party is idempotent.
 */
import { Context, type Effect } from "effect"
import type { ChatId, ContactId, OrgId, SessionId } from "../domain/Ids.ts"
import type { ChatControl } from "../domain/Session.ts"
import type { MessagingError } from "../errors/PortErrors.ts"
import type { FieldAssignment } from "./TicketFields.ts"
import type { OutboundFile } from "./Ticketing.ts"

/** The customer, as the messaging side shall know them. `externalId` is ours and stable. */
export interface ChatCustomer {
  readonly externalId: string
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly locale: string | null
}

export interface ChatDraft {
  readonly orgId: OrgId
  readonly contactId: ContactId
  readonly sessionId: SessionId
  readonly customer: ChatCustomer
  /** Title of the conversation. */
  readonly subject: string
  /** The conversation of an earlier handoff of this session, to be used again; null for the first one. */
  readonly known: ChatId | null
  /** True when an earlier try may have gone through: look for the session's conversation before making one. */
  readonly checkFirst: boolean
}

export interface OpenedChat {
  readonly conversationId: ChatId
  readonly userId: string
  readonly created: boolean
  /** What an administrator should put right, in plain words (`multi-conversations are off: …`). */
  readonly warnings: ReadonlyArray<string>
}

export interface ChatPost {
  readonly conversationId: ChatId
  readonly userId: string
  /** Unique per post; stored with every piece of it, so that a doubtful write can be looked up. */
  readonly marker: string
  readonly author: "customer" | "ai" | "human" | "system"
  readonly authorName: string | null
  /** Markdown; the adapter writes what the help desk shows, and splits at its limit. */
  readonly text: string
  readonly files: ReadonlyArray<OutboundFile>
  /** True: for the humans' eyes only, even where a customer's channel hangs on the conversation. */
  readonly silent: boolean
  /** True when an earlier try may have gone through: look for the marker first. */
  readonly checkFirst: boolean
}

/** Fields are dropped from the end of the list when the vendor's limit is reached. */
export interface PassDraft {
  readonly conversationId: ChatId
  readonly tags: ReadonlyArray<string>
  readonly fields: ReadonlyArray<FieldAssignment>
  readonly requester: { readonly name: string | null; readonly email: string | null }
  /** The first message of the transcript: from it on the humans see the history. */
  readonly firstMessageId: string | null
}

export interface PassedChat {
  /** Fields that were left out because they did not fit. */
  readonly dropped: ReadonlyArray<string>
  /** False: the vendor did not take our wish to hear of the chat further; see `listen`. */
  readonly listening: boolean
}

/** What the credentials and settings at the other side allow. */
export interface MessagingAccount {
  readonly appId: string
  readonly multiConversations: boolean
  /** What an administrator should put right, in plain words. */
  readonly warnings: ReadonlyArray<string>
}

/** A file of a chat message, still at the vendor; `fetch` reads it, within `maxBytes`. */
export interface ChatFile {
  readonly fileName: string
  readonly contentType: string
  readonly fetch: (maxBytes: number) => Effect.Effect<Uint8Array, MessagingError>
}

/** What a human wrote in a chat. Internal notes have no representation here: an adapter never returns them. */
export interface ChatReply {
  readonly messageId: string
  readonly authorName: string | null
  /** Markdown. */
  readonly text: string
  readonly files: ReadonlyArray<ChatFile>
  /** Epoch milliseconds by the vendor's clock. */
  readonly at: number
  /** A text of the help desk's own automation: no sign that a human is there. */
  readonly automatic: boolean
}

/** What lost webhooks would have told. */
export interface ChatNews {
  readonly control: ChatControl
  /** Oldest first. */
  readonly replies: ReadonlyArray<ChatReply>
}

export class Messaging extends Context.Service<
  Messaging,
  {
    /** Proves that the credentials work and may do what we need. */
    readonly verify: Effect.Effect<MessagingAccount, MessagingError>
    /** Makes sure of the customer and the conversation, and takes control of it, so that no ticket opens too early. */
    open(draft: ChatDraft): Effect.Effect<OpenedChat, MessagingError>
    /** Adds one message, once per marker. Answers with the vendor's ids of its pieces, in order. */
    post(post: ChatPost): Effect.Effect<ReadonlyArray<string>, MessagingError>
    /** Gives the chat to the humans and asks to hear of it further. Not done yet: see `control`. */
    pass(draft: PassDraft): Effect.Effect<PassedChat, MessagingError>
    /** Asks once more to hear of a chat that the humans have, after `pass` could not. Again is harmless. */
    listen(conversationId: ChatId): Effect.Effect<void, MessagingError>
    /** Who has the chat now. */
    control(conversationId: ChatId): Effect.Effect<ChatControl, MessagingError>
    /** Who has the chat, and what humans wrote in it since then (epoch ms): for when webhooks may have been lost. */
    catchUp(conversationId: ChatId, since: number): Effect.Effect<ChatNews, MessagingError>
    /** Takes the chat back from the humans, when the customer ends their part. */
    takeBack(conversationId: ChatId): Effect.Effect<void, MessagingError>
    /** Shows that an answer is being written. */
    typing(conversationId: ChatId): Effect.Effect<void, MessagingError>
    /** Shows the humans that the customer has seen what was written up to now. */
    customerRead(conversationId: ChatId, userId: string): Effect.Effect<void, MessagingError>
  }
>()("@opencx/core/ports/Messaging") {}
