/**
 * Waiting for another process's lock without stopping this one. SQLite's own busy timeout sleeps on the calling thread,
 * which with `node:sqlite` is the event loop; so it stays at zero and the waiting is done by fibers.
 */
import { Duration, Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"

/** A gap in refusals longer than this ends an outage: the next one gets the whole waiting time again. */
const outageGapMs = 1000
const firstDelayMs = 1
const longestDelayMs = 50

/** One try: what it gave, or why not and whether it was the lock. */
export type Attempt<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly busy: boolean; readonly error: () => SqlError }

/**
 * Repeats a try while the database is locked. The budget belongs to the outage and not to the caller: once it is spent,
 * everyone queueing behind the first one fails after a single try, instead of each waiting in turn.
 */
export class BusyWait {
  readonly #budgetMs: number
  #since = 0
  #last = Number.NEGATIVE_INFINITY

  constructor(budget: Duration.Duration) {
    this.#budgetMs = Duration.toMillis(budget)
  }

  run<A>(attempt: () => Attempt<A>): Effect.Effect<A, SqlError> {
    return Effect.suspend(() => {
      const result = attempt()
      if (result.ok) {
        this.#last = Number.NEGATIVE_INFINITY
        return Effect.succeed(result.value)
      }
      return result.busy ? this.#wait(attempt, firstDelayMs, result.error) : Effect.fail(result.error())
    })
  }

  #wait<A>(attempt: () => Attempt<A>, delayMs: number, error: () => SqlError): Effect.Effect<A, SqlError> {
    return Effect.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      if (now - this.#last > outageGapMs) this.#since = now
      this.#last = now
      if (now - this.#since >= this.#budgetMs) return Effect.fail(error())
      return Effect.andThen(
        Effect.sleep(delayMs),
        Effect.suspend(() => {
          const result = attempt()
          if (result.ok) {
            this.#last = Number.NEGATIVE_INFINITY
            return Effect.succeed(result.value)
          }
          return result.busy
            ? this.#wait(attempt, Math.min(delayMs * 2, longestDelayMs), result.error)
            : Effect.fail(result.error())
        }),
      )
    })
  }
}
