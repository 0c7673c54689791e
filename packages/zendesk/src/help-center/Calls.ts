/** Help Center calls: counted per run, from the Help Center's own pool, behind live traffic. */
import { KnowledgeError, RateLimited, type Reason, Unavailable } from "@opencx/core"
import { Effect, Random, Result, type Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { reasonOf } from "../client/Reasons.ts"

/** One run's way to the Help Center. */
export interface HelpCenterCalls {
  /** A path under `/api/v2/help_center`. */
  get<A>(
    schema: Schema.ConstraintDecoder<A>,
    path: string,
    query?: Readonly<Record<string, string>>,
  ): Effect.Effect<A, KnowledgeError>
}

/** How many calls a run has made, all of its ways together. */
export interface CallCounter {
  count: number
}

/** A page that fails once must not end a run of hundreds. An account that is down should end it soon. */
const tries = { rateLimited: 6, unavailable: 3 }
const longestPauseMs = 60_000

/** Milliseconds until the next try, or null when there should be none. */
const pauseBefore = (reason: Reason, failed: number): number | null => {
  if (reason instanceof RateLimited && failed < tries.rateLimited)
    return Math.min(reason.retryAfterMs ?? 1_000 * 2 ** (failed - 1), longestPauseMs)
  if (reason instanceof Unavailable && failed < tries.unavailable)
    return Math.min(reason.retryAfterMs ?? 250 * 2 ** (failed - 1), longestPauseMs)
  return null
}

export const makeCalls = (client: ZendeskClient, counter: CallCounter): HelpCenterCalls => {
  const once = <A>(
    schema: Schema.ConstraintDecoder<A>,
    path: string,
    query: Readonly<Record<string, string>>,
  ) =>
    Effect.suspend(() => {
      counter.count += 1
      return client
        .json(schema, {
          method: "GET",
          path: `/api/v2/help_center${path}`,
          query,
          pool: "help_center",
          priority: "backfill",
        })
        .pipe(
          Effect.mapError(
            (failure) => new KnowledgeError({ operation: "sync", reason: reasonOf(failure, { what: path }) }),
          ),
        )
    })
  return {
    get: (schema, path, query = {}) =>
      Effect.gen(function* () {
        for (let failed = 1; ; failed++) {
          const result = yield* Effect.result(once(schema, path, query))
          if (Result.isSuccess(result)) return result.success
          const pause = pauseBefore(result.failure.reason, failed)
          if (pause === null) return yield* result.failure
          // A little later than asked, so that several programs of one account do not come back together.
          yield* Effect.sleep(pause + (yield* Random.nextIntBetween(0, 1 + Math.floor(pause / 10))))
        }
      }),
  }
}
