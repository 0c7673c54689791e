/** Finding a contact, and reading all that is kept of it. */
import {
  Contact,
  type ContactId,
  ContactId as ContactIdSchema,
  foldAddress,
  type OrgId,
  type Session,
} from "@opencx/core"
import type { ContactRecord, ContactThread } from "@opencx/core"
import { Array as Arr, Effect, Schema } from "effect"
import { entryRows, sessionRows } from "../conversations/rows.ts"
import type { Database } from "../sql/Database.ts"
import { Int64 } from "../sql/columns.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { filesOf, sentWhere, type Told } from "./sentWhere.ts"

const contacts = decoderOf(Schema.Struct({ body: Schema.fromJsonString(Contact) }))
const ids = decoderOf(Schema.Struct({ id: ContactIdSchema }))
const addresses = decoderOf(Schema.Struct({ address: Schema.NullOr(Schema.String), opted_out: Int64 }))

export const makeReads = (db: Database) => {
  const { sql } = db

  const find = Effect.fnUntraced(function* (orgId: OrgId, idOrAddress: string) {
    const address = keyOf(idOrAddress.includes("@") ? foldAddress(idOrAddress) : idOrAddress.trim())
    const rows = yield* sql`
      SELECT body FROM opencx_contacts WHERE org_id = ${orgId} AND merged_into IS NULL AND (
        id IN (SELECT COALESCE(merged_into, id) FROM opencx_contacts WHERE org_id = ${orgId} AND id = ${idOrAddress})
        OR id IN (SELECT contact_id FROM opencx_contact_identities WHERE org_id = ${orgId} AND match_key = ${address}))
      ORDER BY created_at, id`
    return (yield* contacts.all(rows)).map(({ body }) => body)
  })

  /** The contact that stands for this id, and all ids that stand for it. */
  const identified = Effect.fnUntraced(function* (orgId: OrgId, id: ContactId) {
    const [contact] = yield* find(orgId, id)
    if (contact === undefined) return null
    const merged = yield* ids.all(
      yield* sql`SELECT id FROM opencx_contacts WHERE org_id = ${orgId} AND merged_into = ${contact.id} ORDER BY id`,
    )
    const formerIds = merged.map((row) => row.id)
    return { contact, formerIds, all: [contact.id, ...formerIds] }
  })

  const sessionsOf = Effect.fnUntraced(function* (orgId: OrgId, contactIds: ReadonlyArray<ContactId>) {
    const rows = yield* sql`SELECT body FROM opencx_sessions
      WHERE org_id = ${orgId} AND contact_id IN ${sql.in(contactIds)} ORDER BY created_at, id`
    return (yield* sessionRows.all(rows)).map(({ body }) => body)
  })

  const told = (session: Session) =>
    Effect.gen(function* () {
      const rows = yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
        WHERE session_id = ${session.id} ORDER BY seq`
      return { session, entries: yield* entryRows.all(rows) } satisfies Told
    })

  const threadOf = Effect.fnUntraced(function* ({ accountId, channel, orgId, threadKey }: Session) {
    const key = keyOf(threadKey)
    const rows = yield* sql`SELECT t.address, COALESCE(c.opted_out, 0) AS opted_out FROM opencx_threads t
      LEFT JOIN opencx_consents c
        ON c.org_id = t.org_id AND c.account_id = t.account_id AND c.thread_key = t.thread_key
      WHERE t.org_id = ${orgId} AND t.account_id = ${accountId} AND t.thread_key = ${key}`
    const row = yield* addresses.first(rows)
    const thread: ContactThread = {
      channel,
      accountId,
      threadKey,
      address: row?.address ?? null,
      optedOut: row?.opted_out === 1,
    }
    return thread
  })

  const read = Effect.fnUntraced(function* (orgId: OrgId, id: ContactId) {
    const person = yield* identified(orgId, id)
    if (person === null) return null
    const sessions = yield* Effect.forEach(yield* sessionsOf(orgId, person.all), told)
    const lanes = Arr.dedupeWith(
      sessions.map(({ session }) => session),
      (a, b) => a.channel === b.channel && a.accountId === b.accountId && a.threadKey === b.threadKey,
    )
    const record: ContactRecord = {
      contact: person.contact,
      formerIds: person.formerIds,
      sessions,
      threads: yield* Effect.forEach(lanes, threadOf),
      files: filesOf(sessions),
      sentWhere: sentWhere(sessions),
    }
    return record
  })

  return { find, read, told }
}

export type Reads = ReturnType<typeof makeReads>
