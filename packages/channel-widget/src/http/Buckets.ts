/** Token buckets in memory: how often one visitor or one address may call. Each process counts for itself. */

interface Bucket {
  tokens: number
  at: number
}

/** More callers than this at a time, and those that were quiet longest are forgotten (their buckets are full again anyway). */
const maxBuckets = 50_000

export class Buckets {
  readonly #buckets = new Map<string, Bucket>()

  /** Takes one of `perMinute`; 0 when there was one, else the whole seconds until there is. `now` in epoch ms. */
  take(key: string, perMinute: number, now: number): number {
    const known = this.#buckets.get(key)
    const passed = known === undefined ? 0 : Math.max(0, now - known.at)
    const tokens =
      known === undefined ? perMinute : Math.min(perMinute, known.tokens + (passed * perMinute) / 60_000)
    const granted = tokens >= 1
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now })
    if (this.#buckets.size > maxBuckets) this.#forgetOldest()
    return granted ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute))
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}
