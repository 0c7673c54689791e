/** Sunshine's webhook, as it is on the wire: only the fields that we read. What may be missing somewhere is optional. */
import { Schema } from "effect"
import { Holder, maybe, MessagingUserWire, Metadata } from "./ApiWire.ts"

export const Body = Schema.Struct({ events: Schema.Array(Schema.Unknown) })

export const Head = Schema.Struct({
  id: maybe(Schema.String),
  type: Schema.String,
  createdAt: maybe(Schema.String),
  payload: maybe(Schema.Unknown),
})

export const ConversationRef = Schema.Struct({
  id: Schema.NonEmptyString,
  metadata: maybe(Metadata),
  activeSwitchboardIntegration: maybe(Holder),
  pendingSwitchboardIntegration: maybe(Holder),
})
export type ConversationRef = typeof ConversationRef.Type

const ClientRef = Schema.Struct({
  type: maybe(Schema.String),
  externalId: maybe(Schema.String),
  displayName: maybe(Schema.String),
})

export const SourceRef = Schema.Struct({
  type: maybe(Schema.String),
  integrationId: maybe(Schema.String),
  originalMessageId: maybe(Schema.String),
  originalMessageTimestamp: maybe(Schema.String),
  client: maybe(ClientRef),
})
export type SourceRef = typeof SourceRef.Type

const Author = Schema.Struct({
  type: maybe(Schema.String),
  userId: maybe(Schema.String),
  displayName: maybe(Schema.String),
  // In the API's schema but not in the webhook's: present or not.
  subtypes: maybe(Schema.Array(Schema.String)),
  user: maybe(MessagingUserWire),
})

/** `content` is read apart: a kind of content that we do not know must not lose the message. */
export const MessageRef = Schema.Struct({
  id: Schema.NonEmptyString,
  received: maybe(Schema.String),
  author: Author,
  content: maybe(Schema.Unknown),
  source: maybe(SourceRef),
  metadata: maybe(Metadata),
  activity: maybe(Schema.Struct({ type: maybe(Schema.String) })),
  deleted: maybe(Schema.Boolean),
})
export type MessageRef = typeof MessageRef.Type

/** A page of a conversation's messages, as the API lists them. */
export const MessagePage = Schema.Struct({
  messages: Schema.Array(MessageRef),
  meta: maybe(Schema.Struct({ hasMore: maybe(Schema.Boolean), beforeCursor: maybe(Schema.String) })),
})

export const MessagePayload = Schema.Struct({ conversation: ConversationRef, message: MessageRef })

export const ActivityPayload = Schema.Struct({
  conversation: ConversationRef,
  activity: Schema.Struct({ type: maybe(Schema.String), author: maybe(Author) }),
})

export const PostbackPayload = Schema.Struct({
  conversation: ConversationRef,
  user: MessagingUserWire,
  postback: maybe(Schema.Struct({ payload: maybe(Schema.String) })),
  source: maybe(SourceRef),
})

const ErrorRef = maybe(Schema.Struct({ code: maybe(Schema.String), message: maybe(Schema.String) }))

export const DeliveryPayload = Schema.Struct({
  conversation: maybe(ConversationRef),
  message: Schema.Struct({ id: Schema.NonEmptyString }),
  destination: maybe(Schema.Struct({ type: maybe(Schema.String) })),
  isFinalEvent: maybe(Schema.Boolean),
  error: ErrorRef,
})

export const ControlPayload = Schema.Struct({
  conversation: ConversationRef,
  reason: maybe(Schema.String),
  error: ErrorRef,
})

const Pair = <S extends Schema.Constraint>(schema: S) =>
  Schema.Struct({ surviving: maybe(schema), discarded: maybe(schema) })

export const UserMergePayload = Schema.Struct({
  mergedUsers: Schema.Struct({ surviving: MessagingUserWire, discarded: MessagingUserWire }),
  mergedConversations: maybe(Pair(ConversationRef)),
  reason: maybe(Schema.String),
})

/** Anything else: which conversation it is about, if it says so. */
export const OtherPayload = Schema.Struct({ conversation: maybe(ConversationRef) })
