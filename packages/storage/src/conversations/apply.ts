/** The hot path: one event, one decision, one transaction. */
import {
  type ConversationStore,
  type Decision,
  type Lane,
  laneKey,
  noFacts,
  type Session,
  type SessionFacts,
  type SessionId,
  StoreError,
  type Work,
} from "@opencx/core"
import { Array as Arr, Clock, type Context, Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { upsertAddress } from "../threads/upsertAddress.ts"
import { type Counted, factColumns, factsNow, factsOf } from "./facts.ts"
import {
  countedRows,
  entryRows,
  entryToRow,
  orderToRow,
  sessionToRow,
  workColumns,
  workRows,
} from "./rows.ts"

type ApplyInput = Parameters<Context.Service.Shape<typeof ConversationStore>["apply"]>[0]

const operation = "ConversationStore.apply"

const refuse = (detail: string) => Effect.fail(new StoreError({ operation, detail }))

/** What a faulty engine could do to the data, refused before anything is written. */
const check = (lane: Lane, current: Session | null, decision: Decision): Effect.Effect<void, StoreError> => {
  const { session, entries, work } = decision
  if (session === null) {
    return entries.length === 0 && work.length === 0
      ? Effect.void
      : refuse("a decision without a session can carry neither entries nor work")
  }
  const sameAccount = session.channel === lane.channel && session.accountId === lane.accountId
  if (session.orgId !== lane.orgId || session.threadKey !== lane.threadKey || !sameAccount) {
    return refuse("the decided session belongs to another lane")
  }
  const before = current?.id === session.id ? current.lastSeq : 0
  const gapless = entries.every((entry, i) => entry.seq === before + 1 + i && entry.sessionId === session.id)
  return gapless && session.lastSeq === before + entries.length
    ? Effect.void
    : refuse(`entries must be numbered on from ${before} up to the session's lastSeq`)
}

/** SQLite's BEGIN IMMEDIATE lets one writer in; Postgres is told which lane is being written. */
const laneLock = ({ sql }: Database): ((lane: string) => Effect.Effect<void, SqlError>) =>
  sql.onDialectOrElse({
    pg: () => (lane: string) =>
      Effect.asVoid(sql`SELECT pg_advisory_xact_lock(hashtextextended(${lane}, 0))`),
    orElse: () => () => Effect.void,
  })

/** Tags that went to the help desk with one of these, each once. */
const tagsIn = (entries: Decision["entries"]): ReadonlyArray<string> => [
  ...new Set(
    entries.flatMap(({ body }) =>
      body._tag === "HandoffConfirmed" || body._tag === "Assist" ? body.tags : [],
    ),
  ),
]

const factUpdates = factColumns
  .split(", ")
  .map((column) => `${column} = excluded.${column}`)
  .join(", ")

const makeWrites = (db: Database) => {
  const { sql } = db
  const timelineOf = (id: SessionId) =>
    Effect.flatMap(
      sql`SELECT session_id, seq, at, body FROM opencx_entries WHERE session_id = ${id} ORDER BY seq`,
      entryRows.all,
    )
  /** A session that an earlier release has kept is counted from its beginning, once. */
  const factsOfNow = Effect.fnUntraced(function* (
    value: Session,
    entries: Decision["entries"],
    before: Counted | null,
  ) {
    if (before?.session.id !== value.id) return factsNow(noFacts, [], entries)
    return factsNow(before.facts, before.facts === null ? yield* timelineOf(value.id) : [], entries)
  })
  const session = Effect.fnUntraced(function* (
    value: Session,
    facts: SessionFacts,
    lane: string,
    now: number,
  ) {
    const row = yield* sessionToRow(value, facts, lane, now)
    yield* sql`
      INSERT INTO opencx_sessions ${sql.insert(row)}
      ON CONFLICT (id) DO UPDATE SET
        contact_id = excluded.contact_id, state = excluded.state, closed = excluded.closed,
        ticket_id = excluded.ticket_id, chat_id = excluded.chat_id, watched = excluded.watched,
        updated_at = excluded.updated_at, body = excluded.body, channel = excluded.channel, ${sql.literal(factUpdates)}`
  })
  return Effect.fnUntraced(function* (
    lane: Lane,
    key: string,
    decision: Decision,
    before: Counted | null,
    now: number,
  ) {
    if (decision.session !== null) {
      const sessionId = decision.session.id
      const facts = yield* factsOfNow(decision.session, decision.entries, before)
      yield* session(decision.session, facts, key, now)
      const entries = yield* Effect.forEach(decision.entries, (entry) => entryToRow(lane.orgId, entry))
      if (Arr.isArrayNonEmpty(entries)) yield* sql`INSERT INTO opencx_entries ${sql.insert(entries)}`
      const tags = tagsIn(decision.entries).map((tag) => ({
        org_id: lane.orgId,
        tag: keyOf(tag),
        session_id: sessionId,
      }))
      if (Arr.isArrayNonEmpty(tags))
        yield* sql`INSERT INTO opencx_session_tags ${sql.insert(tags)}
          ON CONFLICT (org_id, tag, session_id) DO NOTHING`
      const work = yield* Effect.forEach(decision.work, (order) =>
        orderToRow(order, { lane, sessionId, now }),
      )
      if (Arr.isArrayNonEmpty(work)) yield* sql`INSERT INTO opencx_work ${sql.insert(work)}`
    }
    if (decision.address !== null) {
      yield* upsertAddress(db, lane, { key: lane.threadKey, address: decision.address, now })
    }
  })
}

/** The new work as it was just written: reading it back, with all that waits before it, would cost more each time. */
const ordered = (lane: Lane, { session, work }: Decision, now: number): ReadonlyArray<Work> =>
  session === null
    ? []
    : work.map((order) => ({
        ...order,
        lane,
        sessionId: session.id,
        status: "pending",
        epoch: 0,
        attempts: 0,
        step: null,
        outcome: null,
        lastError: null,
        createdAt: now,
        updatedAt: now,
      }))

/** `ConversationStore.apply` over one database. */
export const makeApply = (db: Database) => {
  const { sql } = db
  const lock = laneLock(db)
  const write = makeWrites(db)

  const facts = sql.literal(factColumns)

  const recordEvent = (lane: string, eventKey: string, now: number) =>
    Effect.map(
      sql`INSERT INTO opencx_events (lane, event_key, at) VALUES (${lane}, ${keyOf(eventKey)}, ${now})
        ON CONFLICT (lane, event_key) DO NOTHING RETURNING at`,
      (rows) => rows.length > 0,
    )
  const currentSession = Effect.fnUntraced(function* (lane: string, named: SessionId | null) {
    const rows =
      named === null
        ? yield* sql`SELECT body, ${facts} FROM opencx_sessions WHERE lane = ${lane}
            ORDER BY closed, created_at DESC, id LIMIT 1`
        : yield* sql`SELECT body, ${facts} FROM opencx_sessions WHERE id = ${named} AND lane = ${lane}`
    const row = yield* countedRows.first(rows)
    return row === null ? null : { session: row.body, facts: factsOf(row) }
  })
  const pendingOf = Effect.fnUntraced(function* (session: Session | null) {
    if (session === null) return []
    const rows = yield* sql`
      SELECT ${sql.literal(workColumns)} FROM opencx_work
      WHERE session_id = ${session.id} AND status = 'pending' ORDER BY position`
    return yield* workRows.all(rows)
  })

  return Effect.fn(operation)(function* (input: ApplyInput) {
    const { lane, eventKey, sessionId, decide } = input
    const key = keyOf(laneKey(lane))
    const now = yield* Clock.currentTimeMillis
    const once = Effect.gen(function* () {
      yield* lock(key)
      const fresh = yield* recordEvent(key, eventKey, now)
      const before = yield* currentSession(key, sessionId)
      const current = before?.session ?? null
      if (!fresh) return { fresh, session: current, pending: yield* pendingOf(current) }
      const decision = decide(current)
      yield* check(lane, current, decision)
      yield* write(lane, key, decision, before, now)
      return { fresh, session: decision.session, pending: ordered(lane, decision, now) }
    })
    return yield* db.transaction(operation)(once)
  })
}

/** `ConversationStore.wasApplied` over one database. */
export const makeWasApplied = (db: Database) =>
  Effect.fn("ConversationStore.wasApplied")(function* (lane: Lane, eventKey: string) {
    const rows = yield* db.sql`SELECT at FROM opencx_events
      WHERE lane = ${keyOf(laneKey(lane))} AND event_key = ${keyOf(eventKey)}`
    return rows.length > 0
  }, db.run("ConversationStore.wasApplied"))
