/** How many lanes decide at once: deciding is computing and one transaction, so more at once only makes each slower. */
import { Context, type Effect, Layer, Semaphore } from "effect"

const atOnce = 4

export class Deciding extends Context.Service<
  Deciding,
  {
    /** Runs a lane's decision when there is room. */
    inTurn<A, E, R>(decision: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  }
>()("@opencx/core/engine/Deciding") {
  static readonly layer = Layer.sync(Deciding, () => {
    const room = Semaphore.makeUnsafe(atOnce)
    return { inTurn: (decision) => room.withPermits(1)(decision) }
  })
}
