/**
 * What was erased, so that an older copy of the data cannot bring it back. The database knows of the erasures that it has
 * seen; a list outside of it knows of those that came after a backup was made.
 */
import { ContactId, OrgId, type StoreError } from "@opencx/core"
import { Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"
import { compactor } from "./compact.ts"
import { makeErase } from "./eraseContact.ts"
import { type ErasureMark, keepMarks, markOf } from "./marks.ts"
import { makeReads } from "./readRecord.ts"

export { type ErasureMark, markOf } from "./marks.ts"

export interface ErasedAgain {
  readonly contacts: number
  /** False when deleted text may still lie in free pages of the database's file. */
  readonly compacted: boolean
}

export class Erasures extends Context.Service<
  Erasures,
  {
    /** All that this database knows of, oldest first. */
    readonly known: Effect.Effect<ReadonlyArray<ErasureMark>, StoreError>
    /**
     * Erases every contact that one of these marks means, whatever is under way for them, and remembers the marks. Marks that
     * the database knows are done with. Nothing else may work on the data meanwhile.
     */
    again(marks: ReadonlyArray<ErasureMark>): Effect.Effect<ErasedAgain, StoreError>
  }
>()("@opencx/storage/records/Erasures") {}

const rows = decoderOf(
  Schema.Struct({ orgId: OrgId, mark: Schema.String, at: Int64 }).pipe(
    Schema.encodeKeys({ orgId: "org_id" }),
  ),
)
const ids = decoderOf(Schema.Struct({ id: ContactId }))

/** Contacts looked at per statement: the embedded database works on the event loop, so it is let go in between. */
const page = 500

const make = (db: Database) => {
  const { sql } = db
  const compact = compactor(db)
  const erase = makeErase(db, makeReads(db), { evenIfBusy: true })

  const known = Effect.suspend(
    () => sql`SELECT org_id, mark, at FROM opencx_erasures ORDER BY at, org_id, mark`,
  ).pipe(Effect.flatMap(rows.all), db.run("Erasures.known"))

  const contactsAfter = (orgId: OrgId, last: string) =>
    Effect.flatMap(
      sql`SELECT id FROM opencx_contacts WHERE org_id = ${orgId} AND id > ${last} ORDER BY id LIMIT ${page}`,
      ids.all,
    ).pipe(db.run("Erasures.again"))

  const eraseMarked = Effect.fnUntraced(function* (orgId: OrgId, marks: ReadonlySet<string>) {
    let erased = 0
    let last = ""
    for (let read = page; read === page;) {
      const contacts = yield* contactsAfter(orgId, last)
      for (const { id } of contacts) {
        if (!marks.has(markOf(orgId, id))) continue
        // Null: it went with somebody whom it was merged into.
        const gone = yield* erase(orgId, id).pipe(Effect.catchTag("ContactBusy", () => Effect.succeed(null)))
        if (gone !== null) erased += 1
      }
      last = contacts.at(-1)?.id ?? last
      read = contacts.length
      yield* Effect.yieldNow
    }
    return erased
  })

  const again = Effect.fn("Erasures.again")(function* (marks: ReadonlyArray<ErasureMark>) {
    const done = new Set((yield* known).map(({ mark, orgId }) => `${orgId} ${mark}`))
    const news = marks.filter(({ mark, orgId }) => !done.has(`${orgId} ${mark}`))
    let erased = 0
    for (const orgId of new Set(news.map((one) => one.orgId)))
      erased += yield* eraseMarked(
        orgId,
        new Set(news.filter((one) => one.orgId === orgId).map(({ mark }) => mark)),
      )
    // Last: what was cut off before is done again.
    yield* db.transaction("Erasures.again")(keepMarks(db, news))
    return { contacts: erased, compacted: erased === 0 || (yield* compact) }
  })

  return Erasures.of({ known, again })
}

export const layer: Layer.Layer<Erasures, never, SqlClient.SqlClient> = Layer.effect(
  Erasures,
  Effect.map(database, make),
)
