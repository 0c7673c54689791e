/** What was sent or is stored, with names for what tests look at. */
import { Schema } from "effect"

const Sent = Schema.Struct({
  subject: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(Schema.String),
  tags: Schema.optionalKey(Schema.Unknown),
  requester_id: Schema.optionalKey(Schema.Number),
  requester: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  assignee_id: Schema.optionalKey(Schema.Number),
  via_followup_source_id: Schema.optionalKey(Schema.Number),
  comment: Schema.Struct({
    html_body: Schema.String,
    public: Schema.Unknown,
    author_id: Schema.Number,
    uploads: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
})

const decodeSent = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Struct({ ticket: Sent })))

/** The ticket in a request body. */
export const sentTicket = (body: string | undefined): typeof Sent.Type => decodeSent(body).ticket

const decodeFields = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ ticket: Schema.Record(Schema.String, Schema.Unknown) })),
)

/** The same with every field. */
export const sentFields = (body: string): Readonly<Record<string, unknown>> => decodeFields(body).ticket

const Attachment = Schema.Struct({ file_name: Schema.String, size: Schema.Number })
const Comment = Schema.Struct({
  id: Schema.Number,
  public: Schema.Boolean,
  author_id: Schema.Number,
  html_body: Schema.String,
  attachments: Schema.Array(Attachment),
})
const Stored = Schema.Struct({
  id: Schema.Number,
  status: Schema.String,
  external_id: Schema.NullOr(Schema.String),
  requester_id: Schema.Number,
  tags: Schema.Array(Schema.String),
  custom_fields: Schema.Array(Schema.Struct({ id: Schema.Number, value: Schema.Unknown })),
  followup_source_id: Schema.NullOr(Schema.Number),
  comments: Schema.Array(Comment),
  audits: Schema.Array(Schema.Struct({ metadata: Schema.Struct({ custom: Schema.Unknown }) })),
})
const decodeTickets = Schema.decodeUnknownSync(Schema.Array(Stored))
const decodeUsers = Schema.decodeUnknownSync(
  Schema.Array(Schema.Struct({ id: Schema.Number, email: Schema.NullOr(Schema.String) })),
)

/** The emulator's tickets, oldest first. */
export const storedTickets = (state: Readonly<Record<string, unknown>>) => decodeTickets(state["tickets"])

/** The ticket that the control plane answers with. */
export const madeTicket = (body: string) =>
  Schema.decodeUnknownSync(
    Schema.fromJsonString(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Number }) })),
  )(body).ticket

/** The emulator's users. */
export const storedUsers = (state: Readonly<Record<string, unknown>>) => decodeUsers(state["users"])
