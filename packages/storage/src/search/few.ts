/**
 * What few sessions can hold is gathered first, each by an index of its own, and then looked at in place of all sessions.
 * A walk over all of them would be as long as there are sessions wherever nothing, or only something old, is found.
 */
import { IdentityKind, type OrgId, type SessionQuery } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { inJson } from "./patterns.ts"

/** More than so many are not gathered: a walk from the newest session soon meets enough of them. */
const rare = 500

const rows = decoderOf(Schema.Struct({ id: Schema.String }))

const mailAddress = (text: string): string => (text.includes("@") ? text.trim().toLowerCase() : text)

const idsOf = (found: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  found.map(({ id }) => id)

const isFew = (list: ReadonlyArray<string> | null): list is ReadonlyArray<string> =>
  list !== null && list.length <= rare

/**
 * Ids of the sessions that a query's contact, tag and external id leave; null when it names none of them, or when they are
 * many. Their other conditions are still to be looked at.
 */
export const makeFew = ({ run, sql }: Database) => {
  const like = sql.onDialectOrElse({ pg: () => sql.literal("ILIKE"), orElse: () => sql.literal("LIKE") })

  /** By id or address; by a part of the name only where nobody has that id or address. */
  const peopleNamed = Effect.fnUntraced(function* (orgId: OrgId, contact: string) {
    const exact = yield* rows.all(
      yield* sql`SELECT id FROM opencx_contacts WHERE org_id = ${orgId} AND id = ${contact}
        UNION SELECT contact_id AS id FROM opencx_contact_identities
        WHERE org_id = ${orgId} AND kind IN ${sql.in(IdentityKind.literals)}
          AND match_key = ${keyOf(mailAddress(contact))}`,
    )
    if (exact.length > 0) return idsOf(exact)
    const named = yield* sql`SELECT id FROM opencx_contacts
      WHERE org_id = ${orgId} AND body ${like} ${inJson(contact)} ESCAPE '!' LIMIT ${rare + 1}`
    return idsOf(yield* rows.all(named))
  })

  /** A session keeps the contact that it was opened for, so those who were merged count too. */
  const ofContact = Effect.fnUntraced(function* (orgId: OrgId, contact: string) {
    const people = yield* peopleNamed(orgId, contact)
    if (people.length === 0) return []
    if (!isFew(people)) return null
    const survivors = idsOf(
      yield* rows.all(
        yield* sql`SELECT DISTINCT COALESCE(merged_into, id) AS id FROM opencx_contacts WHERE id IN ${sql.in(people)}`,
      ),
    )
    if (survivors.length === 0) return []
    const former = idsOf(
      yield* rows.all(
        yield* sql`SELECT id FROM opencx_contacts WHERE org_id = ${orgId} AND merged_into IN ${sql.in(survivors)}`,
      ),
    )
    const found = yield* sql`SELECT id FROM opencx_sessions
      WHERE org_id = ${orgId} AND contact_id IN ${sql.in([...survivors, ...former])} LIMIT ${rare + 1}`
    return idsOf(yield* rows.all(found))
  })

  const ofExternalId = Effect.fnUntraced(function* (orgId: OrgId, id: string) {
    const found = yield* sql`SELECT id FROM opencx_sessions WHERE id = ${id}
      UNION SELECT id FROM opencx_sessions WHERE org_id = ${orgId} AND ticket_id = ${id}
      UNION SELECT id FROM opencx_sessions WHERE org_id = ${orgId} AND chat_id = ${keyOf(id)}`
    return idsOf(yield* rows.all(found))
  })

  const ofTag = Effect.fnUntraced(function* (orgId: OrgId, tag: string) {
    const found = yield* sql`SELECT session_id AS id FROM opencx_session_tags
      WHERE org_id = ${orgId} AND tag = ${keyOf(tag)} LIMIT ${rare + 1}`
    return idsOf(yield* rows.all(found))
  })

  return Effect.fnUntraced(function* (orgId: OrgId, { contact, externalId, tag }: SessionQuery) {
    const lists = [
      externalId === undefined ? null : yield* ofExternalId(orgId, externalId),
      contact === undefined ? null : yield* ofContact(orgId, contact),
      tag === undefined ? null : yield* ofTag(orgId, tag),
    ].filter(isFew)
    const [first, ...others] = lists
    if (first === undefined) return null
    return first.filter((id) => others.every((list) => list.includes(id)))
  }, run("SessionSearch.search"))
}
