/** `Contacts` over SQL. The primary key of the identities decides every race. */
import { Contact, ContactId, Contacts, type Identity, type OrgId, StoreError } from "@opencx/core"
import { Clock, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { newId } from "../sql/ids.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

const ContactJson = Schema.fromJsonString(Contact)
const contactRows = decoderOf(Schema.Struct({ body: ContactJson }))
const encodeContact = Schema.encodeEffect(ContactJson)

interface Claim {
  readonly orgId: OrgId
  readonly identity: Identity
  readonly name: string | null
  readonly locale: string | null
}

/** Mail addresses are compared without regard to case; everything else as it is. */
const matchKey = (identity: Identity): string =>
  keyOf(identity.kind === "email" ? identity.value.trim().toLowerCase() : identity.value)

const makeQueries = ({ sql }: Database) => {
  const find = Effect.fnUntraced(function* ({ orgId, identity }: Claim) {
    const rows = yield* sql`
      SELECT c.body FROM opencx_contact_identities i JOIN opencx_contacts c ON c.id = i.contact_id
      WHERE i.org_id = ${orgId} AND i.kind = ${identity.kind} AND i.match_key = ${matchKey(identity)}
        AND i.verified = ${identity.verified ? 1 : 0}`
    return (yield* contactRows.first(rows))?.body ?? null
  })

  /** Null when someone else was faster. */
  const create = Effect.fnUntraced(function* ({ orgId, identity, name, locale }: Claim) {
    const contact: Contact = { id: ContactId.make(newId()), orgId, name, locale, identities: [identity] }
    const taken = yield* sql`
      INSERT INTO opencx_contact_identities ${sql.insert({
        org_id: orgId,
        kind: identity.kind,
        match_key: matchKey(identity),
        verified: identity.verified ? 1 : 0,
        contact_id: contact.id,
      })} ON CONFLICT (org_id, kind, match_key, verified) DO NOTHING RETURNING contact_id`
    if (taken.length === 0) return null
    const created_at = yield* Clock.currentTimeMillis
    const body = yield* encodeContact(contact)
    yield* sql`INSERT INTO opencx_contacts ${sql.insert({ id: contact.id, org_id: orgId, created_at, body })}`
    return contact
  })

  /** A name or locale that was missing is filled in; one that is known stays. */
  const complete = Effect.fnUntraced(function* (known: Contact, claim: Claim) {
    const contact = { ...known, name: known.name ?? claim.name, locale: known.locale ?? claim.locale }
    if (contact.name === known.name && contact.locale === known.locale) return known
    yield* sql`UPDATE opencx_contacts SET body = ${yield* encodeContact(contact)} WHERE id = ${contact.id}`
    return contact
  })

  return { find, create, complete }
}

const makeContacts = (db: Database) => {
  const { find, create, complete } = makeQueries(db)

  const resolve = Effect.fn("Contacts.resolve")(function* (claim: Claim) {
    const known = (yield* find(claim)) ?? (yield* create(claim)) ?? (yield* find(claim))
    if (known !== null) return yield* complete(known, claim)
    const detail = "the contact was made and deleted by others at the same moment"
    return yield* new StoreError({ operation: "Contacts.resolve", detail })
  }, db.transaction("Contacts.resolve"))

  const get = Effect.fn("Contacts.get")(function* (orgId: OrgId, id: ContactId) {
    const rows = yield* db.sql`SELECT body FROM opencx_contacts WHERE id = ${id} AND org_id = ${orgId}`
    return (yield* contactRows.first(rows))?.body ?? null
  }, db.run("Contacts.get"))

  return Contacts.of({ resolve, get })
}

export const layer: Layer.Layer<Contacts, never, SqlClient.SqlClient> = Layer.effect(
  Contacts,
  Effect.map(database, makeContacts),
)
