/** A time after which nobody waits for Zendesk any more, whatever the single calls may take. */
import { Clock, Context, Effect } from "effect"

/**
 * Epoch milliseconds after which calls made below it fail at once, and until which they wait at most; null: no such time.
 * For looks at an account, so that many calls, each with its own patience, come to an end together.
 */
export class CallsEndAt extends Context.Reference<number | null>("@opencx/zendesk/client/CallsEndAt", {
  defaultValue: (): number | null => null,
}) {}

/** What is left of a patience, in milliseconds; never negative. */
export const within = (patienceMs: number): Effect.Effect<number> =>
  Effect.gen(function* () {
    const until = yield* CallsEndAt
    if (until === null) return patienceMs
    return Math.min(patienceMs, Math.max(0, until - (yield* Clock.currentTimeMillis)))
  })
