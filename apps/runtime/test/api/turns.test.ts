/** Long work in turns: one at a time for each organization, shared by who asks for the same, and never half given up. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Lanes, makeTurns } from "../../src/api/turns.ts"
import { lookMs, within } from "../../src/api/zendesk/troubles.ts"

/** Work that waits until it is let go, and counts itself. */
const worker = Effect.gen(function* () {
  const gate = yield* Deferred.make<void>()
  const seen = { begun: 0, ended: 0 }
  const work = (answer: string) =>
    Effect.gen(function* () {
      seen.begun += 1
      yield* Deferred.await(gate)
      seen.ended += 1
      return answer
    })
  return { seen, work, letGo: Deferred.succeed(gate, undefined) }
})

const some = (times: number) => Effect.repeat(Effect.yieldNow, { times })

describe("turns", () => {
  it.effect("the same work is done once for all who ask, and again for who asks later", () =>
    Effect.gen(function* () {
      const turns = yield* makeTurns<string, never>(new Lanes())
      const { letGo, seen, work } = yield* worker
      const ask = (answer: string) => turns.run("acme", "setup", work(answer))
      const first = yield* Effect.forkChild(ask("one"))
      yield* some(20)
      const second = yield* Effect.forkChild(ask("two"))
      yield* some(20)
      yield* letGo
      assert.deepStrictEqual([yield* Fiber.join(first), yield* Fiber.join(second)], ["one", "one"])
      assert.deepStrictEqual(seen, { begun: 1, ended: 1 })
      assert.strictEqual(yield* ask("three"), "three")
    }),
  )

  it.effect("different work of an organization waits; another organization does not", () =>
    Effect.gen(function* () {
      const lanes = new Lanes()
      const [setups, looks] = [yield* makeTurns<string, never>(lanes), yield* makeTurns<string, never>(lanes)]
      const { letGo, seen, work } = yield* worker
      const all = [
        yield* Effect.forkChild(setups.run("acme", "a", work("a"))),
        yield* Effect.forkChild(looks.run("acme", "b", work("b"))),
        yield* Effect.forkChild(looks.run("globex", "b", work("c"))),
      ]
      yield* some(50)
      assert.strictEqual(seen.begun, 2)
      yield* letGo
      assert.deepStrictEqual(yield* Effect.forEach(all, Fiber.join), ["a", "b", "c"])
    }),
  )

  it.effect("goes on when nobody waits any more, and gives its answer to who comes back", () =>
    Effect.gen(function* () {
      const turns = yield* makeTurns<string, never>(new Lanes())
      const { letGo, seen, work } = yield* worker
      const gone = yield* Effect.forkChild(turns.run("acme", "setup", work("done")))
      yield* some(20)
      yield* Fiber.interrupt(gone)
      const back = yield* Effect.forkChild(turns.run("acme", "setup", work("done twice")))
      yield* some(20)
      yield* letGo
      assert.strictEqual(yield* Fiber.join(back), "done")
      assert.deepStrictEqual(seen, { begun: 1, ended: 1 })
    }),
  )

  it.effect("a failure is told to all who wait, and does not stay", () =>
    Effect.gen(function* () {
      const turns = yield* makeTurns<string, "no">(new Lanes())
      assert.strictEqual(yield* Effect.flip(turns.run("acme", "setup", Effect.fail("no" as const))), "no")
      assert.strictEqual(yield* turns.run("acme", "setup", Effect.succeed("yes")), "yes")
    }),
  )

  it.effect("work that Zendesk does not end is ended, with what to do", () =>
    Effect.gen(function* () {
      const waiting = yield* Effect.forkChild(Effect.flip(within(lookMs)(Effect.never)))
      yield* some(5)
      yield* TestClock.adjust(lookMs)
      const failed = yield* Fiber.join(waiting)
      assert.deepInclude(failed, { _tag: "ZendeskFailed" })
      assert.include(failed.hint, "Try again")
    }),
  )
})
