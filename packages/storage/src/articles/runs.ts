/** Who syncs a source and when, over SQL: one row per source, which a single statement takes or does not. */
import type { OrgId, SourceRuns } from "@opencx/core"
import { Effect, Schema } from "effect"
import { Int64 } from "../sql/columns.ts"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

const holderRows = decoderOf(Schema.Struct({ holder: Schema.NullOr(Schema.String) }))
const statusRows = decoderOf(
  Schema.Struct({
    holder: Schema.NullOr(Schema.String),
    held_until: Int64,
    last_at: Schema.NullOr(Int64),
    retry_at: Int64,
    failures: Int64,
  }),
)

const makeClaims = ({ run, sql }: Database): Pick<SourceRuns, "claim" | "renew"> => ({
  claim: Effect.fn("SourceRuns.claim")(function* (orgId, sourceId, { everyMs, holder, leaseMs, now }) {
    const due =
      everyMs === null
        ? sql`1 = 1`
        : // A last run in the future comes from a clock that was set back since: it counts as long ago.
          sql`r.retry_at <= ${now} AND (r.last_at IS NULL OR r.last_at <= ${now - everyMs} OR r.last_at > ${now + everyMs})`
    const rows = yield* holderRows.all(
      yield* sql`INSERT INTO opencx_source_runs AS r (org_id, source_id, holder, held_until, last_at, retry_at, failures)
        VALUES (${orgId}, ${sourceId}, ${holder}, ${now + leaseMs}, NULL, 0, 0)
        ON CONFLICT (org_id, source_id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
          WHERE (r.holder IS NULL OR r.held_until <= ${now}) AND ${due}
        RETURNING holder`,
    )
    return rows.length > 0
  }, run("SourceRuns.claim")),
  renew: Effect.fn("SourceRuns.renew")(function* (orgId, sourceId, { holder, leaseMs, now }) {
    const rows = yield* holderRows.all(
      yield* sql`UPDATE opencx_source_runs SET held_until = ${now + leaseMs}
        WHERE org_id = ${orgId} AND source_id = ${sourceId} AND holder = ${holder} RETURNING holder`,
    )
    return rows.length > 0
  }, run("SourceRuns.renew")),
})

export const makeRuns = (db: Database): SourceRuns => {
  const { sql } = db
  return {
    ...makeClaims(db),
    finish: Effect.fn("SourceRuns.finish")(function* (orgId, sourceId, holder, end) {
      const change =
        end._tag === "done"
          ? sql`last_at = ${end.startedAt}, retry_at = 0, failures = 0`
          : end._tag === "failed"
            ? sql`retry_at = ${end.retryAt}, failures = failures + 1`
            : sql`failures = failures`
      yield* sql`UPDATE opencx_source_runs SET holder = NULL, held_until = 0, ${change}
        WHERE org_id = ${orgId} AND source_id = ${sourceId} AND holder = ${holder}`
    }, db.run("SourceRuns.finish")),
    status: Effect.fn("SourceRuns.status")(function* (orgId: OrgId, sourceId: string) {
      const row = yield* statusRows.first(
        yield* sql`SELECT holder, held_until, last_at, retry_at, failures FROM opencx_source_runs
          WHERE org_id = ${orgId} AND source_id = ${sourceId}`,
      )
      return row === null
        ? { holder: null, until: 0, lastAt: null, retryAt: 0, failures: 0 }
        : {
            holder: row.holder,
            until: row.held_until,
            lastAt: row.last_at,
            retryAt: row.retry_at,
            failures: row.failures,
          }
    }, db.run("SourceRuns.status")),
  }
}
