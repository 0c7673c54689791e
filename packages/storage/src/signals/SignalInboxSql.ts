/** `SignalInbox` over SQL. */
import { type KeptSignal, OrgId, SessionId, SignalInbox, TicketId, type WaitingTicket } from "@opencx/core"
import { Array as Arr, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows, or tickets, per statement at most; powers of two. */
const perInsert = 64
const perDelete = 128

/** Any number: it only has to be the same for everyone who writes signals into one Postgres database. */
const writersLock = 7_307_291_146

const tickets = decoderOf(
  Schema.Struct({
    org_id: OrgId,
    signal_key: Schema.String,
    ticket_id: TicketId,
    session_id: Schema.NullOr(SessionId),
    read_status: Int64,
    signals: Int64,
    up_to: Int64,
  }),
)

/**
 * Chunks of 1, 2, 4, 8 … values, largest first, so that there are few different statements to prepare and not one for each
 * number of values.
 */
const chunksOf = <A>(values: ReadonlyArray<A>, most: number): ReadonlyArray<Arr.NonEmptyReadonlyArray<A>> => {
  const chunks: Array<Arr.NonEmptyReadonlyArray<A>> = []
  let rest = values
  for (let size = most; rest.length > 0;) {
    while (size > rest.length) size /= 2
    const chunk = rest.slice(0, size)
    if (Arr.isReadonlyArrayNonEmpty(chunk)) chunks.push(chunk)
    rest = rest.slice(size)
  }
  return chunks
}

const rowOf = (signal: KeptSignal) => ({
  org_id: signal.orgId,
  signal_key: keyOf(signal.signalKey),
  ticket_id: signal.ticketId,
  session_id: signal.sessionId,
  read_status: signal.readStatus ? 1 : 0,
})

const make = (db: Database) => {
  const { sql } = db

  const insert = (chunk: Arr.NonEmptyReadonlyArray<ReturnType<typeof rowOf>>) =>
    sql`INSERT INTO opencx_signals ${sql.insert(chunk)}`
  // A row that becomes visible later than one behind it would be forgotten with that one, unseen. So writers take turns
  // on Postgres; on SQLite they do anyway, and there one statement is a transaction by itself.
  const inTurn = sql.onDialectOrElse({
    pg: () => sql`SELECT pg_advisory_xact_lock(${sql.literal(String(writersLock))})`,
    orElse: () => null,
  })

  const keep = Effect.fn("SignalInbox.keep")(function* (signals: ReadonlyArray<KeptSignal>) {
    const chunks = chunksOf(signals.map(rowOf), perInsert)
    const write = Effect.forEach(chunks, insert, { discard: true })
    if (inTurn !== null) yield* db.transaction("SignalInbox.keep")(Effect.andThen(inTurn, write))
    else yield* (chunks.length > 1 ? db.transaction : db.run)("SignalInbox.keep")(write)
  })

  const waiting = Effect.fn("SignalInbox.waiting")(function* (limit: number) {
    const rows = yield* sql`
      SELECT s.org_id, s.ticket_id, s.session_id, s.signal_key, t.read_status, t.signals, t.up_to
      FROM (
        SELECT MIN(position) AS since, MAX(position) AS up_to, MAX(read_status) AS read_status, COUNT(*) AS signals
        FROM (SELECT position, org_id, ticket_id, read_status FROM opencx_signals ORDER BY position LIMIT ${limit}) AS o
        GROUP BY org_id, ticket_id
      ) AS t JOIN opencx_signals s ON s.position = t.up_to ORDER BY t.since`
    return (yield* tickets.all(rows)).map((row): WaitingTicket => ({
      orgId: row.org_id,
      ticketId: row.ticket_id,
      sessionId: row.session_id,
      signalKey: row.signal_key,
      readStatus: row.read_status === 1,
      signals: row.signals,
      upTo: row.up_to,
    }))
  }, db.run("SignalInbox.waiting"))

  const forget = (chunk: Arr.NonEmptyReadonlyArray<WaitingTicket>, upTo: number) => {
    const named = chunk.map((one) => sql`(${one.orgId}, ${one.ticketId})`)
    return sql`DELETE FROM opencx_signals WHERE position <= ${upTo} AND (org_id, ticket_id) IN (VALUES ${sql.csv(named)})`
  }

  const handedOn = Effect.fn("SignalInbox.handedOn")(function* (handed: ReadonlyArray<WaitingTicket>) {
    // All of them were read at once, so what comes before the newest of all was seen.
    const upTo = handed.reduce((newest, one) => Math.max(newest, one.upTo), 0)
    yield* Effect.forEach(chunksOf(handed, perDelete), (chunk) => forget(chunk, upTo), { discard: true })
  }, db.run("SignalInbox.handedOn"))

  return SignalInbox.of({ keep, waiting, handedOn })
}

export const layer: Layer.Layer<SignalInbox, never, SqlClient.SqlClient> = Layer.effect(
  SignalInbox,
  Effect.map(database, make),
)
