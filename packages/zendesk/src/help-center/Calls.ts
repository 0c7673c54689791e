/** Help Center calls: counted per run, from the Help Center's own pool, behind live traffic. */
import { KnowledgeError, RateLimited } from "@opencx/core"
import { Effect, Result, type Schema } from "effect"
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
  readonly count: () => number
}

/** After a 429 the rate budget sleeps as long as Zendesk asked; a sync tries again this often. */
const rateLimitTries = 5

export const makeCalls = (client: ZendeskClient): HelpCenterCalls => {
  let calls = 0
  const once = <A>(
    schema: Schema.ConstraintDecoder<A>,
    path: string,
    query: Readonly<Record<string, string>>,
  ) =>
    Effect.suspend(() => {
      calls += 1
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
        for (let tries = 1; ; tries++) {
          const result = yield* Effect.result(once(schema, path, query))
          if (Result.isSuccess(result)) return result.success
          const again = result.failure.reason instanceof RateLimited && tries < rateLimitTries
          if (!again) return yield* result.failure
        }
      }),
    count: () => calls,
  }
}
