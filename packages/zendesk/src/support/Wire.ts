/** Zendesk's Support API, as it is on the wire: only the fields that we read, everything else is ignored. */
import { Schema } from "effect"

/** Ids are 64-bit numbers; some gateways make strings of them. `idText` makes one form of both. */
export const WireId = Schema.Union([Schema.Number, Schema.String])
export const idText = (id: typeof WireId.Type): string => String(id)
export const idOrNull = (id: typeof WireId.Type | null | undefined): string | null =>
  id === null || id === undefined ? null : idText(id)

/** Zendesk leaves out what it does not say, or says null. */
export const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

export const TicketWire = Schema.Struct({
  id: WireId,
  status: Schema.String,
  external_id: maybe(Schema.String),
  requester_id: maybe(WireId),
  tags: maybe(Schema.Array(Schema.String)),
  updated_at: maybe(Schema.String),
})
export type TicketWire = typeof TicketWire.Type

/** Cursor paging. Zendesk: `page[size]` up to 100, `meta.after_cursor` for `page[after]`. */
export const PageMeta = maybe(
  Schema.Struct({ has_more: maybe(Schema.Boolean), after_cursor: maybe(Schema.String) }),
)
export type PageMeta = typeof PageMeta.Type

/** The cursor of the next page; null on the last one. */
export const nextCursor = (meta: PageMeta | undefined): string | null =>
  meta?.has_more === true ? (meta.after_cursor ?? null) : null

export const TicketEnvelope = Schema.Struct({ ticket: TicketWire })
export const TicketList = Schema.Struct({ tickets: Schema.Array(TicketWire), meta: PageMeta })

export const UserWire = Schema.Struct({
  id: Schema.NullOr(WireId),
  name: maybe(Schema.String),
  email: maybe(Schema.String),
  phone: maybe(Schema.String),
  role: maybe(Schema.String),
  active: maybe(Schema.Boolean),
  suspended: maybe(Schema.Boolean),
})
export type UserWire = typeof UserWire.Type
export const UserEnvelope = Schema.Struct({ user: UserWire })
export const UserList = Schema.Struct({ users: Schema.Array(UserWire) })

export const UploadEnvelope = Schema.Struct({ upload: Schema.Struct({ token: Schema.NonEmptyString }) })

const AuditEvent = Schema.Struct({ id: maybe(WireId), type: maybe(Schema.String) })
export const AuditWire = Schema.Struct({
  id: maybe(WireId),
  events: maybe(Schema.Array(AuditEvent)),
  // What a write sent as `metadata` comes back under `custom`; anything may be in there.
  metadata: maybe(Schema.Struct({ custom: maybe(Schema.Unknown) })),
})
export type AuditWire = typeof AuditWire.Type
export const TicketUpdate = Schema.Struct({ ticket: TicketWire, audit: maybe(AuditWire) })
export const AuditList = Schema.Struct({ audits: Schema.Array(AuditWire), meta: PageMeta })

export const AttachmentWire = Schema.Struct({
  file_name: maybe(Schema.String),
  content_type: maybe(Schema.String),
  content_url: maybe(Schema.String),
  size: maybe(Schema.Number),
  deleted: maybe(Schema.Boolean),
  malware_scan_result: maybe(Schema.String),
})
export type AttachmentWire = typeof AttachmentWire.Type

/** `public` is optional on purpose: a comment that does not say that it is public is not. */
export const CommentWire = Schema.Struct({
  id: WireId,
  type: maybe(Schema.String),
  author_id: maybe(WireId),
  public: maybe(Schema.Unknown),
  html_body: maybe(Schema.String),
  body: maybe(Schema.String),
  attachments: maybe(Schema.Array(AttachmentWire)),
  created_at: maybe(Schema.String),
})
export type CommentWire = typeof CommentWire.Type
export const CommentList = Schema.Struct({
  comments: Schema.Array(CommentWire),
  users: maybe(Schema.Array(UserWire)),
  meta: PageMeta,
})
