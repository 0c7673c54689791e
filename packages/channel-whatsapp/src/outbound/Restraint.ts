/** How much we hold back: what this process knows of requests to slow down, and of customers who were told to wait. */
export class Restraint {
  private readonly slowdowns = new Map<string, number>()
  private readonly notices = new Map<string, number>()
  private readonly limit: number

  /** `limit`: deliveries, and threads, that are remembered; the oldest are forgotten first. */
  constructor(limit = 10_000) {
    this.limit = limit
  }

  private keep(map: Map<string, number>, key: string, value: number): void {
    map.delete(key)
    map.set(key, value)
    const oldest = map.keys().next()
    if (map.size > this.limit && oldest.done !== true) map.delete(oldest.value)
  }

  /** Counts one more request to slow down, and answers with their number. */
  slowdown(deliveryId: string): number {
    const times = (this.slowdowns.get(deliveryId) ?? 0) + 1
    this.keep(this.slowdowns, deliveryId, times)
    return times
  }

  /** Once per thread and window: true the first time for this `lastInboundAt`. */
  claimNotice(thread: string, lastInboundAt: number): boolean {
    if (this.notices.get(thread) === lastInboundAt) return false
    this.keep(this.notices, thread, lastInboundAt)
    return true
  }

  /** The notice did not go out after all. */
  releaseNotice(thread: string): void {
    this.notices.delete(thread)
  }
}
