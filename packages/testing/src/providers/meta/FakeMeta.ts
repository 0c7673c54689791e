/** Meta's Cloud API for WhatsApp with its customers, on loopback. */
import { getText, systemClock } from "./edge.ts"
import { Faults } from "./faults.ts"
import { graphServer } from "./graph.ts"
import { takeMessage } from "./incoming.ts"
import { defaultPairLimit, type PairLimit, PairLimiter } from "./limits.ts"
import {
  type Customer,
  emptyState,
  type LoggedRequest,
  nextId,
  type ShownMessage,
  type StatusName,
  type Template,
} from "./model.ts"
import {
  changeOf,
  type CustomerContent,
  envelopeOf,
  type JsonObject,
  statusOf,
  type Target,
} from "./payloads.ts"
import { type WebhookResult, Webhooks } from "./webhooks.ts"
import { type BatchItem, batchBody, changeNumber, compose, type NewNumber, type Writing } from "./writing.ts"

export interface FakeMetaOptions {
  readonly phoneNumberId: string
  readonly wabaId: string
  readonly accessToken: string
  readonly appSecret: string
  readonly verifyToken: string
  readonly displayPhoneNumber?: string
  /** Where webhooks go; can be set later. Without one none are sent. */
  readonly webhookUrl?: string
  /** Default `127.0.0.1`, and a free port. */
  readonly host?: string
  readonly port?: number
  /** Epoch ms. Default: the system's clock. `advance` adds to it. */
  readonly now?: () => number
  /** Statuses that every message gets by itself. Default `sent`, `delivered`. */
  readonly autoStatuses?: ReadonlyArray<StatusName>
  readonly refusals?: "answer" | "status"
  /** null: none. Default 45 at once, then one in six seconds. */
  readonly pairLimit?: PairLimit | null
  readonly templates?: ReadonlyArray<Template>
  /** True (default): webhooks carry the download address, as since November 2025. */
  readonly mediaUrls?: boolean
  /** How often a webhook is tried, and the wait before the second try (doubled each time). Default 4 and 50 ms. */
  readonly webhookTries?: number
  readonly webhookRetryMs?: number
}

export interface NewCustomer {
  readonly name: string
  readonly phone: string
  readonly bsuid?: string | null
  readonly parentBsuid?: string | null
  readonly username?: string | null
  readonly phoneVisible?: boolean
}

export class FakeMeta {
  readonly faults = new Faults()
  readonly target: Target
  private readonly webhooks: Webhooks
  private readonly options: FakeMetaOptions
  private readonly state = emptyState()
  private readonly server
  private readonly pending = new Set<Promise<unknown>>()
  private offset = 0
  private address = ""

  constructor(options: FakeMetaOptions) {
    this.options = options
    this.webhooks = new Webhooks(options)
    this.target = {
      wabaId: options.wabaId,
      phoneNumberId: options.phoneNumberId,
      displayPhoneNumber: options.displayPhoneNumber ?? "15550100",
    }
    const { pairLimit = defaultPairLimit } = options
    const pairs = pairLimit === null ? null : new PairLimiter(pairLimit)
    this.server = graphServer({
      state: this.state,
      faults: this.faults,
      now: () => this.now(),
      accessToken: options.accessToken,
      phoneNumberId: options.phoneNumberId,
      baseUrl: () => this.address,
      message: (body) => {
        const taken = takeMessage(body, {
          state: this.state,
          now: () => this.now(),
          pairs,
          templates: options.templates ?? [],
          refusals: options.refusals ?? "answer",
        })
        if (taken.message !== null) this.reportLater(taken.message, taken.failure)
        return taken.reply
      },
    })
  }

