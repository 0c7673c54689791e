/**
 * What this process knows about parts on their way: which went out, and which nobody knows about. A retry continues where
 * the last try ended, and a status callback settles a doubt. Bounded; after a restart the provider's own list is asked.
 */
import type { DeliveryId } from "@opencx/core"

interface Entry {
  /** Epoch milliseconds of the first try in this process; null when only a callback told of the delivery. */
  firstAt: number | null
  readonly sent: Map<number, string>
  readonly doubtful: Set<number>
}

export class Ledger {
  private readonly entries = new Map<string, Entry>()
  private readonly ids = new Set<string>()
  private readonly limit: number
  constructor(limit = 5_000) {
    this.limit = limit
  }

  /** Notes a try. `firstAt`: when this process first tried (epoch ms). `again`: it has tried before. */
  begin(deliveryId: DeliveryId, now: number): { readonly firstAt: number; readonly again: boolean } {
    const entry = this.entry(deliveryId)
    const before = entry.firstAt
    entry.firstAt = before ?? now
    return { firstAt: entry.firstAt, again: before !== null }
  }

  sentId(deliveryId: DeliveryId, part: number): string | null {
    return this.entries.get(deliveryId)?.sent.get(part) ?? null
  }

  isDoubtful(deliveryId: DeliveryId, part: number): boolean {
    return this.entries.get(deliveryId)?.doubtful.has(part) ?? false
  }

  /** The provider has it; also learnt from callbacks, whose delivery may have been tried by another process. */
  markSent(deliveryId: DeliveryId, part: number, id: string): void {
    const entry = this.entry(deliveryId)
    entry.sent.set(part, id)
    entry.doubtful.delete(part)
    this.ids.add(id)
    this.trim(this.ids, this.limit * 4)
  }

  markDoubtful(deliveryId: DeliveryId, part: number): void {
    const entry = this.entry(deliveryId)
    if (!entry.sent.has(part)) entry.doubtful.add(part)
  }

  /** True when a message at the provider is known to be another part's. */
  claimed(id: string): boolean {
    return this.ids.has(id)
  }

  private entry(deliveryId: DeliveryId): Entry {
    const before = this.entries.get(deliveryId)
    if (before !== undefined) return before
    const entry: Entry = { firstAt: null, sent: new Map(), doubtful: new Set() }
    this.entries.set(deliveryId, entry)
    this.trim(this.entries, this.limit)
    return entry
  }

  private trim(kept: Map<string, Entry> | Set<string>, limit: number): void {
    const oldest = kept.keys().next()
    if (kept.size > limit && oldest.done !== true) kept.delete(oldest.value)
  }
}
