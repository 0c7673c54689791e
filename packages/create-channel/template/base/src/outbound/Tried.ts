/**
 * What this process knows about parts on their way. The provider has no idempotency, so a part that may have gone out is
 * looked for before it is sent again. Bounded: the oldest are forgotten, long after the engine has given them up.
 */

/** The engine tries a message for at most 15 minutes; so long a new process may meet deliveries of the one before. */
const RECOVERY_MS = 900_000
const LIMIT = 5_000

export class Tried {
  private readonly tried = new Set<string>()
  private readonly sent = new Map<string, string | null>()
  private readonly openedAt: number
  /** `openedAt` in epoch milliseconds. */
  constructor(openedAt: number) {
    this.openedAt = openedAt
  }

  /** Whether an earlier try, perhaps of an earlier process, may have sent it. */
  maybe(reference: string, now: number): boolean {
    return this.tried.has(reference) || now - this.openedAt < RECOVERY_MS
  }

  begin(reference: string): void {
    this.tried.add(reference)
    const [oldest] = this.tried
    if (this.tried.size > LIMIT && oldest !== undefined) this.tried.delete(oldest)
  }

  /** The provider has it under this id (null: it named none). */
  markSent(reference: string, id: string | null): void {
    this.sent.set(reference, id)
    const [oldest] = this.sent.keys()
    if (this.sent.size > LIMIT && oldest !== undefined) this.sent.delete(oldest)
  }

  /** Its id when it is known to be out; undefined otherwise. */
  sentId(reference: string): string | null | undefined {
    return this.sent.get(reference)
  }
}
