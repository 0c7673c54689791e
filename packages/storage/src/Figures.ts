/** How much work waits, by queue, and what was given up, by organization: for metrics. */
import { OrgId, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "./sql/columns.ts"
import { type Database, database } from "./sql/Database.ts"
import { decoderOf } from "./sql/rows.ts"

/** Work that is due: what waits for its time does not count. */
export interface QueueFigure {
  readonly queue: string
  readonly due: number
  /** Since when the oldest of it is due, in milliseconds. */
  readonly oldestMs: number
}

export interface DeadFigure {
  readonly organization: OrgId
  readonly dead: number
}

export class WorkFigures extends Context.Service<
  WorkFigures,
  {
    readonly queues: Effect.Effect<ReadonlyArray<QueueFigure>, StoreError>
    readonly deadLetters: Effect.Effect<ReadonlyArray<DeadFigure>, StoreError>
  }
>()("@opencx/storage/Figures/WorkFigures") {}

const queueRows = decoderOf(Schema.Struct({ queue: Schema.String, due: Int64, since: Int64 }))
const deadRows = decoderOf(Schema.Struct({ org_id: OrgId, dead: Int64 }))

const make = ({ run, sql }: Database) =>
  WorkFigures.of({
    queues: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const rows = yield* queueRows.all(
        yield* sql`SELECT queue, count(*) AS due, MIN(COALESCE(not_before, created_at)) AS since FROM opencx_work
          WHERE status = 'pending' AND (not_before IS NULL OR not_before <= ${now}) GROUP BY queue ORDER BY queue`,
      )
      return rows.map(({ due, queue, since }) => ({ queue, due, oldestMs: Math.max(0, now - since) }))
    }).pipe(run("WorkFigures.queues")),
    deadLetters: Effect.suspend(
      () =>
        sql`SELECT org_id, count(*) AS dead FROM opencx_work WHERE status = 'dead' GROUP BY org_id ORDER BY org_id`,
    ).pipe(
      Effect.flatMap(deadRows.all),
      Effect.map((rows) => rows.map(({ dead, org_id }) => ({ organization: org_id, dead }))),
      run("WorkFigures.deadLetters"),
    ),
  })

export const layer: Layer.Layer<WorkFigures, never, SqlClient.SqlClient> = Layer.effect(
  WorkFigures,
  Effect.map(database, make),
)
