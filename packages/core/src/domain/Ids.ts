/** Branded identifiers. An id of one kind can never be passed where another is wanted. */
import { Schema } from "effect"

/** A tenant: lower-case slug, chosen in the configuration. Nothing crosses it. */
export const OrgId = Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,47}$/)).pipe(
  Schema.brand("OrgId"),
)
export type OrgId = typeof OrgId.Type

/** A customer of an organization (UUID). */
export const ContactId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("ContactId"))
export type ContactId = typeof ContactId.Type

/** One conversation about one matter (UUID). It is also the ticket's `external_id`. */
export const SessionId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/** A channel plugin's id: `email`, `sms`, or a third party's own. */
export const ChannelId = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9_-]{0,31}$/)).pipe(
  Schema.brand("ChannelId"),
)
export type ChannelId = typeof ChannelId.Type

/** One configured instance of a plugin in an organization: a mailbox, a phone number, a site. */
export const AccountId = Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,47}$/)).pipe(
  Schema.brand("AccountId"),
)
export type AccountId = typeof AccountId.Type

/** The provider's own conversation address, made stable by the plugin: at most 120 characters, unique within an account. */
export const ThreadKey = Schema.String.check(Schema.isBetweenLength(1, 120)).pipe(Schema.brand("ThreadKey"))
export type ThreadKey = typeof ThreadKey.Type

/** A help desk ticket's id, as text: vendors differ in numbers and strings. */
export const TicketId = Schema.String.check(Schema.isBetweenLength(1, 64)).pipe(Schema.brand("TicketId"))
export type TicketId = typeof TicketId.Type

/** A help desk comment's id, as text. */
export const CommentId = Schema.String.check(Schema.isBetweenLength(1, 64)).pipe(Schema.brand("CommentId"))
export type CommentId = typeof CommentId.Type

/** A help desk user's id, as text. */
export const DeskUserId = Schema.String.check(Schema.isBetweenLength(1, 64)).pipe(Schema.brand("DeskUserId"))
export type DeskUserId = typeof DeskUserId.Type

/** Bytes kept in the blob store. */
export const BlobId = Schema.String.check(Schema.isBetweenLength(1, 100)).pipe(Schema.brand("BlobId"))
export type BlobId = typeof BlobId.Type

/** One message on its way to a customer; stable over retries and restarts. */
export const DeliveryId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("DeliveryId"))
export type DeliveryId = typeof DeliveryId.Type

/** A live chat at the help desk (a Sunshine conversation), as text. */
export const ChatId = Schema.String.check(Schema.isBetweenLength(1, 64)).pipe(Schema.brand("ChatId"))
export type ChatId = typeof ChatId.Type
