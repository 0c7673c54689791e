/** What the provider's JSON looks like. Nothing else in this package knows it. Unknown fields are let through. */
import { Schema } from "effect"

/** Ids become keys: bounded, so that a key stays one. */
const Id = Schema.String.check(Schema.isBetweenLength(1, 100))
/** Epoch milliseconds by the provider's clock. */
const Time = Schema.Int

/** A webhook's body: any number of events. Each is read by itself, so that one bad event costs no other. */
export const Delivery = Schema.fromJsonString(Schema.Struct({ events: Schema.Array(Schema.Unknown) }))

/** What every event has. */
export const Head = Schema.Struct({ type: Schema.String, id: Id })

export const Media = Schema.Struct({
  url: Schema.String,
  filename: Schema.String,
  content_type: Schema.String,
})
export type Media = typeof Media.Type

export const MessageCreated = Schema.Struct({
  id: Id,
  created_at: Time,
  message: Schema.Struct({
    id: Id,
    conversation_id: Id,
    from: Schema.Struct({
      id: Id,
      name: Schema.optionalKey(Schema.NullOr(Schema.String)),
      /** Only there when the provider has verified it. */
      phone: Schema.optionalKey(Schema.NullOr(Schema.String)),
    }),
    text: Schema.optionalKey(Schema.NullOr(Schema.String)),
    locale: Schema.optionalKey(Schema.NullOr(Schema.String)),
    media: Schema.optionalKey(Schema.Array(Media)),
    /** True for auto-replies of the customer's side. */
    automatic: Schema.optionalKey(Schema.Boolean),
  }),
})
export type MessageCreated = typeof MessageCreated.Type

export const MessageStatus = Schema.Struct({
  id: Id,
  created_at: Time,
  status: Schema.Struct({
    message_id: Id,
    client_reference: Schema.optionalKey(Schema.NullOr(Schema.String)),
    state: Schema.Literals(["sent", "delivered", "read", "failed"]),
    error: Schema.optionalKey(Schema.NullOr(Schema.Struct({ code: Schema.String }))),
  }),
})
export type MessageStatus = typeof MessageStatus.Type

/** Answer to `POST /messages`. */
export const Sent = Schema.fromJsonString(Schema.Struct({ id: Id }))
/** Answer to `GET /messages?client_reference=…`. */
export const Found = Schema.fromJsonString(
  Schema.Struct({ messages: Schema.Array(Schema.Struct({ id: Id })) }),
)
/** Every refusal. */
export const Problem = Schema.fromJsonString(Schema.Struct({ error: Schema.Struct({ code: Schema.String }) }))
