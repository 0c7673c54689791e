/** `/healthz`: the process lives. `/readyz`: it takes work. `/metrics`: Prometheus text. */
import { ConversationStore, Engine } from "@opencx/core"
import { Effect, Layer, Metric } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { PrometheusMetrics } from "effect/observability"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { allowed } from "./access.ts"

const gauge = (name: string, description: string) => Metric.gauge(`opencx_${name}`, { description })

const waiting = gauge("lane_events_waiting", "Accepted events whose handler has not begun")
const oldest = gauge("lane_oldest_wait_seconds", "How long the oldest of them has waited")
const running = gauge("handlers_running", "Handlers at work")
const ready = gauge("ready", "1 when new events are taken")
const pending = gauge("work_pending", "Work ordered and not finished")
const dead = gauge("work_dead", "Dead letters")
const remaining = gauge("zendesk_budget_remaining", "Calls left in this minute, by organization and pool")
const breaker = gauge("zendesk_breaker_open", "1 while calls to Zendesk are held back")

const measureEngine = Effect.gen(function* () {
  const health = yield* (yield* Engine).health
  yield* Metric.update(waiting, health.backlog.waiting)
  yield* Metric.update(oldest, health.backlog.oldestMs / 1000)
  yield* Metric.update(running, health.backlog.running)
  yield* Metric.update(ready, health.ready ? 1 : 0)
  const counts = yield* (yield* ConversationStore).workCounts
  yield* Metric.update(pending, counts.pending)
  yield* Metric.update(dead, counts.dead)
})

const measureZendesk = Effect.gen(function* () {
  for (const [organization, account] of (yield* ZendeskAccounts).all) {
    const health = yield* account.client.health
    yield* Metric.update(
      Metric.withAttributes(breaker, { organization }),
      health.breaker.state === "open" ? 1 : 0,
    )
    for (const [pool, budget] of Object.entries(health.pools)) {
      const left = Metric.withAttributes(remaining, { organization, pool })
      yield* Metric.update(left, budget.available)
    }
  }
})

const Healthz = HttpRouter.add("GET", "/healthz", Effect.succeed(HttpServerResponse.jsonUnsafe({ ok: true })))

const Readyz = HttpRouter.add(
  "GET",
  "/readyz",
  Effect.gen(function* () {
    const health = yield* (yield* Engine).health
    return HttpServerResponse.jsonUnsafe(health, { status: health.ready ? 200 : 503 })
  }),
)

const Metrics = HttpRouter.add("GET", "/metrics", (request) =>
  Effect.gen(function* () {
    if (!(yield* allowed(request))) return HttpServerResponse.text("", { status: 401 })
    // A store that does not answer must not hide the other figures.
    yield* Effect.ignore(measureEngine)
    yield* measureZendesk
    return HttpServerResponse.text(yield* PrometheusMetrics.format(), {
      contentType: "text/plain; version=0.0.4; charset=utf-8",
    })
  }),
)

export const Health = Layer.mergeAll(Healthz, Readyz, Metrics)
