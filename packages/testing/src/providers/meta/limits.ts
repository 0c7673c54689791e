/** WhatsApp's two limits that a support desk meets: 24 hours, and messages to one person. */
import type { Customer } from "./model.ts"

const DAY_MS = 24 * 60 * 60_000

export const windowIsOpen = (customer: Customer, now: number): boolean =>
  customer.lastWroteAt !== null && now < customer.lastWroteAt + DAY_MS

export interface PairLimit {
  /** Messages that may go out at once. */
  readonly burst: number
  /** After this time one more. */
  readonly everyMs: number
}

/** 45 at once, then one in six seconds. */
export const defaultPairLimit: PairLimit = { burst: 45, everyMs: 6000 }

export class PairLimiter {
  private readonly buckets = new Map<string, { tokens: number; at: number }>()
  private readonly limit: PairLimit

  constructor(limit: PairLimit) {
    this.limit = limit
  }

  /** True when one more message may go to this person now. */
  take(customerId: string, now: number): boolean {
    const { burst, everyMs } = this.limit
    const bucket = this.buckets.get(customerId) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / everyMs)
    const ok = tokens >= 1
    this.buckets.set(customerId, { tokens: ok ? tokens - 1 : tokens, at: now })
    return ok
  }
}
