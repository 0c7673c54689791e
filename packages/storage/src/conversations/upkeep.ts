/** Clearing away, and trying whether the journal can be written. */
import { type ConversationStore, StoreError } from "@opencx/core"
import { Clock, type Context, Effect, Schema } from "effect"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

/** Rows per statement: the embedded database works on the event loop, so it is let go in between. */
const purgeBatch = 2_000

const stampRows = decoderOf(Schema.Struct({ stamp: Schema.String }))

export const makeUpkeep = (db: Database): Pick<Store, "purge" | "probe"> => {
  const { sql } = db

  const oldEvents = (before: number) => sql`
    DELETE FROM opencx_events WHERE (lane, event_key) IN (
      SELECT lane, event_key FROM opencx_events WHERE at < ${before} ORDER BY at LIMIT ${purgeBatch}
    ) RETURNING at`
  const finishedWork = (before: number) => sql`
    DELETE FROM opencx_work WHERE position IN (
      SELECT position FROM opencx_work WHERE status IN ('done', 'discarded') AND updated_at < ${before}
      ORDER BY updated_at LIMIT ${purgeBatch}
    ) RETURNING position`

  const purge = Effect.fn("ConversationStore.purge")(function* (before: number) {
    const limit = Math.floor(before)
    let removed = 0
    for (const statement of [oldEvents(limit), finishedWork(limit)]) {
      let batch = purgeBatch
      while (batch === purgeBatch) {
        batch = (yield* db.run("ConversationStore.purge")(statement)).length
        removed += batch
        yield* Effect.yieldNow
      }
    }
    return removed
  })

  const probe = Effect.gen(function* () {
    const stamp = String(yield* Clock.currentTimeMillis)
    const row = yield* stampRows.first(
      yield* sql`INSERT INTO opencx_probe (id, stamp) VALUES (1, ${stamp})
        ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp RETURNING stamp`,
    )
    if (row?.stamp !== stamp) {
      const detail = "the database did not keep what was written"
      return yield* new StoreError({ operation: "ConversationStore.probe", detail })
    }
  }).pipe(db.run("ConversationStore.probe"), Effect.withSpan("ConversationStore.probe"))

  return { purge, probe }
}
