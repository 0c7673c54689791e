/**
 * What this process knows about messages on their way. WhatsApp has no idempotency and Meta no look-up, so a second try of
 * the same delivery must know which of its parts were taken by the first. Lost with the process: then a doubt stays a doubt.
 */
import { Effect } from "effect"

interface Note {
  /** Part → the provider's id of it. */
  readonly accepted: Map<string, string>
  /** Parts of which nobody knows whether they went out, and when that began (epoch ms). */
  readonly doubtful: Map<string, number>
  /** Times that the provider asked us to slow down. */
  slowdowns: number
}

const emptyNote = (): Note => ({ accepted: new Map(), doubtful: new Map(), slowdowns: 0 })

/** One per plugin; deliveries are told apart by their id, which is unique. The oldest are forgotten first. */
export class Deliveries {
  private readonly notes = new Map<string, Note>()
  private readonly notices = new Map<string, number>()
  private readonly limit: number

  constructor(limit = 10_000) {
    this.limit = limit
  }

  private note(deliveryId: string): Note {
    const note = this.notes.get(deliveryId) ?? emptyNote()
    this.notes.delete(deliveryId)
    this.notes.set(deliveryId, note)
    const oldest = this.notes.keys().next()
    if (this.notes.size > this.limit && oldest.done !== true) this.notes.delete(oldest.value)
    return note
  }

  /** The provider has taken this part: it said so, or a status about it came. */
  accept(deliveryId: string, part: string, providerId: string): void {
    const note = this.note(deliveryId)
    note.accepted.set(part, providerId)
    note.doubtful.delete(part)
  }

  /** It was taken and came to nothing: should it be tried again, it is sent again. */
  failed(deliveryId: string, part: string): void {
    this.notes.get(deliveryId)?.accepted.delete(part)
  }

  accepted(deliveryId: string, part: string): string | null {
    return this.notes.get(deliveryId)?.accepted.get(part) ?? null
  }

  hasAccepted(deliveryId: string): boolean {
    return (this.notes.get(deliveryId)?.accepted.size ?? 0) > 0
  }

  /** Ids that belong to parts that we know: they are no answer to a doubt about another one. */
  knows(providerId: string): boolean {
    for (const note of this.notes.values())
      for (const id of note.accepted.values()) if (id === providerId) return true
    return false
  }

  /** `at`: when the try began; the first one counts. */
  doubt(deliveryId: string, part: string, at: number): void {
    const { doubtful } = this.note(deliveryId)
    doubtful.set(part, doubtful.get(part) ?? at)
  }

  /** Null: there is no doubt about this part. */
  doubtfulSince(deliveryId: string, part: string): number | null {
    return this.notes.get(deliveryId)?.doubtful.get(part) ?? null
  }

  /** Counts one more request to slow down, and answers with their number. */
  slowdown(deliveryId: string): number {
    const note = this.note(deliveryId)
    note.slowdowns += 1
    return note.slowdowns
  }

  /** Waits for a status about a part whose fate is unknown: the provider's id, or null when none came in time. */
  awaitAccepted(deliveryId: string, part: string, waitMs: number): Effect.Effect<string | null> {
    const step = 100
    const look = Effect.fnUntraced(function* (self: Deliveries) {
      for (let waited = 0; ; waited += step) {
        const found = self.accepted(deliveryId, part)
        if (found !== null || waited >= waitMs) return found
        yield* Effect.sleep(step)
      }
    })
    return look(this)
  }

  /** Once per thread and window: true the first time for this `lastInboundAt`. */
  claimNotice(thread: string, lastInboundAt: number): boolean {
    if (this.notices.get(thread) === lastInboundAt) return false
    this.notices.delete(thread)
    this.notices.set(thread, lastInboundAt)
    const oldest = this.notices.keys().next()
    if (this.notices.size > this.limit && oldest.done !== true) this.notices.delete(oldest.value)
    return true
  }

  /** The notice did not go out after all. */
  releaseNotice(thread: string): void {
    this.notices.delete(thread)
  }
}
