/**
 * Calls that one pool of an account has left in the current minute. Learnt from response headers, so that several
 * programs can share an account. Live traffic goes before backfill: backfill only gets what is above a reserve.
 */
import { Clock, Effect } from "effect"
import type { RateHeaders } from "./Headers.ts"

/** Who asks: a waiting customer, or a sync that can wait. */
export type Priority = "live" | "backfill"

/** For metrics. `limit` in calls per minute; times in epoch milliseconds. */
export interface BudgetState {
  readonly limit: number
  readonly available: number
  readonly blockedUntil: number | null
  readonly waitingLive: number
  readonly waitingBackfill: number
}

export interface RateBudget {
  /** Waits for a call; null when granted, else how many milliseconds were still missing when patience ran out. */
  acquire(priority: Priority, maxWaitMs: number): Effect.Effect<number | null>
  /** Takes in what a response said. */
  learn(rate: RateHeaders): Effect.Effect<void>
  /** A 429 came: nothing more until then. */
  block(retryAfterMs: number): Effect.Effect<void>
  readonly state: Effect.Effect<BudgetState>
}

const windowMs = 60_000
/** Assumed until the first response tells: the smallest Suite plan. Zendesk: Suite Team has 200 calls per minute. */
const assumedLimit = 200
/** Share of the limit that backfill never touches. */
const reserve = 0.3
/** `ratelimit-reset` comes in whole seconds: two readings of one window may differ by this much. */
const toleranceMs = 2_000

/** Makes a budget. `ceiling`: calls per minute that must not be exceeded whatever the headers say. */
export const makeRateBudget = (ceiling: number | null): RateBudget => {
  let limit = Math.min(ceiling ?? assumedLimit, Number.MAX_SAFE_INTEGER)
  let available = limit
  let resetAt: number | null = null
  let blockedUntil: number | null = null
  const waiting = { live: 0, backfill: 0 }

  const roll = (now: number): void => {
    if (blockedUntil !== null && now >= blockedUntil) blockedUntil = null
    if (resetAt !== null && now >= resetAt) {
      resetAt = null
      available = limit
    }
  }

  /** Null when taken, else how long to wait. */
  const tryTake = (priority: Priority, now: number): number | null => {
    roll(now)
    if (blockedUntil !== null) return blockedUntil - now
    const floor = priority === "live" ? 0 : Math.min(Math.ceil(limit * reserve), limit - 1) + waiting.live
    if (available > floor) {
      available -= 1
      resetAt ??= now + windowMs
      return null
    }
    return resetAt === null ? 1_000 : resetAt - now
  }

  const waitFor = Effect.fnUntraced(function* (priority: Priority, maxWaitMs: number) {
    const started = yield* Clock.currentTimeMillis
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      const wait = tryTake(priority, now)
      if (wait === null) return null
      if (now - started + wait > maxWaitMs) return wait
      yield* Effect.sleep(wait)
    }
  })

  return {
    acquire: Effect.fnUntraced(function* (priority, maxWaitMs) {
      if (tryTake(priority, yield* Clock.currentTimeMillis) === null) return null
      waiting[priority] += 1
      return yield* waitFor(priority, maxWaitMs).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            waiting[priority] -= 1
          }),
        ),
      )
    }),
    learn: Effect.fnUntraced(function* (rate) {
      const now = yield* Clock.currentTimeMillis
      roll(now)
      if (rate.limit !== null && rate.limit > 0) {
        const learnt = Math.min(rate.limit, ceiling ?? rate.limit)
        // Calls taken under the assumed limit count under the learnt one as well.
        available = Math.max(0, available + learnt - limit)
        limit = learnt
      }
      const serverReset = rate.resetMs === null ? null : now + rate.resetMs
      const isNewWindow = serverReset !== null && resetAt !== null && serverReset > resetAt + toleranceMs
      if (serverReset !== null)
        resetAt = isNewWindow ? serverReset : Math.min(resetAt ?? serverReset, serverReset)
      if (rate.remaining !== null)
        available = isNewWindow ? Math.min(rate.remaining, limit) : Math.min(available, rate.remaining)
    }),
    block: Effect.fnUntraced(function* (retryAfterMs) {
      const now = yield* Clock.currentTimeMillis
      blockedUntil = Math.max(blockedUntil ?? 0, now + retryAfterMs)
      // After the pause the window is a new one.
      resetAt = blockedUntil
      available = 0
    }),
    state: Effect.sync(() => ({
      limit,
      available,
      blockedUntil,
      waitingLive: waiting.live,
      waitingBackfill: waiting.backfill,
    })),
  }
}
