/** `SignalInbox` over SQL. */
import { type KeptSignal, OrgId, SessionId, SignalInbox, TicketId } from "@opencx/core"
import { Array as Arr, Clock, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf, plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows per statement. */
const perInsert = 64
const perUpdate = 512
const purgeBatch = 2_000

const rows = decoderOf(
  Schema.Struct({
    position: Int64,
    org_id: OrgId,
    signal_key: Schema.String,
    ticket_id: TicketId,
    session_id: Schema.NullOr(SessionId),
    status_hint: Schema.NullOr(Schema.String),
  }),
)

/**
 * Chunks of 1, 4, 16, 64 … values: the last one is filled up by repeating its last value, which changes nothing, so that
 * there are few different statements to prepare, and not one for each number of values.
 */
const evenChunks = <A>(values: ReadonlyArray<A>, most: number) =>
  Arr.chunksOf(values, most)
    .filter(Arr.isReadonlyArrayNonEmpty)
    .map((chunk) => {
      let size = 1
      while (size < chunk.length) size = Math.min(size * 4, most)
      return Arr.makeBy(size, (n) => chunk[n] ?? Arr.lastNonEmpty(chunk))
    })

const rowOf = (signal: KeptSignal, at: number) => ({
  org_id: signal.orgId,
  signal_key: keyOf(signal.signalKey),
  ticket_id: signal.ticketId,
  session_id: signal.sessionId,
  status_hint: signal.statusHint === null ? null : plainText(signal.statusHint).slice(0, 100),
  at,
})

const make = (db: Database) => {
  const { sql } = db
  const insert = (chunk: Arr.NonEmptyReadonlyArray<ReturnType<typeof rowOf>>) =>
    sql`INSERT INTO opencx_signals ${sql.insert(chunk)} ON CONFLICT (org_id, signal_key) DO NOTHING`

  // One statement is a transaction by itself.
  const keep = Effect.fn("SignalInbox.keep")(function* (signals: ReadonlyArray<KeptSignal>) {
    const at = yield* Clock.currentTimeMillis
    const chunks = evenChunks(
      signals.map((signal) => rowOf(signal, at)),
      perInsert,
    )
    const write = Effect.forEach(chunks, insert, { discard: true })
    yield* chunks.length > 1 ? db.transaction("SignalInbox.keep")(write) : db.run("SignalInbox.keep")(write)
  })

  const waiting = Effect.fn("SignalInbox.waiting")(function* (limit: number) {
    const found = yield* rows.all(
      yield* sql`SELECT position, org_id, signal_key, ticket_id, session_id, status_hint FROM opencx_signals
        WHERE handed_on = 0 ORDER BY position LIMIT ${limit}`,
    )
    return found.map((row) => ({
      position: row.position,
      orgId: row.org_id,
      signalKey: row.signal_key,
      ticketId: row.ticket_id,
      sessionId: row.session_id,
      statusHint: row.status_hint,
    }))
  }, db.run("SignalInbox.waiting"))

  const handedOn = Effect.fn("SignalInbox.handedOn")(function* (positions: ReadonlyArray<number>) {
    yield* Effect.forEach(
      evenChunks(positions, perUpdate),
      (chunk) => sql`UPDATE opencx_signals SET handed_on = 1 WHERE position IN ${sql.in(chunk)}`,
      { discard: true },
    )
  }, db.run("SignalInbox.handedOn"))

  const purgeOldest = (before: number) => sql`
    DELETE FROM opencx_signals WHERE position IN (
      SELECT position FROM (
        SELECT position, at, handed_on FROM opencx_signals ORDER BY position LIMIT ${purgeBatch}
      ) AS oldest WHERE at < ${before} AND handed_on = 1
    ) RETURNING position`

  const purge = Effect.fn("SignalInbox.purge")(function* (before: number) {
    let removed = 0
    for (let last = purgeBatch; last === purgeBatch;) {
      last = (yield* db.run("SignalInbox.purge")(purgeOldest(Math.floor(before)))).length
      removed += last
      yield* Effect.yieldNow
    }
    return removed
  })

  return SignalInbox.of({ keep, waiting, handedOn, purge })
}

export const layer: Layer.Layer<SignalInbox, never, SqlClient.SqlClient> = Layer.effect(
  SignalInbox,
  Effect.map(database, make),
)
