/** Contacts without any conversation left: nobody that we still know. */
import { ContactId, type OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { makeContactRows } from "../contacts/contactRows.ts"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

const rows = decoderOf(Schema.Struct({ id: ContactId }))

/** Contacts looked at per transaction: others have their turn in between. */
const window = 500

/**
 * Deletes those that were made before this time (epoch milliseconds) and that no session was opened for: neither for them
 * nor for anybody who is one with them by a merge.
 */
export const removeStrangers = Effect.fnUntraced(function* (db: Database, orgId: OrgId, before: number) {
  const { sql } = db
  const { lock } = makeContactRows(db)

  const strangersOf = (contacts: ReadonlyArray<ContactId>) =>
    Effect.flatMap(
      sql`SELECT c.id FROM opencx_contacts c WHERE c.id IN ${sql.in(contacts)} AND c.created_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM opencx_sessions s
          WHERE s.org_id = ${orgId} AND s.contact_id = COALESCE(c.merged_into, c.id))
        AND NOT EXISTS (SELECT 1 FROM opencx_contacts f JOIN opencx_sessions s
          ON s.org_id = f.org_id AND s.contact_id = f.id
          WHERE f.org_id = ${orgId} AND f.merged_into = COALESCE(c.merged_into, c.id))`,
      rows.all,
    )

  const removeIn = Effect.fnUntraced(function* (contacts: ReadonlyArray<ContactId>) {
    yield* lock(orgId)
    const strangers = (yield* strangersOf(contacts)).map(({ id }) => id)
    if (strangers.length === 0) return
    yield* sql`DELETE FROM opencx_contact_identities WHERE contact_id IN ${sql.in(strangers)}`
    yield* sql`DELETE FROM opencx_contacts WHERE id IN ${sql.in(strangers)}`
  })

  let last = ""
  for (let read = window; read === window;) {
    const contacts = yield* Effect.flatMap(
      sql`SELECT id FROM opencx_contacts WHERE org_id = ${orgId} AND id > ${last} ORDER BY id LIMIT ${window}`,
      rows.all,
    ).pipe(db.run("ContactRecords.purge"))
    if (contacts.length > 0)
      yield* db.transaction("ContactRecords.purge")(removeIn(contacts.map(({ id }) => id)))
    last = contacts.at(-1)?.id ?? last
    read = contacts.length
    yield* Effect.yieldNow
  }
})
