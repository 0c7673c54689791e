/**
 * Acks before work: while events wait to be journaled, handlers that have not begun step back, for at most a second. The
 * outside waits for an ack with a timeout; what is journaled waits for nobody.
 */
import { Context, Effect, Layer, Semaphore } from "effect"
import { Urgency } from "./Urgency.ts"

/** How long one look takes, and how often a handler looks before it goes on all the same. */
const stepMs = 4
const looks = 250

/** Lanes that decide at once: deciding is computing and one transaction, so more at once only makes each slower. */
const deciding = 4

export class Courtesy extends Context.Service<
  Courtesy,
  {
    /** Runs an accept; handlers see that it is under way. */
    first<A, E, R>(accept: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** Runs a lane's decision when no accept is under way. */
    decide<A, E, R>(decision: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** Waits while accepts are under way; before a piece of work begins. */
    readonly step: Effect.Effect<void>
  }
>()("@opencx/core/engine/Courtesy") {
  static readonly layer = Layer.sync(Courtesy, () => {
    let accepting = 0
    const permits = Semaphore.makeUnsafe(deciding)
    const look = (left: number): Effect.Effect<void> =>
      Effect.suspend(() =>
        accepting === 0 || left === 0 ? Effect.void : Effect.andThen(Effect.sleep(stepMs), look(left - 1)),
      )
    const step = look(looks)
    return {
      first: (accept) =>
        Effect.suspend(() => {
          accepting += 1
          return Effect.ensuring(
            Effect.provideService(accept, Urgency, true),
            Effect.sync(() => {
              accepting -= 1
            }),
          )
        }),
      decide: (decision) => permits.withPermits(1)(Effect.andThen(step, decision)),
      step,
    }
  })
}
