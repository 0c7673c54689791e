/**
 * Work that takes long, one at a time for each organization. Who asks for what is being done already waits for that, and gets
 * its answer: a client that lost its connection may ask again. What was begun goes on when nobody waits for it any more.
 */
import { Effect, Fiber, Semaphore } from "effect"

export interface Turns<A, E> {
  /** `key`: what is asked for, word by word; the same key is the same work. */
  run<R>(orgId: string, key: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
}

/** Whose turn it is, by organization. Several kinds of work may share it. */
export class Lanes {
  readonly #lanes = new Map<string, Semaphore.Semaphore>()

  of(orgId: string): Semaphore.Semaphore {
    const lane = this.#lanes.get(orgId) ?? Semaphore.makeUnsafe(1)
    this.#lanes.set(orgId, lane)
    return lane
  }
}

/** Work begun here ends with the scope at the latest. */
export const makeTurns = Effect.fnUntraced(function* <A, E>(lanes: Lanes) {
  const scope = yield* Effect.scope
  const running = new Map<string, Fiber.Fiber<A, E>>()
  const turns: Turns<A, E> = {
    run: (orgId, key, work) =>
      Effect.gen(function* () {
        const name = `${orgId} ${key}`
        const known = running.get(name)
        if (known !== undefined) return yield* Fiber.join(known)
        const fiber = yield* lanes
          .of(orgId)
          .withPermits(1)(work)
          .pipe(Effect.ensuring(Effect.sync(() => running.delete(name))), Effect.forkIn(scope))
        // A fiber that has ended already has nothing to be joined.
        if (fiber.pollUnsafe() === undefined) running.set(name, fiber)
        return yield* Fiber.join(fiber)
      }),
  }
  return turns
})
