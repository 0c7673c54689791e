/** Where answers go: the plugin's own form of a thread's `address`, kept as JSON by the engine. */
import { Schema } from "effect"

/** Both as the provider wrote them. `to`: the customer. `from`: the number of ours that the customer wrote to. */
export const ReplyAddress = Schema.Struct({ to: Schema.NonEmptyString, from: Schema.NonEmptyString })
export type ReplyAddress = typeof ReplyAddress.Type

const Json = Schema.fromJsonString(ReplyAddress)
export const decodeReplyAddress = Schema.decodeUnknownEffect(Json)
export const encodeReplyAddress = Schema.encodeSync(Json)
