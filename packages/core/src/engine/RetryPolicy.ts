/** How often and how long live work is tried before it becomes a dead letter. */
import { Context } from "effect"

export interface RetryPolicyValues {
  /** Tries of one piece of work, the first included. */
  readonly tries: number
  /** Milliseconds after which no new try is begun. */
  readonly withinMs: number
  /** First pause in milliseconds; three times as long each time, with jitter. */
  readonly baseMs: number
  readonly maxMs: number
  /** Pause between looks at a store that does not answer, in milliseconds. Such waits are not counted as tries. */
  readonly storeMs: number
  /** How long a live chat may take to reach the humans before it is passed again, in milliseconds. */
  readonly confirmMs: number
  /** Pause between looks at who has it. */
  readonly lookMs: number
}

/** Defaults: 8 tries, the last of them 5 to 10 minutes after the first. */
export class RetryPolicy extends Context.Reference<RetryPolicyValues>("@opencx/core/engine/RetryPolicy", {
  defaultValue: () => ({
    tries: 8,
    withinMs: 900_000,
    baseMs: 1000,
    maxMs: 240_000,
    storeMs: 500,
    confirmMs: 8000,
    lookMs: 700,
  }),
}) {}

/**
 * Doubling, eight tries would be over after one or two minutes of an outage. Larger steps would outlast more, and be late when
 * a short one is over.
 */
const growth = 3

/** Pause before try number `attempt + 1`. `random` in [0, 1). A wish of the other side is a lower bound, never a shorter way. */
export const pauseBefore = (
  policy: RetryPolicyValues,
  attempt: number,
  afterMs: number | null,
  random: number,
): number => {
  const exponential = Math.min(policy.maxMs, policy.baseMs * growth ** Math.max(0, attempt - 1))
  const jittered = exponential * (0.5 + random / 2)
  return Math.round(Math.max(jittered, (afterMs ?? 0) + jittered * 0.2))
}
