/** Deleting everything that is kept of one contact, and noting that it was done. */
import {
  ContactBusy,
  type ContactId,
  type ContactRecord,
  type Erasure,
  type OrgId,
  type Session,
} from "@opencx/core"
import { Array as Arr, Clock, Effect, Schema } from "effect"
import { makeContactRows } from "../contacts/contactRows.ts"
import { addressOf } from "../contacts/identities.ts"
import { Int64 } from "../sql/columns.ts"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { usedElsewhere } from "./fileUse.ts"
import { keepMarks, markOf } from "./marks.ts"
import type { Reads } from "./readRecord.ts"
import { perTransaction, remove } from "./removal.ts"

const counts = decoderOf(Schema.Struct({ n: Int64 }))

const idsOf = (sessions: ReadonlyArray<Session>) => sessions.map(({ id }) => id)

/** Contact rows and addresses, and the person's place in threads that others began. */
const removePeople = Effect.fnUntraced(function* ({ sql }: Database, record: ContactRecord) {
  const { contact, formerIds } = record
  const all = [contact.id, ...formerIds]
  const mails = contact.identities.filter(({ kind }) => kind === "email").map((one) => keyOf(addressOf(one)))
  if (mails.length > 0)
    yield* sql`DELETE FROM opencx_thread_participants
      WHERE org_id = ${contact.orgId} AND participant IN ${sql.in(mails)}`
  yield* sql`DELETE FROM opencx_contact_identities WHERE contact_id IN ${sql.in(all)}`
  yield* sql`DELETE FROM opencx_contacts WHERE org_id = ${contact.orgId} AND id IN ${sql.in(all)}`
})

/** `evenIfBusy`: what is still under way goes too. For data that came back from a backup, while nothing works on it. */
export const makeErase = (
  db: Database,
  { read }: Reads,
  { evenIfBusy }: { readonly evenIfBusy: boolean },
) => {
  const { sql } = db

  /** Waiting for time to pass is nothing that could still speak to the customer. */
  const refuseWhileBusy = Effect.fnUntraced(function* (sessions: ReadonlyArray<Session>) {
    for (const chunk of Arr.chunksOf(sessions, perTransaction)) {
      const row = yield* counts.first(
        yield* sql`SELECT count(*) AS n FROM opencx_work
          WHERE status = 'pending' AND queue <> 'timer' AND session_id IN ${sql.in(idsOf(chunk))}`,
      )
      const pending = row?.n ?? 0
      if (pending > 0) return yield* new ContactBusy({ pending })
    }
  })

  const own = Effect.fnUntraced(function* (record: ContactRecord) {
    const files = record.files.map(({ blobId }) => blobId)
    const sessions = record.sessions.map(({ session }) => session.id)
    const used = yield* usedElsewhere(db, record.contact.orgId, { files, sessions })
    return files.filter((file) => !used.has(file))
  })

  const removeAll = Effect.fnUntraced(function* (record: ContactRecord, files: ReadonlyArray<string>) {
    const { contact, formerIds } = record
    const contactIds = [contact.id, ...formerIds]
    const sessions = record.sessions.map(({ session }) => session)
    yield* makeContactRows(db).lock(contact.orgId)
    if (!evenIfBusy) yield* refuseWhileBusy(sessions)
    yield* remove(db, { orgId: contact.orgId, sessions: [], files, contactIds })
    for (const chunk of Arr.chunksOf(sessions, perTransaction))
      yield* remove(db, { orgId: contact.orgId, sessions: chunk, files: [], contactIds })
    yield* removePeople(db, record)
    const at = yield* Clock.currentTimeMillis
    yield* keepMarks(
      db,
      contactIds.map((id) => ({ orgId: contact.orgId, mark: markOf(contact.orgId, id), at })),
    )
  })

  return Effect.fn("ContactRecords.erase")(function* (orgId: OrgId, id: ContactId) {
    const record = yield* db.run("ContactRecords.erase")(read(orgId, id))
    if (record === null) return null
    const files = yield* db.run("ContactRecords.erase")(own(record))
    // The transaction's own errors are the database's; a refusal goes around them as a value.
    const refused = yield* db.transaction("ContactRecords.erase")(
      removeAll(record, files).pipe(
        Effect.as(null),
        Effect.catchTag("ContactBusy", (busy) => Effect.succeed(busy)),
      ),
    )
    if (refused !== null) return yield* refused
    const erasure: Erasure = {
      contactIds: [record.contact.id, ...record.formerIds],
      sessions: record.sessions.length,
      files: files.length,
      sentWhere: record.sentWhere,
    }
    return erasure
  })
}
