import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Courtesy } from "../../src/engine/Courtesy.ts"

describe("acks before work", () => {
  it.effect("a decision waits for an accept under way, and goes on when it is over", () =>
    Effect.gen(function* () {
      const courtesy = yield* Courtesy
      const gate = yield* Deferred.make<void>()
      const order: Array<string> = []
      const accept = yield* Effect.forkChild(
        courtesy.first(
          Effect.andThen(
            Deferred.await(gate),
            Effect.sync(() => order.push("accept")),
          ),
        ),
      )
      yield* Effect.yieldNow
      const decision = yield* Effect.forkChild(courtesy.decide(Effect.sync(() => order.push("decision"))))
      yield* TestClock.adjust("100 millis")
      assert.deepStrictEqual(order, [])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(accept)
      yield* TestClock.adjust("10 millis")
      yield* Fiber.join(decision)
      assert.deepStrictEqual(order, ["accept", "decision"])
    }).pipe(Effect.provide(Courtesy.layer)),
  )

  it.effect(
    "an accept that hangs holds nobody back for more than about a second, and a failed one not at all",
    () =>
      Effect.gen(function* () {
        const courtesy = yield* Courtesy
        yield* Effect.ignore(courtesy.first(Effect.fail("refused")))
        yield* courtesy.step
        yield* Effect.forkChild(courtesy.first(Effect.never))
        yield* Effect.yieldNow
        const step = yield* Effect.forkChild(courtesy.step)
        yield* TestClock.adjust("1100 millis")
        yield* Fiber.join(step)
      }).pipe(Effect.provide(Courtesy.layer)),
  )
})
