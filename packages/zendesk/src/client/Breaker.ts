/**
 * Stops calling an account that is down, so that every lane does not wait for its own timeout. Opens after some
 * failures in a row, lets one probe through after a pause, closes when the probe is answered.
 */
import { Clock, Effect } from "effect"

/** For metrics; `openUntil` in epoch milliseconds. */
export interface BreakerState {
  readonly state: "closed" | "open" | "half_open"
  readonly failuresInARow: number
  readonly openUntil: number | null
}

/** What a call turned out to be: answered (also with a refusal), an outage, or given up by ourselves. */
export type Outcome = "answered" | "outage" | "abandoned"

export interface Breaker {
  /** Null when the call may be made (and must then be settled), else milliseconds to wait. */
  readonly enter: Effect.Effect<number | null>
  settle(outcome: Outcome): Effect.Effect<void>
  readonly state: Effect.Effect<BreakerState>
}

/** Makes a breaker that opens after `threshold` outages in a row, for `openMs`. */
export const makeBreaker = (threshold: number, openMs: number): Breaker => {
  let failures = 0
  let openUntil: number | null = null
  let probing = false

  return {
    enter: Effect.map(Clock.currentTimeMillis, (now) => {
      if (openUntil === null) return null
      if (now < openUntil) return openUntil - now
      if (probing) return 1_000
      probing = true
      return null
    }),
    settle: (outcome) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        probing = false
        if (outcome === "abandoned") return
        if (outcome === "answered") {
          failures = 0
          openUntil = null
          return
        }
        failures += 1
        if (failures >= threshold) openUntil = now + openMs
      }),
    state: Effect.map(Clock.currentTimeMillis, (now) => ({
      state:
        openUntil === null
          ? ("closed" as const)
          : now < openUntil
            ? ("open" as const)
            : ("half_open" as const),
      failuresInARow: failures,
      openUntil,
    })),
  }
}
