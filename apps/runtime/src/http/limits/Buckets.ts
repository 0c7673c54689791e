/** Token buckets by caller, in bounded memory. Each process counts for itself. */

/** `perMinute` is also how many come at once at most. */
export interface Budget {
  readonly perMinute: number
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/**
 * Half of the callers that are remembered, some 10 MB in all. When so many new ones have come, those that have been quiet since
 * the last time are forgotten at once: taking the oldest out of a Map one by one gets slower with every one taken.
 */
const generation = 25_000

export class Buckets {
  #buckets = new Map<string, Bucket>()
  #before = new Map<string, Bucket>()
  readonly #budget: Budget

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#buckets.size + this.#before.size
  }

  #tokens(key: string, now: number): number {
    const { perMinute } = this.#budget
    const known = this.#buckets.get(key) ?? this.#before.get(key)
    if (known === undefined) return perMinute
    return Math.min(perMinute, known.tokens + (Math.max(0, now - known.at) * perMinute) / 60_000)
  }

  /** Whole seconds until the caller has one again; 0 when there is one now. `now` in epoch ms. */
  wait(key: string, now: number): number {
    const tokens = this.#tokens(key, now)
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / this.#budget.perMinute))
  }

  /** Takes one, when there is one; answers as `wait` would have before. */
  take(key: string, now: number): number {
    const tokens = this.#tokens(key, now)
    const wait = this.wait(key, now)
    this.#buckets.set(key, { tokens: wait === 0 ? tokens - 1 : tokens, at: now })
    if (this.#buckets.size >= generation) {
      this.#before = this.#buckets
      this.#buckets = new Map()
    }
    return wait
  }
}
