/** The numbers of syncs, as metrics by organization and source. */
import type { OrgId, SyncProgress, SyncReport } from "@opencx/core"
import { Clock, Effect, Metric } from "effect"

const gauge = (name: string, description: string) => Metric.gauge(`opencx_sync_${name}`, { description })
const counter = (name: string, description: string) =>
  Metric.counter(`opencx_sync_${name}_total`, { description, incremental: true })

const running = gauge("running", "1 while a sync is under way")
const done = gauge("done", "Articles read by the run under way, or by the last one")
const total = gauge("total", "Articles that the run has to read, when the source tells")
const articles = gauge("articles", "Articles seen by the last full sync")
const failed = gauge("failed", "Articles that the last sync could not read, convert or confirm")
const heldBack = gauge("held_back", "Missing articles that were kept because too many are missing at once")
const lastSuccess = gauge("last_success_seconds", "When the last good sync ended, Unix time")
const calls = counter("calls", "Calls made by syncs")
const changed = counter("changed", "Articles stored by syncs")
const removed = counter("removed", "Articles removed by syncs")
const failures = counter("failures", "Syncs that failed")

interface Labels {
  readonly organization: OrgId
  readonly source: string
}

const set = (metric: Metric.Metric<number, unknown>, labels: Labels, value: number) =>
  Metric.update(Metric.withAttributes(metric, { ...labels }), value)

export const countProgress = (labels: Labels, progress: SyncProgress): Effect.Effect<void> =>
  Effect.andThen(
    set(done, labels, progress.done),
    progress.total === null ? Effect.void : set(total, labels, progress.total),
  )

export const countStart = (labels: Labels): Effect.Effect<void> => set(running, labels, 1)

export const countEnd = (labels: Labels): Effect.Effect<void> => set(running, labels, 0)

export const countFailure = (labels: Labels): Effect.Effect<void> => set(failures, labels, 1)

export const countReport = Effect.fnUntraced(function* (labels: Labels, report: SyncReport) {
  if (report.kind === "full") yield* set(articles, labels, report.seen)
  yield* set(failed, labels, report.failed)
  yield* set(heldBack, labels, report.heldBack)
  yield* set(calls, labels, report.calls)
  yield* set(changed, labels, report.changed)
  yield* set(removed, labels, report.removed)
  yield* set(lastSuccess, labels, (yield* Clock.currentTimeMillis) / 1_000)
})
