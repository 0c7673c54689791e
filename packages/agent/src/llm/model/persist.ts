/** Tries a call again where that can help: with pauses, or as long as the provider asks for, within what is left of the time. */
import { Clock, Effect, Random } from "effect"
import { failureOf, LlmFailure } from "./LlmFailure.ts"

export interface Patience {
  /** Further tries. */
  readonly retries: number
  /** Epoch milliseconds: no pause goes beyond. */
  readonly deadline: number
  /** Another model is waiting: it is asked sooner than a long pause ends, and instead of a second timeout. */
  readonly hasOther: boolean
  readonly onFailure: (failure: LlmFailure) => void
  readonly onRetry: () => void
}

const firstPauseMs = 500
const longestPauseMs = 20_000
/** With another model at hand. */
const shortPauseMs = 4000

/** Between half of the doubled pause and the whole, so that those who failed together do not come back together. */
const pauseOf = (failure: LlmFailure, tried: number) =>
  failure.retryAfterMs !== null
    ? Effect.succeed(failure.retryAfterMs)
    : Effect.map(Random.next, (share) => firstPauseMs * 2 ** tried * (0.5 + share / 2))

const mayRetry = (failure: LlmFailure, tried: number, pause: number, patience: Patience): boolean => {
  if (!failure.isRetryable || tried >= patience.retries) return false
  if (patience.hasOther && failure.kind === "timeout") return false
  return pause <= (patience.hasOther ? shortPauseMs : longestPauseMs)
}

export const persist = <A>(
  call: Effect.Effect<A, LlmFailure>,
  patience: Patience,
  tried = 0,
): Effect.Effect<A, LlmFailure> =>
  call.pipe(
    Effect.catch((failure) =>
      Effect.gen(function* () {
        patience.onFailure(failure)
        const pause = yield* pauseOf(failure, tried)
        const now = yield* Clock.currentTimeMillis
        if (!mayRetry(failure, tried, pause, patience) || now + pause >= patience.deadline) {
          return yield* failure
        }
        yield* Effect.sleep(pause)
        patience.onRetry()
        return yield* persist(call, patience, tried + 1)
      }),
    ),
  )

/** The first target that ends the work; the last one's failure when none does. What is no `LlmFailure` is not tried again. */
export const firstOf = <T, A, E>(
  targets: ReadonlyArray<T>,
  work: (target: T, hasOther: boolean) => Effect.Effect<A, LlmFailure | E>,
): Effect.Effect<A, LlmFailure | E> => {
  const [target, ...rest] = targets
  if (target === undefined) return Effect.fail(failureOf("unavailable"))
  const done = work(target, rest.length > 0)
  if (rest.length === 0) return done
  return done.pipe(
    Effect.catch((error) => (error instanceof LlmFailure ? firstOf(rest, work) : Effect.fail(error))),
  )
}
