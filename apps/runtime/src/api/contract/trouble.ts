/** What may go wrong on the way to Zendesk. Each says what to do. */
import { Schema } from "effect"

/** What was asked for cannot be done as things stand: nothing is connected, the settings are of no use. 409. */
export class NotPossible extends Schema.TaggedError<NotPossible>("@opencx/runtime/NotPossible")(
  "NotPossible",
  { problem: Schema.String, hint: Schema.String },
  { httpApiStatus: 409 },
) {}

/** Zendesk did not do it, or did not answer. 502. */
export class ZendeskFailed extends Schema.TaggedError<ZendeskFailed>("@opencx/runtime/ZendeskFailed")(
  "ZendeskFailed",
  { problem: Schema.String, hint: Schema.String },
  { httpApiStatus: 502 },
) {}
