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

export const httpFaultKinds: ReadonlyArray<HttpFaultKind> = [
  "latency",
  "status429json",
  "status429text",
  "status503",
  "status500html",
  "resetBeforeCommit",
  "resetAfterCommit",
  "hang",
]

export const webhookFaultKinds: ReadonlyArray<WebhookFaultKind> = [
  "duplicateWebhook",
  "reorderWebhook",
  "dropWebhook",
  "delayWebhook",
]

/** A fault to inject. Counts are of matching requests or deliveries. */
export interface Fault {
  readonly kind: HttpFaultKind | WebhookFaultKind
  readonly match?: {
    readonly method?: string
    /** Regular expression over the path (with its `.json`) or, for webhook faults, over the endpoint. */
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
    if (this.armed.length === 0) return undefined
    return this.strike((item) => isHttp(item.fault) && matches(item, method, path))
  }

  forWebhook(method: string, endpoint: string): Fault | undefined {
    if (this.armed.length === 0) return undefined
    return this.strike((item) => !isHttp(item.fault) && matches(item, method, endpoint))
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

const isHttp = (fault: Fault): boolean => httpFaultKinds.some((kind) => kind === fault.kind)

const matches = (item: Armed, method: string, target: string): boolean =>
  (item.fault.match?.method === undefined || item.fault.match.method.toUpperCase() === method) &&
  (item.path === undefined || item.path.test(target))
