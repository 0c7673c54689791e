/** Clearing away the engine's journal: messages that were dealt with, and their replies, once they are old. */
import { type StoreError } from "@opencx/core"
import { Context, Effect, Layer, Schema } from "effect"
import { MachineId, Snowflake } from "effect/cluster"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows per statement: the embedded database works on the event loop, so it is let go in between. */
const batch = 2_000

/** The smallest id that a message of this time can have; ids of `effect/cluster` begin with their time. */
const firstIdOf = (epochMillis: number): bigint =>
  Snowflake.make({
    machineId: MachineId.make(0),
    sequence: 0,
    timestamp: Math.max(Math.floor(epochMillis), Snowflake.constEpochMillis),
  })

const counted = decoderOf(Schema.Struct({ n: Schema.Union([Schema.Number, Schema.BigInt]) }))

export class JournalUpkeep extends Context.Service<
  JournalUpkeep,
  {
    /**
     * Deletes processed messages that are older than `before` (epoch milliseconds). Their dedup keys go with them, so
     * `before` must lie further back than any provider retries. Answers with how many messages went.
     */
    purge(before: number): Effect.Effect<number, StoreError>
  }
>()("@opencx/storage/journal/Journal/JournalUpkeep") {}

const makePurge = (db: Database) => {
  const { sql } = db
  const old = (limit: bigint) =>
    sql`SELECT id FROM cluster_messages WHERE id < ${limit} AND processed = ${sql.literal("TRUE")} ORDER BY id LIMIT ${batch}`
  const remove = (limit: bigint) =>
    sql.withTransaction(
      Effect.gen(function* () {
        yield* sql`DELETE FROM cluster_replies WHERE request_id IN (${old(limit)})`
        return yield* sql`DELETE FROM cluster_messages WHERE id IN (${old(limit)}) RETURNING 1 AS n`
      }),
    )
  return Effect.fn("JournalUpkeep.purge")(function* (before: number) {
    let removed = 0
    for (let last = batch; last === batch;) {
      const rows = yield* Effect.flatMap(remove(firstIdOf(before)), counted.all).pipe(
        db.run("JournalUpkeep.purge"),
      )
      last = rows.length
      removed += last
      yield* Effect.yieldNow
    }
    return removed
  })
}

export const layer: Layer.Layer<JournalUpkeep, never, SqlClient.SqlClient> = Layer.effect(
  JournalUpkeep,
  Effect.map(database, (db) => JournalUpkeep.of({ purge: makePurge(db) })),
)
