/** Token buckets in memory: how often one visitor or one address may call. Each process counts for itself. */

interface Bucket {
  tokens: number
  at: number
}

/**
 * Half of the callers that are remembered. When so many new ones have come, those that have been quiet since the last time are
 * forgotten (their buckets are full again anyway): at once, because taking the oldest out of a Map one by one gets slow.
 */
const generation = 25_000

export class Buckets {
  #buckets = new Map<string, Bucket>()
  #before = new Map<string, Bucket>()

  /** Takes one of `perMinute`; 0 when there was one, else the whole seconds until there is. `now` in epoch ms. */
  take(key: string, perMinute: number, now: number): number {
    const known = this.#buckets.get(key) ?? this.#before.get(key)
    const passed = known === undefined ? 0 : Math.max(0, now - known.at)
    const tokens =
      known === undefined ? perMinute : Math.min(perMinute, known.tokens + (passed * perMinute) / 60_000)
    const granted = tokens >= 1
    this.#buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now })
    if (this.#buckets.size >= generation) {
      this.#before = this.#buckets
      this.#buckets = new Map()
    }
    return granted ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute))
  }
}
