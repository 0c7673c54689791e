/** Everything that is kept of one customer, to be handed out or to be erased (GDPR articles 15 and 17). */
import { Context, type Effect, Schema } from "effect"
import type { Attachment } from "../domain/Attachment.ts"
import type { Contact } from "../domain/Contact.ts"
import type { Entry } from "../domain/Entry.ts"
import type { AccountId, ChannelId, ChatId, ContactId, OrgId, SessionId, ThreadKey } from "../domain/Ids.ts"
import type { DeliveryId, DeskUserId, TicketId } from "../domain/Ids.ts"
import type { Session } from "../domain/Session.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** What left this installation: it stays where it went until it is removed there. */
export interface SentWhere {
  readonly tickets: ReadonlyArray<{ readonly ticketId: TicketId; readonly sessionId: SessionId }>
  /** People at the help desk that tickets were opened for. */
  readonly deskUsers: ReadonlyArray<DeskUserId>
  /** Live chats, and the customer's id at the messaging side. */
  readonly chats: ReadonlyArray<{
    readonly conversationId: ChatId
    readonly userId: string | null
    readonly sessionId: SessionId
  }>
  /** Messages that providers took, with the id that they gave. */
  readonly messages: ReadonlyArray<{
    readonly deliveryId: DeliveryId
    readonly channel: ChannelId
    readonly accountId: AccountId
    readonly providerId: string
    /** Epoch milliseconds. */
    readonly at: number
  }>
  /** Language models that read the conversations, as `provider/model`, and how often as far as traces tell. */
  readonly models: ReadonlyArray<{ readonly model: string; readonly calls: number }>
}

/** A provider's conversation with the customer, and whether they have refused messages there. */
export interface ContactThread {
  readonly channel: ChannelId
  readonly accountId: AccountId
  readonly threadKey: ThreadKey
  readonly address: string | null
  readonly optedOut: boolean
}

export interface ContactRecord {
  readonly contact: Contact
  /** Ids of contacts that were merged into this one. */
  readonly formerIds: ReadonlyArray<ContactId>
  readonly sessions: ReadonlyArray<{ readonly session: Session; readonly entries: ReadonlyArray<Entry> }>
  readonly threads: ReadonlyArray<ContactThread>
  /** Attachments and messages as they came; their bytes are in the blob store. */
  readonly files: ReadonlyArray<Attachment>
  readonly sentWhere: SentWhere
}

export interface Erasure {
  readonly contactIds: ReadonlyArray<ContactId>
  readonly sessions: number
  /** Files that nobody else's message refers to, and which are gone. */
  readonly files: number
  readonly sentWhere: SentWhere
}

/** Something for this customer is under way: a message on its way out would come back as a new record. */
export class ContactBusy extends Schema.TaggedError<ContactBusy>("@opencx/core/ContactBusy")("ContactBusy", {
  pending: Schema.Int,
}) {
  override get message(): string {
    return `${this.pending} pieces of work for this contact are under way. Wait until they are done, or replay or discard what was given up, then erase again.`
  }
}

export class ContactRecords extends Context.Service<
  ContactRecords,
  {
    /** The contacts with this id or this very address; several people may claim an address that nobody has proved. */
    find(orgId: OrgId, idOrAddress: string): Effect.Effect<ReadonlyArray<Contact>, StoreError>
    /** Null when there is no such contact. */
    read(orgId: OrgId, id: ContactId): Effect.Effect<ContactRecord | null, StoreError>
    /**
     * Deletes the contact, everybody who was merged into it, their sessions and timelines, what the journal still has of
     * them, their threads, opt-outs and files. In one transaction; null when there is no such contact.
     */
    erase(orgId: OrgId, id: ContactId): Effect.Effect<Erasure | null, StoreError | ContactBusy>
    /** Deletes closed sessions that nothing has happened in since `before` (epoch ms), and contacts without any. */
    purge(orgId: OrgId, before: number): Effect.Effect<{ readonly sessions: number }, StoreError>
    /**
     * Overwrites what deleted rows leave behind in the database's file, where the database does not do so by itself. False
     * when it was too busy; to be tried again.
     */
    readonly compact: Effect.Effect<boolean, StoreError>
  }
>()("@opencx/core/ports/ContactRecords") {}
