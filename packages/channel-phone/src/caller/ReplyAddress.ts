/** What every event of a call carries for answers: the plugin's own JSON, read back by `outbound`. */
import { Effect, Schema } from "effect"

const ReplyAddress = Schema.Struct({
  v: Schema.Literal(1),
  provider: Schema.Literals(["twilio", "vapi", "retell"]),
  /** The provider's id of the call. */
  call: Schema.NonEmptyString,
  /** The caller's number; null when it is hidden or none. */
  caller: Schema.NullOr(Schema.String),
  /** The caller agreed during the call to be texted: only in addresses of before consents were kept by the engine. */
  agreed: Schema.optionalKey(Schema.Boolean),
})
export type ReplyAddress = typeof ReplyAddress.Type

const codec = Schema.fromJsonString(ReplyAddress)
const encode = Schema.encodeSync(codec)
const decode = Schema.decodeUnknownEffect(codec)

export const encodeReplyAddress = (address: Omit<ReplyAddress, "v" | "agreed">): string =>
  encode({ v: 1, ...address })

export const decodeReplyAddress = (json: string): Effect.Effect<ReplyAddress, Schema.SchemaError> =>
  decode(json)
