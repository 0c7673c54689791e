/** Where replies go: written on each inbound message, read back when something is sent. */
import { Schema } from "effect"

const Address = Schema.Struct({
  /** Digits as Meta writes them, `whatsapp:+…` as Twilio does. */
  phone: Schema.NullOr(Schema.String),
  bsuid: Schema.NullOr(Schema.String),
  /** The newest message of the customer: what is marked as read. */
  messageId: Schema.NullOr(Schema.String),
})
export type Address = typeof Address.Type

const codec = Schema.fromJsonString(Address)
export const encodeAddress: (address: Address) => string = Schema.encodeSync(codec)
export const decodeAddress = Schema.decodeUnknownEffect(codec)
