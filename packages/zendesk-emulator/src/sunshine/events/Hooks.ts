import type { Faults } from "../../faults/Faults.ts"
import { send, type SendResult } from "../../webhooks/send.ts"
import type { DeliveryAttempt } from "../../webhooks/Delivery.ts"
import { BoundedLog } from "../../world/BoundedLog.ts"
import type { World } from "../../world/World.ts"
import type { MessagingStore } from "../world/MessagingStore.ts"
import type { Integration, MessagingWebhook } from "../world/model.ts"
import { nextMessagingRetry } from "./retry.ts"

export interface MessagingEvent {
  readonly id: string
  readonly type: string
  readonly createdAt: string
  readonly payload: object
}

/** One body on its way to one webhook. */
export interface MessagingDelivery {
  readonly n: number
  readonly webhookId: string
  readonly integrationId: string
  readonly target: string
  readonly createdAt: number
  readonly eventIds: ReadonlyArray<string>
  readonly eventTypes: ReadonlyArray<string>
  readonly body: string
  state: "pending" | "success" | "failed" | "timeout" | "dropped"
  readonly attempts: Array<DeliveryAttempt>
}

interface Batch {
  readonly events: Array<MessagingEvent>
  readonly flush: () => void
}

/** Sends events to webhooks: bodies of one or several events, retries, faults, and the log of it all. */
export class Hooks {
  readonly log = new BoundedLog<MessagingDelivery>(50_000)
  private readonly world: World
  private readonly store: MessagingStore
  private readonly faults: Faults
  private readonly batches = new Map<string, Batch>()
  private readonly aborts = new Set<() => void>()
  private held: (() => void) | undefined
  private open = 0

  constructor(world: World, store: MessagingStore, faults: Faults) {
    this.world = world
    this.store = store
    this.faults = faults
  }

  /** Bodies that are neither delivered nor given up. */
  get pending(): number {
    return this.open
  }

  publish(integration: Integration, webhook: MessagingWebhook, event: MessagingEvent): void {
    const { batchSize, batchWaitMs } = this.store.behaviour
    if (batchSize <= 1) return this.enqueue(integration, webhook, [event])
    const waiting = this.batches.get(webhook.id) ?? this.newBatch(integration, webhook, batchWaitMs)
    waiting.events.push(event)
    if (waiting.events.length >= batchSize) waiting.flush()
  }

  close(): void {
    for (const abort of this.aborts) abort()
  }

  private newBatch(integration: Integration, webhook: MessagingWebhook, waitMs: number): Batch {
    const events: Array<MessagingEvent> = []
    const flush = (): void => {
      if (this.batches.get(webhook.id)?.events !== events) return
      this.batches.delete(webhook.id)
      this.open -= 1
      this.enqueue(integration, webhook, events)
    }
    const batch = { events, flush }
    this.batches.set(webhook.id, batch)
    // Counted as pending while it fills, so that "all delivered" is true only when it is.
    this.open += 1
    this.world.timers.afterReal(waitMs, flush)
    return batch
  }

  private enqueue(
    integration: Integration,
    webhook: MessagingWebhook,
    events: ReadonlyArray<MessagingEvent>,
  ): void {
    const entry: MessagingDelivery = {
      n: this.log.last + 1,
      webhookId: webhook.id,
      integrationId: integration.id,
      target: webhook.target,
      createdAt: this.world.now(),
      eventIds: events.map((event) => event.id),
      eventTypes: events.map((event) => event.type),
      body: JSON.stringify({
        app: { id: this.store.appId },
        webhook: { id: webhook.id, version: "v2" },
        events,
      }),
      state: "pending",
      attempts: [],
    }
    this.log.push(entry)
    this.open += 1
    this.dispatch(entry, webhook)
  }

  private dispatch(entry: MessagingDelivery, webhook: MessagingWebhook): void {
    const { world } = this
    // The event names are matched too, so that a fault can pick the kind of event.
    const fault = this.faults.forWebhook("POST", `${entry.target} ${entry.eventTypes.join(",")}`)
    const start = (): void => void this.attempt(entry, webhook, 1).then(() => this.releaseHeld())
    if (fault?.kind === "dropWebhook") return this.finish(entry, "dropped")
    if (fault?.kind === "reorderWebhook" && this.held === undefined)
      return this.hold(() => void this.attempt(entry, webhook, 1), fault.ms ?? 2_000)
    if (fault?.kind === "delayWebhook") return world.timers.afterReal(fault.ms ?? 1_000, start)
    const twice = fault?.kind === "duplicateWebhook"
    if (twice) this.open += 1
    const begin = (): void => {
      start()
      if (twice) void this.attempt(entry, webhook, 1)
    }
    const lag = this.store.behaviour.eventLagMs
    if (lag === 0) begin()
    else world.timers.after(lag, begin)
  }

  /** It travels behind the next body, or alone when none comes. */
  private hold(run: () => void, ms: number): void {
    this.held = run
    this.world.timers.afterReal(ms, () => {
      if (this.held === run) this.releaseHeld()
    })
  }

  private releaseHeld(): void {
    const held = this.held
    this.held = undefined
    held?.()
  }

  private async attempt(entry: MessagingDelivery, webhook: MessagingWebhook, number: number): Promise<void> {
    const started = performance.now()
    const at = this.world.now()
    const result = await this.transmit(entry, webhook)
    const ok = result.kind === "answered" && result.status >= 200 && result.status < 300
    entry.attempts.push({ at, ...outcomeOf(result, ok), durationMs: Math.round(performance.now() - started) })
    if (ok) return this.finish(entry, "success")
    const wait = nextMessagingRetry(result, number)
    if (wait === undefined) return this.finish(entry, result.kind === "timeout" ? "timeout" : "failed")
    this.world.timers.after(wait, () => void this.attempt(entry, webhook, number + 1))
  }

  private transmit(entry: MessagingDelivery, webhook: MessagingWebhook): Promise<SendResult> {
    return send({
      method: "POST",
      url: entry.target,
      headers: {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(entry.body)),
        "user-agent": "Sunshine Conversations Webhook",
        "x-api-key": webhook.secret,
      },
      body: entry.body,
      timeoutMs: this.world.timers.scaled(this.store.behaviour.webhookTimeoutMs),
      onAbort: (abort) => {
        this.aborts.add(abort)
        return () => this.aborts.delete(abort)
      },
    })
  }

  private finish(entry: MessagingDelivery, state: MessagingDelivery["state"]): void {
    if (entry.state !== "success") entry.state = state
    this.open -= 1
  }
}

const outcomeOf = (result: SendResult, ok: boolean): Omit<DeliveryAttempt, "at" | "durationMs"> => {
  if (result.kind === "answered")
    return { status: result.status, outcome: ok ? "success" : "failed", detail: result.excerpt }
  const detail = result.kind === "timeout" ? "no answer in time" : result.error
  return { status: 0, outcome: result.kind, detail }
}
