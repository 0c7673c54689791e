/** What is kept of one customer: handed out, or erased for good. */
import {
  AccountId,
  Attachment,
  ChannelId,
  ChatId,
  Contact,
  ContactId,
  DeliveryId,
  DeskUserId,
  Entry,
  Session,
  SessionId,
  ThreadKey,
  TicketId,
} from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { NotPossible } from "./trouble.ts"

/** A contact's id, or the whole of one of its addresses. */
const Who = Schema.NonEmptyString.check(Schema.isMaxLength(500))

/** What left this installation; it stays there until it is removed there. */
const SentWhereView = Schema.Struct({
  tickets: Schema.Array(Schema.Struct({ ticketId: TicketId, sessionId: SessionId })),
  deskUsers: Schema.Array(DeskUserId),
  chats: Schema.Array(
    Schema.Struct({ conversationId: ChatId, userId: Schema.NullOr(Schema.String), sessionId: SessionId }),
  ),
  messages: Schema.Array(
    Schema.Struct({
      deliveryId: DeliveryId,
      channel: ChannelId,
      accountId: AccountId,
      providerId: Schema.String,
      at: Schema.Finite,
    }),
  ),
  models: Schema.Array(Schema.Struct({ model: Schema.String, calls: Schema.Int })),
})

const ExportView = Schema.Struct({
  contact: Contact,
  /** Ids of contacts that were merged into this one. */
  formerIds: Schema.Array(ContactId),
  sessions: Schema.Array(Schema.Struct({ session: Session, entries: Schema.Array(Entry) })),
  threads: Schema.Array(
    Schema.Struct({
      channel: ChannelId,
      accountId: AccountId,
      threadKey: ThreadKey,
      address: Schema.NullOr(Schema.String),
      optedOut: Schema.Boolean,
    }),
  ),
  /** `url`: where its bytes are, for a day or two. */
  files: Schema.Array(Schema.Struct({ ...Attachment.fields, url: Schema.String })),
  sentWhere: SentWhereView,
})

const ErasedView = Schema.Struct({
  contactIds: Schema.Array(ContactId),
  sessions: Schema.Int,
  files: Schema.Int,
  sentWhere: SentWhereView,
  /** Null when Zendesk was left alone. */
  inZendesk: Schema.NullOr(
    Schema.Array(
      Schema.Struct({
        what: Schema.Literals(["ticket", "user", "chat user", "chat"]),
        id: Schema.String,
        result: Schema.Literals(["deleted", "gone", "kept", "failed"]),
        why: Schema.NullOr(Schema.String),
      }),
    ),
  ),
  /** False when deleted text may still lie in free pages of the database file: `opencx contacts compact`. */
  compacted: Schema.Boolean,
  /** False when the list of erasures could not be written: it is at the next erasure, and at the next start. */
  listed: Schema.Boolean,
})

export class ContactsGroup extends HttpApiGroup.make("contacts")
  .add(
    /** In the body, because addresses do not belong into URLs, which are logged. */
    HttpApiEndpoint.post("export", "/organizations/:org/contacts/export", {
      params: inOrganization,
      payload: Schema.Struct({ contact: Who }),
      success: ExportView,
      error: NotPossible,
    }).annotate(Needs, "contacts.export"),
    /** `inZendesk`: first deletes tickets, chats and the person there. `yes`: it cannot be undone. */
    HttpApiEndpoint.post("erase", "/organizations/:org/contacts/erase", {
      params: inOrganization,
      payload: Schema.Struct({
        contact: Who,
        inZendesk: Schema.optionalKey(Schema.Boolean),
        yes: Schema.Literal(true),
      }),
      success: ErasedView,
      error: NotPossible,
    }).annotate(Needs, "contacts.erase"),
  )
  .middleware(Guard) {}
