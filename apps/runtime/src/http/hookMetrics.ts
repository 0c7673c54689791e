/** Figures of webhooks: how fast they are answered, with what, and when each was last heard of. */
import { Duration, Effect, Metric } from "effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"

const seconds = Metric.histogram("opencx_webhook_ack_seconds", {
  description: "From the request's headers to its answer, by hook",
  boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
})
const answers = Metric.counter("opencx_webhook_answers_total", {
  description: "Answers to webhooks, by hook and status",
  incremental: true,
})
const lastSeen = Metric.gauge("opencx_webhook_last_seen_seconds", {
  description: "When the last genuine webhook came, Unix time, by organization and hook; absent: none ever",
})

/** Counts the answer of one webhook. */
export const countedAs =
  (hook: string) =>
  <E, R>(handler: Effect.Effect<HttpServerResponse, E, R>) =>
    Effect.gen(function* () {
      const [took, answer] = yield* Effect.timed(handler)
      yield* Metric.update(Metric.withAttributes(seconds, { hook }), Duration.toSeconds(took))
      yield* Metric.update(Metric.withAttributes(answers, { hook, status: String(answer.status) }), 1)
      return answer
    })

/** `at`: when the last genuine one came, epoch milliseconds. */
export const showSeen = (seen: { readonly orgId: string; readonly hook: string; readonly at: number }) =>
  Metric.update(
    Metric.withAttributes(lastSeen, { organization: seen.orgId, hook: seen.hook }),
    seen.at / 1000,
  )

/** Epoch milliseconds; null: none since the start. */
export const lastSeenOf = (organization: string, hook: string) =>
  Effect.map(Metric.value(Metric.withAttributes(lastSeen, { organization, hook })), ({ value }) =>
    value === 0 ? null : Math.round(value * 1000),
  )
