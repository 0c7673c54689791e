/** Customers and the evidence by which we know them. */
import { Schema } from "effect"
import { ContactId, OrgId } from "./Ids.ts"

export const IdentityKind = Schema.Literals([
  "email",
  "phone",
  "whatsapp_bsuid",
  "messenger",
  "instagram",
  "widget",
  "external",
])
export type IdentityKind = typeof IdentityKind.Type

/** One address of a contact. `verified` is true only when the channel proved it (DMARC pass, signed token, carrier). */
export const Identity = Schema.Struct({
  kind: IdentityKind,
  value: Schema.NonEmptyString,
  verified: Schema.Boolean,
})
export type Identity = typeof Identity.Type

export const Contact = Schema.Struct({
  id: ContactId,
  orgId: OrgId,
  name: Schema.NullOr(Schema.String),
  locale: Schema.NullOr(Schema.String),
  identities: Schema.Array(Identity),
})
export type Contact = typeof Contact.Type

/** The first identity of a kind, verified ones first. */
export const identityOf = (contact: Contact, kind: IdentityKind): Identity | undefined =>
  contact.identities.find((i) => i.kind === kind && i.verified) ??
  contact.identities.find((i) => i.kind === kind)
