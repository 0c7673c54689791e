/** What happened in a live chat, for programs that know nothing of Sunshine. */
import type { ChatControl, ContactId, OrgId, SessionId } from "@opencx/core"
import type { MessageFile } from "./content.ts"

/** Which session a conversation was opened for, as its own metadata says. */
export interface SessionMeta {
  readonly orgId: OrgId
  readonly contactId: ContactId
  readonly sessionId: SessionId
}

/** The customer as the messaging side knows them; everything but the id may be unknown. */
export interface ChatProfile {
  readonly name: string | null
  /** As the customer said it; not verified. */
  readonly email: string | null
  readonly locale: string | null
}

/** The channel that a message came by. */
export interface ChatSource {
  /** `whatsapp`, `messenger`, `instagram`, `web`, `api:conversations`, … */
  readonly type: string
  readonly integrationId: string | null
  /** The channel's own message id. */
  readonly messageId: string | null
  /** The customer's address on the channel: a phone number, a page-scoped id. Null when Zendesk does not say. */
  readonly address: string | null
  /** The customer's name on the channel. */
  readonly displayName: string | null
}

/** `eventId`: the same over redeliveries. `at`: epoch milliseconds by Zendesk's clock. */
interface Common {
  readonly eventId: string
  readonly at: number
}

/** `control`: who had the conversation when this happened; what a missed control event would have said. */
interface InChat extends Common {
  readonly conversationId: string
  readonly session: SessionMeta | null
  readonly control: ChatControl
}

export type ChatEvent =
  | (InChat & {
      readonly _tag: "CustomerWrote"
      readonly messageId: string
      readonly userId: string
      /** Our own stable id of the customer, when we made them; else that of whoever did. */
      readonly externalId: string | null
      /** The Support user that the customer is linked to. */
      readonly zendeskId: string | null
      /** True when the customer signed in (JWT or Help Center). */
      readonly authenticated: boolean
      readonly source: ChatSource
      readonly profile: ChatProfile
      readonly text: string
      readonly files: ReadonlyArray<MessageFile>
      /** What stands behind a button that the customer pressed. */
      readonly payload: string | null
      /** By the channel's clock where it is known. */
      readonly sentAt: number
    })
  | (InChat & {
      readonly _tag: "HumanWrote"
      readonly messageId: string
      readonly agentName: string | null
      readonly agentId: string | null
      /** True for a text of Zendesk's own automation: no sign that a human is there. */
      readonly automatic: boolean
      readonly text: string
      readonly files: ReadonlyArray<MessageFile>
    })
  /**
   * Control was passed, released, offered or accepted; or `failure` says in plain words that it was not. `reason`:
   * `ticketClosed`, `transferToEmail`.
   */
  | (InChat & {
      readonly _tag: "ControlChanged"
      readonly action: "pass" | "release" | "offer" | "accept"
      readonly reason: string | null
      readonly failure: string | null
    })
  | (InChat & { readonly _tag: "Read"; readonly author: "customer" | "business" })
  | (InChat & { readonly _tag: "Typing"; readonly author: "customer" | "business"; readonly on: boolean })
  /** Something of ours reached the channel, or the customer's device. */
  | (Common & {
      readonly _tag: "Delivered"
      readonly conversationId: string | null
      readonly messageId: string
      readonly stage: "channel" | "user"
    })
  /** `final`: nothing more will be tried on this channel. `explanation` in plain words. */
  | (Common & {
      readonly _tag: "DeliveryFailed"
      readonly conversationId: string | null
      readonly session: SessionMeta | null
      readonly messageId: string
      readonly channel: string | null
      readonly final: boolean
      readonly explanation: string
    })
  /** Two customers became one. `conversations`: two chats became one as well. */
  | (Common & {
      readonly _tag: "UsersMerged"
      readonly survivingUserId: string
      readonly survivingExternalId: string | null
      readonly discardedUserId: string
      readonly discardedExternalId: string | null
      readonly conversations: { readonly survivingId: string; readonly discardedId: string } | null
      readonly reason: string | null
    })
  /** Zendesk says that the humans' part is over. Who has the chat now is told by control alone. */
  | (InChat & {
      readonly _tag: "Ended"
      readonly by: "ticket_closed" | "customer" | "transferred_to_email"
    })
  /** Nothing to do but, where it is about a chat, to note who has it. */
  | (Common & {
      readonly _tag: "Ignored"
      readonly why: string
      readonly conversationId: string | null
      readonly session: SessionMeta | null
      readonly control: ChatControl | null
    })
