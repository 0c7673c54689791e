/** How contacts and their addresses lie in their tables. Addresses always belong to the survivor of a merge. */
import { Contact, type ContactId, type Identity, type OrgId } from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { addressOf, isProven, merged } from "./identities.ts"

const ContactJson = Schema.fromJsonString(Contact)
const contactRows = decoderOf(Schema.Struct({ body: ContactJson }))
const encodeContact = Schema.encodeEffect(ContactJson)

const matchKey = (identity: Identity): string => keyOf(addressOf(identity))

const flag = (identity: Identity): number => (identity.verified ? 1 : 0)

/**
 * Whoever changes what is stored of a contact holds this lock, so that nobody writes back an old body. SQLite's BEGIN
 * IMMEDIATE lets one writer in anyway.
 */
const contactLock = ({ sql }: Database): ((orgId: OrgId) => Effect.Effect<void, SqlError>) =>
  sql.onDialectOrElse({
    pg: () => (orgId: OrgId) =>
      Effect.asVoid(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`contacts|${orgId}`}, 0))`),
    orElse: () => () => Effect.void,
  })

export const makeContactRows = (db: Database) => {
  const { sql } = db
  const body = (rows: ReadonlyArray<unknown>) =>
    Effect.map(contactRows.first(rows), (row) => row?.body ?? null)

  /** Whose address this is: proof finds proof, and a claim finds a claim. */
  const holder = Effect.fnUntraced(function* (orgId: OrgId, identity: Identity) {
    return yield* body(
      yield* sql`
        SELECT c.body FROM opencx_contact_identities i JOIN opencx_contacts c ON c.id = i.contact_id
        WHERE i.org_id = ${orgId} AND i.kind = ${identity.kind} AND i.match_key = ${matchKey(identity)}
          AND i.verified = ${flag(identity)}`,
    )
  })

  /** Follows merges, which are flat: nobody is merged into somebody who was merged. */
  const get = Effect.fnUntraced(function* (orgId: OrgId, id: ContactId) {
    return yield* body(
      yield* sql`
        SELECT c.body FROM opencx_contacts asked JOIN opencx_contacts c ON c.id = COALESCE(asked.merged_into, asked.id)
        WHERE asked.id = ${id} AND asked.org_id = ${orgId} AND c.org_id = ${orgId}`,
    )
  })

  const insert = Effect.fnUntraced(function* (contact: Contact) {
    const created_at = yield* Clock.currentTimeMillis
    const row = { id: contact.id, org_id: contact.orgId, created_at, body: yield* encodeContact(contact) }
    yield* sql`INSERT INTO opencx_contacts ${sql.insert(row)}`
  })

  /** From the first proof on, this contact's claims find it no longer. */
  const save = Effect.fnUntraced(function* (contact: Contact) {
    yield* sql`UPDATE opencx_contacts SET body = ${yield* encodeContact(contact)}
      WHERE id = ${contact.id} AND org_id = ${contact.orgId}`
    if (!isProven(contact)) return
    yield* sql`DELETE FROM opencx_contact_identities WHERE contact_id = ${contact.id} AND verified = 0`
  })

  /** False when somebody has the address, be it this contact. */
  const claim = Effect.fnUntraced(function* ({ id, orgId }: Contact, identity: Identity) {
    const row = { org_id: orgId, kind: identity.kind, match_key: matchKey(identity), contact_id: id }
    const taken = yield* sql`
      INSERT INTO opencx_contact_identities ${sql.insert({ ...row, verified: flag(identity) })}
      ON CONFLICT (org_id, kind, match_key, verified) DO NOTHING RETURNING contact_id`
    return taken.length > 0
  })

  const release = ({ id, orgId }: Contact, identity: Identity) => sql`
    DELETE FROM opencx_contact_identities
    WHERE org_id = ${orgId} AND kind = ${identity.kind} AND match_key = ${matchKey(identity)}
      AND verified = ${flag(identity)} AND contact_id = ${id}`

  /** Moves addresses and earlier merges; the caller saves the survivor that this answers with. */
  const absorb = Effect.fnUntraced(function* (survivor: Contact, loser: Contact) {
    yield* sql`UPDATE opencx_contact_identities SET contact_id = ${survivor.id} WHERE contact_id = ${loser.id}`
    yield* sql`UPDATE opencx_contacts SET merged_into = ${survivor.id}
      WHERE org_id = ${survivor.orgId} AND (id = ${loser.id} OR merged_into = ${loser.id})`
    return merged(survivor, loser)
  })

  return { lock: contactLock(db), holder, get, insert, save, claim, release, absorb }
}

export type ContactRows = ReturnType<typeof makeContactRows>