  /** Opens the port; answers with the base address. */
  async open(): Promise<string> {
    const { host = "127.0.0.1", port = 0 } = this.options
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject)
      this.server.listen(port, host, resolve)
    })
    const bound = this.server.address()
    this.address = `http://${host}:${typeof bound === "object" && bound !== null ? bound.port : port}`
    return this.address
  }

  get url(): string {
    return this.address
  }

  async close(): Promise<void> {
    this.webhooks.url = null
    this.server.closeAllConnections()
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve())
    })
    await this.settled()
  }

  now(): number {
    return (this.options.now ?? systemClock)() + this.offset
  }

  /** Lets time pass at Meta's. */
  advance(ms: number): void {
    this.offset += ms
  }

  /** Waits until every webhook that was due is through. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending)
  }

  addCustomer(input: NewCustomer): Customer {
    const customer: Customer = {
      id: nextId(this.state, "customer-"),
      name: input.name,
      phone: input.phone,
      bsuid: input.bsuid ?? null,
      parentBsuid: input.parentBsuid ?? null,
      username: input.username ?? null,
      phoneVisible: input.phoneVisible ?? true,
      lastWroteAt: null,
      blocked: false,
    }
    this.state.customers.set(customer.id, customer)
    return customer
  }

  customers(): ReadonlyArray<Customer> {
    return [...this.state.customers.values()]
  }

  requests(): ReadonlyArray<LoggedRequest> {
    return this.state.requests
  }

  /** Everything on one customer's phone, oldest first; without an id, on all. */
  shown(customerId?: string): ReadonlyArray<ShownMessage> {
    return this.state.shown.filter((m) => customerId === undefined || m.customerId === customerId)
  }

  /** What the business has sent, oldest first. */
  sent(): ReadonlyArray<ShownMessage> {
    return this.state.shown.filter((m) => m.from === "business")
  }

  /** True when the customer sees two blue ticks under this message of theirs. */
  isRead(messageId: string): boolean {
    return this.state.seen.has(messageId)
  }

  isTyping(customerId: string): boolean {
    return this.shown(customerId).some((m) => (this.state.seen.get(m.id) ?? 0) > this.now())
  }

  /** The webhook set-up of Meta's dashboard: true when the URL answers the challenge. */
  async verifyWebhook(url: string, verifyToken = this.options.verifyToken): Promise<boolean> {
    const challenge = nextId(this.state, "")
    const query = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.verify_token": verifyToken,
      "hub.challenge": challenge,
    })
    const answer = await getText(`${url}?${query.toString()}`)
    return answer.status === 200 && answer.text === challenge
  }

  /** Where webhooks go from now on; null: nowhere. */
  sendWebhooksTo(url: string | null): void {
    this.webhooks.url = url
  }

  /** Puts a message on the customer's phone without telling the business; answers with it as a webhook carries it. */
  compose(item: BatchItem): JsonObject {
    return compose(item, this.writing())
  }

  /** Several messages in one webhook: one entry and change per account that they are for. `extra`: further changes. */
  batchBody(items: ReadonlyArray<BatchItem>, extra: ReadonlyArray<JsonObject> = []): JsonObject {
    return batchBody(items, extra, this.writing())
  }

  async customerSends(customerId: string, content: CustomerContent): Promise<WebhookResult> {
    return this.webhook(this.batchBody([{ customerId, content }]))
  }

  /** The customer changes the number, and Meta the ids that go with it; both are told to the business. */
  async changesNumber(customerId: string, to: NewNumber): Promise<WebhookResult> {
    return this.webhook(changeNumber(customerId, to, this.writing()))
  }

  /** A status of a message of the business, also told to it. */
  async setStatus(
    messageId: string,
    status: StatusName,
    error: { readonly code: number; readonly details: string } | null = null,
  ): Promise<WebhookResult> {
    const message = this.state.shown.find((m) => m.id === messageId)
    if (message === undefined) throw new Error(`no message ${messageId}`)
    message.status = status
    return this.webhook(this.statusBody(message, status, error))
  }

  statusBody(
    message: ShownMessage,
    status: StatusName,
    error: { readonly code: number; readonly details: string } | null = null,
  ): JsonObject {
    const customer = this.state.customers.get(message.customerId)
    const value = statusOf(message, customer, status, this.now(), error)
    const change = changeOf(this.target, "messages", { statuses: [value] })
    return envelopeOf([{ wabaId: this.target.wabaId, changes: [change] }])
  }

  /** Signs and posts a body to the webhook, as often as it takes, within bounds. */
  webhook(body: JsonObject): Promise<WebhookResult> {
    return this.webhooks.post(body)
  }

  private writing(): Writing {
    return {
      state: this.state,
      target: this.target,
      now: this.now(),
      baseUrl: this.address,
      mediaUrls: this.options.mediaUrls !== false,
    }
  }

  private reportLater(
    message: ShownMessage,
    failure: { readonly code: number; readonly details: string } | null,
  ): void {
    if (this.webhooks.url === null) return
    const due: ReadonlyArray<StatusName> =
      failure === null ? (this.options.autoStatuses ?? ["sent", "delivered"]) : ["failed"]
    const run = async () => {
      for (const status of due) await this.setStatus(message.id, status, failure)
    }
    const running = run().finally(() => this.pending.delete(running))
    this.pending.add(running)
  }
}

/** Starts a fake that listens. Close it when done. */
export const startFakeMeta = async (options: FakeMetaOptions): Promise<FakeMeta> => {
  const fake = new FakeMeta(options)
  await fake.open()
  return fake
}
