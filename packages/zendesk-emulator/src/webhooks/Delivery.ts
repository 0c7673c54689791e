import type { Fault, Faults } from "../faults/Faults.ts"
import { asString, get } from "../world/json.ts"
import { iso, ulid } from "../world/ids.ts"
import type { TicketEvent, Webhook } from "../world/model.ts"
import { BoundedLog } from "../world/BoundedLog.ts"
import type { World } from "../world/World.ts"
import { render } from "../triggers/placeholders.ts"
import { isPaused, record } from "./Breaker.ts"
import { type SendResult, send } from "./send.ts"
import { nextRetry } from "./retry.ts"
import { sign } from "./signature.ts"

export interface DeliveryAttempt {
  /** Milliseconds of the emulator's clock. */
  readonly at: number
  /** HTTP status; 0 without an answer. */
  readonly status: number
  readonly outcome: "success" | "failed" | "timeout" | "unreachable"
  readonly detail: string
  readonly durationMs: number
}

/** One invocation of a webhook. */
export interface DeliveryRecord {
  readonly invocationId: string
  readonly webhookId: string
  readonly triggerId: number | null
  readonly ticketId: number | null
  readonly endpoint: string
  readonly createdAt: number
  body: string
  state: "pending" | "success" | "failed" | "timeout" | "dropped" | "circuit broken"
  readonly attempts: Array<DeliveryAttempt>
}

interface Invocation {
  readonly webhook: Webhook
  readonly record: DeliveryRecord
  /** Rendered when the first attempt starts, so that it shows the ticket as it is then. */
  readonly body: () => string
}

/** Sends webhook invocations and keeps their log. */
export class Delivery {
  readonly log = new BoundedLog<DeliveryRecord>(50_000)
  private readonly world: World
  private readonly faults: Faults
  private readonly aborts = new Set<() => void>()
  private held: Invocation | undefined
  private open = 0

  constructor(world: World, faults: Faults) {
    this.world = world
    this.faults = faults
  }

  /** Invocations that are neither delivered nor given up. */
  get pending(): number {
    return this.open
  }

  fromTrigger(webhookId: string, template: string, event: TicketEvent, triggerId: number): void {
    const { world } = this
    const webhook = world.webhooks.get(webhookId)
    if (webhook === undefined || webhook.status !== "active") return
    const context = { world, ticket: event.ticket, actor: event.actor }
    this.enqueue(webhook, { triggerId, ticketId: event.ticket.id }, () =>
      render(context, template, world.settings.webhooks.escaping),
    )
  }

  /** An event subscription's payload, encoded properly by construction. */
  fromEvent(webhook: Webhook, ticketId: number | null, payload: object): void {
    this.enqueue(webhook, { triggerId: null, ticketId }, () => JSON.stringify(payload))
  }

  close(): void {
    for (const abort of this.aborts) abort()
  }

  private enqueue(
    webhook: Webhook,
    source: { readonly triggerId: number | null; readonly ticketId: number | null },
    body: () => string,
  ): void {
    const { world } = this
    const entry: DeliveryRecord = {
      invocationId: ulid(world.now()),
      webhookId: webhook.id,
      ...source,
      endpoint: webhook.endpoint,
      createdAt: world.now(),
      body: "",
      state: "pending",
      attempts: [],
    }
    this.log.push(entry)
    this.open += 1
    const invocation = { webhook, record: entry, body }
    const fault = this.faults.forWebhook(webhook.httpMethod, webhook.endpoint)
    if (fault?.kind === "dropWebhook") return this.finish(entry, "dropped")
    if (fault?.kind === "reorderWebhook" && this.held === undefined) return this.hold(invocation, fault)
    if (fault?.kind === "delayWebhook") {
      world.timers.afterReal(fault.ms ?? 1_000, () => this.start(invocation))
      return
    }
    world.timers.after(world.settings.webhooks.lagMs, () => {
      this.start(invocation)
      if (fault?.kind === "duplicateWebhook") this.again(invocation)
    })
  }

