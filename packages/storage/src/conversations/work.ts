/** The life of work after it was ordered. */
import type { ConversationStore, OrgId, Outcome, WorkId } from "@opencx/core"
import type { Context } from "effect"
import { Clock, Effect } from "effect"
import type { Database } from "../sql/Database.ts"
import { plainText } from "../sql/keys.ts"
import { countRows, encodeOutcome, workColumns, workRows } from "./rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

type WorkMethods = Pick<
  Store,
  | "work"
  | "anyWork"
  | "saveStep"
  | "recordFailure"
  | "settle"
  | "stale"
  | "deadLetters"
  | "replay"
  | "discard"
  | "workCounts"
>

export const makeWork = (db: Database): WorkMethods => {
  const { sql } = db
  const columns = sql.literal(workColumns)

  const work = Effect.fn("ConversationStore.work")(function* (orgId: OrgId, id: WorkId) {
    return yield* workRows.first(
      yield* sql`SELECT ${columns} FROM opencx_work WHERE id = ${id} AND org_id = ${orgId}`,
    )
  }, db.run("ConversationStore.work"))

  const anyWork = Effect.fn("ConversationStore.anyWork")(function* (id: WorkId) {
    return yield* workRows.first(yield* sql`SELECT ${columns} FROM opencx_work WHERE id = ${id}`)
  }, db.run("ConversationStore.anyWork"))

  const saveStep = Effect.fn("ConversationStore.saveStep")(function* (id: WorkId, step: string) {
    const now = yield* Clock.currentTimeMillis
    yield* sql`UPDATE opencx_work SET step = ${step}, updated_at = ${now} WHERE id = ${id} AND status = 'pending'`
  }, db.run("ConversationStore.saveStep"))

  const recordFailure = Effect.fn("ConversationStore.recordFailure")(function* (id: WorkId, error: string) {
    const now = yield* Clock.currentTimeMillis
    yield* sql`UPDATE opencx_work
      SET attempts = attempts + 1, last_error = ${plainText(error)}, updated_at = ${now}
      WHERE id = ${id} AND status = 'pending'`
  }, db.run("ConversationStore.recordFailure"))

  const settle = Effect.fn("ConversationStore.settle")(function* (
    id: WorkId,
    status: "done" | "dead",
    outcome: Outcome,
  ) {
    const now = yield* Clock.currentTimeMillis
    const body = yield* encodeOutcome(outcome)
    yield* sql`UPDATE opencx_work SET status = ${status}, outcome = ${body}, updated_at = ${now}
      WHERE id = ${id} AND status = 'pending'`
  }, db.run("ConversationStore.settle"))

  /** Work that waits for its time is idle from that time on, not from its creation. */
  const stale = Effect.fn("ConversationStore.stale")(function* (idleMs: number, limit: number) {
    const idleSince = Math.floor((yield* Clock.currentTimeMillis) - idleMs)
    return yield* workRows.all(
      yield* sql`SELECT ${columns} FROM opencx_work
        WHERE status = 'pending' AND updated_at <= ${idleSince} AND (not_before IS NULL OR not_before <= ${idleSince})
        ORDER BY updated_at, position LIMIT ${Math.max(0, Math.floor(limit))}`,
    )
  }, db.run("ConversationStore.stale"))

  const deadLetters = Effect.fn("ConversationStore.deadLetters")(function* (
    orgId: OrgId | null,
    limit: number,
  ) {
    const scope = orgId === null ? sql.literal("1 = 1") : sql`org_id = ${orgId}`
    return yield* workRows.all(
      yield* sql`SELECT ${columns} FROM opencx_work WHERE status = 'dead' AND ${scope}
        ORDER BY updated_at DESC, position DESC LIMIT ${Math.max(0, Math.floor(limit))}`,
    )
  }, db.run("ConversationStore.deadLetters"))

  /** The step memory stays: what may already have happened outside is still known to the next try. */
  const replay = Effect.fn("ConversationStore.replay")(function* (orgId: OrgId, id: WorkId) {
    const now = yield* Clock.currentTimeMillis
    return yield* workRows.first(
      yield* sql`UPDATE opencx_work
        SET status = 'pending', epoch = epoch + 1, attempts = 0, outcome = NULL, updated_at = ${now}
        WHERE id = ${id} AND org_id = ${orgId} AND status = 'dead' RETURNING ${columns}`,
    )
  }, db.run("ConversationStore.replay"))

  const discard = Effect.fn("ConversationStore.discard")(function* (
    orgId: OrgId,
    id: WorkId,
    reason: string,
  ) {
    const now = yield* Clock.currentTimeMillis
    const rows = yield* sql`UPDATE opencx_work
      SET status = 'discarded', last_error = ${plainText(reason)}, updated_at = ${now}
      WHERE id = ${id} AND org_id = ${orgId} AND status = 'dead' RETURNING id`
    return rows.length > 0
  }, db.run("ConversationStore.discard"))

  const workCounts = Effect.gen(function* () {
    const rows = yield* countRows.all(
      yield* sql`SELECT status, count(*) AS count FROM opencx_work WHERE status = 'pending' GROUP BY status
        UNION ALL SELECT status, count(*) AS count FROM opencx_work WHERE status = 'dead' GROUP BY status`,
    )
    const count = (status: string) => rows.find((row) => row.status === status)?.count ?? 0
    return { pending: count("pending"), dead: count("dead") }
  }).pipe(db.run("ConversationStore.workCounts"), Effect.withSpan("ConversationStore.workCounts"))

  return { work, anyWork, saveStep, recordFailure, settle, stale, deadLetters, replay, discard, workCounts }
}
