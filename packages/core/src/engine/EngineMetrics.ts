/** Counters and gauges of the engine, in Effect's metric registry; the runtime shows them at `/metrics`. */
import { type Context, Effect, Metric } from "effect"

const accepted = Metric.counter("opencx_events_accepted_total", {
  description: "Events journaled",
  incremental: true,
})
const applied = Metric.counter("opencx_events_applied_total", {
  description: "Events applied to their lane",
  incremental: true,
})
const duplicates = Metric.counter("opencx_events_duplicate_total", {
  description: "Events that had been applied before",
  incremental: true,
})
const works = Metric.counter("opencx_work_done_total", {
  description: "Work finished, by task",
  incremental: true,
})
const dead = Metric.counter("opencx_dead_letters_total", {
  description: "Work given up, by task",
  incremental: true,
})
const restarts = Metric.counter("opencx_engine_restarts_total", {
  description: "Times the watchdog restarted the engine",
  incremental: true,
})
const acceptMs = Metric.histogram("opencx_accept_milliseconds", {
  description: "Time to journal one event",
  boundaries: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500],
})

const failures = Metric.counter("opencx_provider_errors_total", {
  description: "Tries that failed, by organization, channel, task and class of the answer",
  incremental: true,
})
const handoffSeconds = Metric.histogram("opencx_handoff_seconds", {
  description: "From the decision to hand over until the help desk has confirmed it",
  boundaries: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600],
})

const handoffs: ReadonlySet<string> = new Set(["OpenTicket", "OpenChat"])

const byTask = (metric: typeof works, task: string) =>
  Metric.update(Metric.withAttributes(metric, { task }), 1)

export const EngineMetrics = {
  /** Rare ones stand at 0 from the start: a figure that is not there cannot be told from one that is 0. */
  begin: Effect.andThen(Metric.update(restarts, 0), Metric.update(duplicates, 0)),
  /** `count` events that were journaled together in this time. */
  accepted: (ms: number, count = 1) =>
    Effect.andThen(
      Metric.update(accepted, count),
      Effect.contextWith((context: Context.Context<never>) =>
        Effect.sync(() => {
          for (let n = 0; n < count; n += 1) acceptMs.updateUnsafe(ms, context)
        }),
      ),
    ),
  applied: Metric.update(applied, 1),
  duplicate: Metric.update(duplicates, 1),
  /** `ms`: since it was ordered. */
  workDone: (task: string, ms: number) =>
    Effect.andThen(
      byTask(works, task),
      handoffs.has(task)
        ? Metric.update(Metric.withAttributes(handoffSeconds, { task }), ms / 1000)
        : Effect.void,
    ),
  /** One try that failed. */
  failed: (labels: {
    readonly organization: string
    readonly channel: string
    readonly task: string
    readonly class: string
  }) => Metric.update(Metric.withAttributes(failures, { ...labels }), 1),
  deadLetter: (task: string) => byTask(dead, task),
  restarted: Metric.update(restarts, 1),
}