  /** The same invocation a second time: same id, same body. */
  private again(invocation: Invocation): void {
    this.open += 1
    void this.attempt(invocation, 1)
  }

  /** Its body is fixed now; it travels behind the next invocation, or alone when none comes. */
  private hold(invocation: Invocation, fault: Fault): void {
    invocation.record.body = invocation.body()
    this.held = invocation
    this.world.timers.afterReal(fault.ms ?? 2_000, () => {
      if (this.held === invocation) this.releaseHeld()
    })
  }

  private releaseHeld(): void {
    const held = this.held
    this.held = undefined
    if (held !== undefined) void this.attempt(held, 1)
  }

  private start(invocation: Invocation): void {
    void this.startNow(invocation)
  }

  private async startNow(invocation: Invocation): Promise<void> {
    if (invocation.record.body === "") invocation.record.body = invocation.body()
    await this.attempt(invocation, 1)
    this.releaseHeld()
  }

  private async attempt(invocation: Invocation, number: number): Promise<void> {
    const { webhook, record: entry } = invocation
    if (isPaused(webhook)) return this.finish(entry, "circuit broken")
    const started = performance.now()
    const at = this.world.now()
    const result = await this.transmit(invocation)
    const ok = result.kind === "answered" && result.status >= 200 && result.status < 300
    entry.attempts.push({ at, ...describe(result, ok), durationMs: Math.round(performance.now() - started) })
    record(this.world, webhook, ok)
    if (ok) return this.finish(entry, "success")
    const wait = nextRetry(result, number)
    if (wait === undefined) return this.finish(entry, result.kind === "timeout" ? "timeout" : "failed")
    this.world.timers.after(wait, () => void this.attempt(invocation, number + 1))
  }

  private transmit({ webhook, record: entry }: Invocation): Promise<SendResult> {
    const { world } = this
    const timestamp = iso(world.now())
    const body = webhook.httpMethod === "GET" ? "" : entry.body
    return send({
      method: webhook.httpMethod,
      url: webhook.endpoint,
      headers: {
        "content-type": contentTypes[webhook.requestFormat] ?? "application/json; charset=utf-8",
        "content-length": String(Buffer.byteLength(body)),
        "user-agent": "Zendesk Webhook",
        "x-zendesk-account-id": String(world.accountId),
        "x-zendesk-webhook-id": webhook.id,
        "x-zendesk-webhook-invocation-id": entry.invocationId,
        "x-zendesk-webhook-signature-timestamp": timestamp,
        "x-zendesk-webhook-signature": sign(webhook.secret, timestamp, body),
        ...webhook.customHeaders,
        ...authHeaders(webhook),
      },
      body,
      timeoutMs: world.timers.scaled(world.settings.webhooks.timeoutMs),
      onAbort: (abort) => {
        this.aborts.add(abort)
        return () => this.aborts.delete(abort)
      },
    })
  }

  private finish(entry: DeliveryRecord, state: DeliveryRecord["state"]): void {
    if (entry.state !== "success") entry.state = state
    this.open -= 1
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  json: "application/json; charset=utf-8",
  xml: "application/xml; charset=utf-8",
  form_encoded: "application/x-www-form-urlencoded",
}

const describe = (result: SendResult, ok: boolean): Omit<DeliveryAttempt, "at" | "durationMs"> =>
  result.kind === "answered"
    ? { status: result.status, outcome: ok ? "success" : "failed", detail: result.excerpt }
    : {
        status: 0,
        outcome: result.kind,
        detail: result.kind === "timeout" ? "no answer in time" : result.error,
      }

/** Credentials the webhook was configured with. */
const authHeaders = (webhook: Webhook): Readonly<Record<string, string>> => {
  const auth = webhook.authentication
  if (auth === null) return {}
  const part = (name: string): string => asString(get(auth.data, name)) ?? ""
  if (auth.type === "bearer_token") return { authorization: `Bearer ${part("token")}` }
  if (auth.type === "api_key") return { [part("name").toLowerCase()]: part("value") }
  return {
    authorization: `Basic ${Buffer.from(`${part("username")}:${part("password")}`).toString("base64")}`,
  }
}
