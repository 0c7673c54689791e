/** `ContactRecords` over SQL. */
import {
  ContactBusy,
  type ContactId,
  type ContactRecord,
  ContactRecords,
  type Erasure,
  type OrgId,
  type Session,
} from "@opencx/core"
import { Array as Arr, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { makeContactRows } from "../contacts/contactRows.ts"
import { addressOf } from "../contacts/identities.ts"
import { sessionRows } from "../conversations/rows.ts"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { compactor } from "./compact.ts"
import { usedElsewhere } from "./fileUse.ts"
import { makeReads, type Reads } from "./readRecord.ts"
import { perTransaction, remove } from "./removal.ts"
import { filesOf } from "./sentWhere.ts"

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

const makeErase = (db: Database, { read }: Reads) => {
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
    yield* refuseWhileBusy(sessions)
    yield* remove(db, { orgId: contact.orgId, sessions: [], files, contactIds })
    for (const chunk of Arr.chunksOf(sessions, perTransaction))
      yield* remove(db, { orgId: contact.orgId, sessions: chunk, files: [], contactIds })
    yield* removePeople(db, record)
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

const makePurge = (db: Database, { told }: Reads) => {
  const { sql } = db

  const oldSessions = Effect.fnUntraced(function* (orgId: OrgId, before: number) {
    const rows = yield* sql`SELECT body FROM opencx_sessions s
      WHERE org_id = ${orgId} AND closed = 1 AND updated_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM opencx_work w WHERE w.session_id = s.id AND w.status = 'pending' AND w.queue <> 'timer')
      ORDER BY updated_at LIMIT ${perTransaction}`
    return (yield* sessionRows.all(rows)).map(({ body }) => body)
  })

  const removeStrangers = (orgId: OrgId, before: number) => {
    const gone = sql`SELECT c.id FROM opencx_contacts c WHERE c.org_id = ${orgId} AND c.created_at < ${before}
      AND NOT EXISTS (SELECT 1 FROM opencx_sessions s WHERE s.org_id = ${orgId} AND s.contact_id IN (
        SELECT f.id FROM opencx_contacts f
        WHERE f.org_id = ${orgId} AND COALESCE(f.merged_into, f.id) = COALESCE(c.merged_into, c.id)))`
    return Effect.andThen(
      sql`DELETE FROM opencx_contact_identities WHERE contact_id IN (${gone})`,
      sql`DELETE FROM opencx_contacts WHERE id IN (${gone})`,
    )
  }

  return Effect.fn("ContactRecords.purge")(function* (orgId: OrgId, olderThan: number) {
    const before = Math.floor(olderThan)
    const run = db.run("ContactRecords.purge")
    let removed = 0
    for (let last = perTransaction; last === perTransaction;) {
      const sessions = yield* run(oldSessions(orgId, before))
      last = sessions.length
      if (last === 0) break
      const files = filesOf(yield* run(Effect.forEach(sessions, told))).map(({ blobId }) => blobId)
      const used = yield* run(usedElsewhere(db, orgId, { files, sessions: idsOf(sessions) }))
      const own = files.filter((file) => !used.has(file))
      yield* db.transaction("ContactRecords.purge")(
        remove(db, { orgId, sessions, files: own, contactIds: [] }),
      )
      removed += last
      yield* Effect.yieldNow
    }
    if (removed > 0) yield* db.transaction("ContactRecords.purge")(removeStrangers(orgId, before))
    return { sessions: removed }
  })
}

const make = (db: Database) => {
  const reads = makeReads(db)
  return ContactRecords.of({
    find: Effect.fn("ContactRecords.find")(function* (orgId, idOrAddress) {
      return yield* reads.find(orgId, idOrAddress)
    }, db.run("ContactRecords.find")),
    read: Effect.fn("ContactRecords.read")(function* (orgId, id) {
      return yield* reads.read(orgId, id)
    }, db.run("ContactRecords.read")),
    erase: makeErase(db, reads),
    purge: makePurge(db, reads),
    compact: compactor(db),
  })
}

export const layer: Layer.Layer<ContactRecords, never, SqlClient.SqlClient> = Layer.effect(
  ContactRecords,
  Effect.map(database, make),
)
