/** Figures that are looked up rather than counted: at each scrape, and now and then for collectors that are pushed to. */
import { ConversationStore, Engine, WorkQueue } from "@opencx/core"
import { WorkFigures } from "@opencx/storage"
import { Clock, Effect, Metric } from "effect"
import { MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { Sync } from "../layers/Sync.ts"
import { WebhooksSeen } from "../layers/WebhooksSeen.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"

const gauge = (name: string, description: string) => Metric.gauge(`opencx_${name}`, { description })

const waiting = gauge("lane_events_waiting", "Accepted events whose handler has not begun")
const oldest = gauge("lane_oldest_wait_seconds", "How long the oldest of them has waited")
const running = gauge("handlers_running", "Handlers at work")
const ready = gauge("ready", "1 when new events are taken")
const storeUp = gauge("store_up", "1 while the database answers")
const pending = gauge("work_pending", "Work ordered and not finished")
const dead = gauge("work_dead", "Dead letters")
const deadOf = gauge("dead_letters", "Dead letters, by organization")
const queueDue = gauge("queue_due", "Work that is due and not finished, by queue")
const queueAge = gauge("queue_oldest_seconds", "Since when the oldest of it is due, by queue")
const remaining = gauge("zendesk_budget_remaining", "Calls left in this minute, by organization and pool")
const breaker = gauge("zendesk_breaker_open", "1 while calls to Zendesk are held back")
const calls = gauge("zendesk_calls", "Calls to Zendesk since the start")
const callFailures = gauge("zendesk_call_failures", "How many of them failed")
const chatBreaker = gauge("messaging_breaker_open", "1 while calls to Zendesk Messaging are held back")
const syncLag = gauge("sync_lag_seconds", "Since when the last good sync of a source began")
const syncFailures = gauge("sync_failures_in_a_row", "Failed syncs since the last good one")

const flag = (on: boolean): number => (on ? 1 : 0)

const set = (
  metric: Metric.Metric<number, unknown>,
  labels: Readonly<Record<string, string>>,
  value: number,
) => Metric.update(Metric.withAttributes(metric, { ...labels }), value)

const measureEngine = Effect.gen(function* () {
  const health = yield* (yield* Engine).health
  yield* Metric.update(waiting, health.backlog.waiting)
  yield* Metric.update(oldest, health.backlog.oldestMs / 1000)
  yield* Metric.update(running, health.backlog.running)
  yield* Metric.update(ready, flag(health.ready))
  yield* Metric.update(storeUp, flag(health.store === "ok"))
})

/** Organizations that had dead letters once: theirs go back to 0 when all are dealt with. */
const haveHad = new Set<string>()

const measureWork = Effect.gen(function* () {
  const counts = yield* (yield* ConversationStore).workCounts
  yield* Metric.update(pending, counts.pending)
  yield* Metric.update(dead, counts.dead)
  const figures = yield* WorkFigures
  const queues = new Map((yield* figures.queues).map((one) => [one.queue, one]))
  for (const queue of WorkQueue.literals) {
    yield* set(queueDue, { queue }, queues.get(queue)?.due ?? 0)
    yield* set(queueAge, { queue }, (queues.get(queue)?.oldestMs ?? 0) / 1000)
  }
  const letters = new Map<string, number>(
    (yield* figures.deadLetters).map((one) => [one.organization, one.dead]),
  )
  for (const organization of letters.keys()) haveHad.add(organization)
  for (const organization of haveHad) yield* set(deadOf, { organization }, letters.get(organization) ?? 0)
})

const measureZendesk = Effect.gen(function* () {
  for (const [organization, account] of (yield* ZendeskAccounts).all) {
    const health = yield* account.client.health
    yield* set(breaker, { organization }, flag(health.breaker.state === "open"))
    yield* set(calls, { organization }, health.calls)
    yield* set(callFailures, { organization }, health.failures)
    for (const [pool, budget] of Object.entries(health.pools))
      yield* set(remaining, { organization, pool }, budget.available)
  }
  for (const [organization, account] of (yield* MessagingAccounts).all) {
    const health = yield* account.client.health
    yield* set(chatBreaker, { organization }, flag(health.breaker.state === "open"))
  }
})

const measureSync = Effect.gen(function* () {
  const now = yield* Clock.currentTimeMillis
  for (const { orgId: organization, run, sourceId: source } of yield* (yield* Sync).status) {
    yield* set(syncFailures, { organization, source }, run.failures)
    if (run.lastAt !== null) yield* set(syncLag, { organization, source }, (now - run.lastAt) / 1000)
  }
})

/** Looks everything up. A store that does not answer must not hide the other figures. */
export const measure = Effect.gen(function* () {
  yield* measureEngine
  yield* measureZendesk
  yield* Effect.ignore(measureWork)
  yield* Effect.ignore(measureSync)
  yield* (yield* WebhooksSeen).refresh
})
