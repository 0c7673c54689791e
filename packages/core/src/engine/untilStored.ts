/** Patience with the store. */
import { Effect, Schedule } from "effect"
import type { StoreError } from "../errors/PortErrors.ts"
import { RetryPolicy } from "./RetryPolicy.ts"

/** Waits out a store that does not answer: the work is not lost, so there is no hurry and no giving up. */
export const untilStored = <A, R>(effect: Effect.Effect<A, StoreError, R>): Effect.Effect<A, never, R> =>
  Effect.flatMap(Effect.service(RetryPolicy), ({ storeMs }) =>
    effect.pipe(
      Effect.tapError((error) => Effect.logWarning("The store does not answer; waiting", error.message)),
      Effect.retry(Schedule.min([Schedule.exponential(storeMs), Schedule.spaced(5000)])),
      Effect.orDie,
    ),
  )
