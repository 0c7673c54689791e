/** Why a call of the widget is not done, as the browser gets it. */
import { Schema } from "effect"

/** `status` is the HTTP status, `code` is for programs, `detail` for people. */
export class Refusal extends Schema.TaggedError<Refusal>("@opencx/channel-widget/Refusal")("Refusal", {
  status: Schema.Int,
  code: Schema.String,
  detail: Schema.String,
  /** Seconds until a repetition may succeed. */
  retryAfter: Schema.optionalKey(Schema.Int),
}) {}
