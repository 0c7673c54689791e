/** `ContactRecords` over SQL. */
import { ContactRecords, type OrgId, type Session } from "@opencx/core"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { sessionRows } from "../conversations/rows.ts"
import { type Database, database } from "../sql/Database.ts"
import { compactor } from "./compact.ts"
import { makeErase } from "./eraseContact.ts"
import { usedElsewhere } from "./fileUse.ts"
import { makeReads, type Reads } from "./readRecord.ts"
import { perTransaction, remove } from "./removal.ts"
import { removeStrangers } from "./strangers.ts"
import { filesOf } from "./sentWhere.ts"

const idsOf = (sessions: ReadonlyArray<Session>) => sessions.map(({ id }) => id)

const makePurge = (db: Database, { told }: Reads) => {
  const { sql } = db

  const oldSessions = Effect.fnUntraced(function* (orgId: OrgId, before: number) {
    const rows = yield* sql`SELECT body FROM opencx_sessions s
      WHERE org_id = ${orgId} AND closed = 1 AND updated_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM opencx_work w WHERE w.session_id = s.id AND w.status = 'pending' AND w.queue <> 'timer')
      ORDER BY updated_at LIMIT ${perTransaction}`
    return (yield* sessionRows.all(rows)).map(({ body }) => body)
  })

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
    yield* removeStrangers(db, orgId, before)
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
    erase: makeErase(db, reads, { evenIfBusy: false }),
    purge: makePurge(db, reads),
    compact: compactor(db),
  })
}

export const layer: Layer.Layer<ContactRecords, never, SqlClient.SqlClient> = Layer.effect(
  ContactRecords,
  Effect.map(database, make),
)
