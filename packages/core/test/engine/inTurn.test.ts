import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { makeTurns } from "../../src/engine/inTurn.ts"

const rig = () => {
  const log: Array<string> = []
  return { log, inTurn: makeTurns(), say: (word: string) => Effect.sync(() => void log.push(word)) }
}

describe("turns", () => {
  it.live("go by the order of asking for one key, and other keys do not wait", () =>
    Effect.gen(function* () {
      const { inTurn, log, say } = rig()
      const gate = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(inTurn("a", Effect.andThen(Deferred.await(gate), say("a1"))))
      yield* Effect.yieldNow
      const second = yield* Effect.forkChild(inTurn("a", say("a2")))
      yield* Effect.yieldNow
      yield* inTurn("b", say("b1"))
      assert.deepStrictEqual(log, ["b1"])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.deepStrictEqual(log, ["b1", "a1", "a2"])
    }),
  )

  it.live("of who fails or gives up while waiting are over, and nobody overtakes those before", () =>
    Effect.gen(function* () {
      const { inTurn, log, say } = rig()
      const gate = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        inTurn("a", Effect.andThen(Deferred.await(gate), Effect.andThen(say("a1"), Effect.fail("broken")))),
      )
      yield* Effect.yieldNow
      const second = yield* Effect.forkChild(inTurn("a", say("a2")))
      yield* Effect.yieldNow
      const third = yield* Effect.forkChild(inTurn("a", say("a3")))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(second)
      yield* Effect.yieldNow
      assert.deepStrictEqual(log, [])
      yield* Deferred.succeed(gate, undefined)
      assert.isTrue((yield* Fiber.await(first))._tag === "Failure")
      yield* Fiber.join(third)
      assert.deepStrictEqual(log, ["a1", "a3"])
    }),
  )
})
