import { randomInt } from "node:crypto"

export type HttpFaultKind =
  | "latency"
  | "status429json"
  | "status429text"
  | "status503"
  | "status500html"
  | "resetBeforeCommit"
  | "resetAfterCommit"
  | "hang"

export type WebhookFaultKind = "duplicateWebhook" | "reorderWebhook" | "dropWebhook" | "delayWebhook"

/** Control calls that answer 200 and then do nothing, or fail; channels that refuse a message. */
export type MessagingFaultKind = "stuckControl" | "failControl" | "failDelivery"

const httpFaultKinds: ReadonlyArray<HttpFaultKind> = [
  "latency",
  "status429json",
  "status429text",
  "status503",
  "status500html",
  "resetBeforeCommit",
  "resetAfterCommit",
  "hang",
]

const webhookFaultKinds: ReadonlyArray<WebhookFaultKind> = [
  "duplicateWebhook",
  "reorderWebhook",
  "dropWebhook",
  "delayWebhook",
]

const controlFaultKinds: ReadonlyArray<string> = ["stuckControl", "failControl"]

export const faultKinds: ReadonlyArray<Fault["kind"]> = [
  ...httpFaultKinds,
  ...webhookFaultKinds,
  "stuckControl",
  "failControl",
  "failDelivery",
]

/** A fault to inject. Counts are of matching requests or deliveries. */
export interface Fault {
  readonly kind: HttpFaultKind | WebhookFaultKind | MessagingFaultKind
  readonly match?: {
    readonly method?: string
    /**
     * Regular expression over the path (with its `.json`); for webhook faults over the endpoint, followed on the
     * messaging side by a blank and the event names; for `failDelivery` over the channel type.
     */
    readonly path?: string
  }
  /** How often it strikes; left out = always. */
  readonly times?: number
  /** Matching requests let through first. */
  readonly afterN?: number
  /** 0–1, default 1. */
  readonly probability?: number
  /** Milliseconds of `latency` and `delayWebhook`. Real time, not scaled. */
  readonly ms?: number
  /** Seconds in `Retry-After` of the status faults. */
  readonly retryAfter?: number
  /** `latency` and `hang`: before (default) or after the write is committed. */
  readonly phase?: "before" | "after"
  /** What `failControl` and `failDelivery` give as their error. */
  readonly error?: { readonly code: string; readonly message: string }
}

interface Armed {
  readonly id: number
  readonly fault: Fault
  readonly path: RegExp | undefined
  seen: number
  struck: number
}

/** The faults in force, oldest first; the first that strikes wins. */
export class Faults {
  private armed: Array<Armed> = []
  private lastId = 0

  /** Throws a SyntaxError when `match.path` is not a regular expression. */
  add(fault: Fault): number {
    const path = fault.match?.path === undefined ? undefined : new RegExp(fault.match.path)
    this.lastId += 1
    this.armed.push({ id: this.lastId, fault, path, seen: 0, struck: 0 })
    return this.lastId
  }

  remove(id: number): boolean {
    const before = this.armed.length
    this.armed = this.armed.filter((item) => item.id !== id)
    return this.armed.length < before
  }

  clear(): void {
    this.armed = []
  }

  list(): ReadonlyArray<object> {
    return this.armed.map(({ id, fault, seen, struck }) => ({ id, ...fault, seen, struck }))
  }

  forRequest(method: string, path: string): Fault | undefined {
    return this.find(httpFaultKinds, method, path)
  }

  forWebhook(method: string, endpoint: string): Fault | undefined {
    return this.find(webhookFaultKinds, method, endpoint)
  }

  /** A control call that was accepted. */
  forControl(path: string): Fault | undefined {
    return this.find(controlFaultKinds, "POST", path)
  }

  /** A message on its way to a customer's device. */
  forChannel(channel: string): Fault | undefined {
    return this.find(["failDelivery"], "POST", channel)
  }

  private find(kinds: ReadonlyArray<string>, method: string, target: string): Fault | undefined {
    if (this.armed.length === 0) return undefined
    return this.strike((item) => kinds.includes(item.fault.kind) && matches(item, method, target))
  }

  private strike(concerns: (item: Armed) => boolean): Fault | undefined {
    for (const item of this.armed) {
      if (!concerns(item)) continue
      item.seen += 1
      if (item.seen <= (item.fault.afterN ?? 0)) continue
      if (item.fault.times !== undefined && item.struck >= item.fault.times) continue
      if (randomInt(1_000_000) >= (item.fault.probability ?? 1) * 1_000_000) continue
      item.struck += 1
      return item.fault
    }
    return undefined
  }
}

const matches = (item: Armed, method: string, target: string): boolean =>
  (item.fault.match?.method === undefined || item.fault.match.method.toUpperCase() === method) &&
  (item.path === undefined || item.path.test(target))
