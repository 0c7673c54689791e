import { ahead, UrgentScheduler } from "@opencx/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { inShortTurns, withShortTurns } from "../../src/turns/shortTurns.ts"

/** A loop whose time goes on only when work says so, and whose turns are run by hand. */
const loopByHand = () => {
  const loop = { time: 0, next: Array<() => void>() }
  return {
    now: () => loop.time,
    nextTurn: (run: () => void) => void loop.next.push(run),
    spend: (ms: number) => {
      loop.time += ms
    },
    /** Runs one turn; false when none was asked for. */
    turn: () => {
      const run = loop.next.shift()
      run?.()
      return run !== undefined
    },
  }
}

describe("short turns", () => {
  it("ends a turn when its time is over, and goes on in the next, in order", () => {
    const loop = loopByHand()
    const { ordinary } = inShortTurns(loop)
    const done: Array<number> = []
    for (let n = 0; n < 100; n += 1) {
      ordinary(() => {
        loop.spend(0.25)
        done.push(n)
      })
    }
    const perTurn: Array<number> = []
    for (let before = 0; loop.turn(); before = done.length) perTurn.push(done.length - before)
    expect(perTurn).toEqual(Array.from({ length: 25 }, () => 4))
    expect(done).toEqual(Array.from({ length: 100 }, (_, n) => n))
  })

  it("lets one long piece of work end, and nothing else in its turn", () => {
    const loop = loopByHand()
    const { ordinary, urgent } = inShortTurns(loop)
    const done: Array<string> = []
    ordinary(() => {
      loop.spend(50)
      done.push("long")
    })
    urgent(() => void done.push("urgent"))
    loop.turn()
    expect(done).toEqual(["long"])
    loop.turn()
    expect(done).toEqual(["long", "urgent"])
  })

  it("runs what is urgent before what waited longer, and some ordinary work in every turn", () => {
    const loop = loopByHand()
    const { ordinary, urgent } = inShortTurns(loop)
    const done: Array<string> = []
    const work = (name: string) => () => {
      loop.spend(0.4)
      done.push(name)
    }
    for (const name of ["o1", "o2", "o3", "o4"]) ordinary(work(name))
    for (const name of ["u1", "u2", "u3", "u4"]) urgent(work(name))
    loop.turn()
    expect(done).toEqual(["o1", "u1", "u2"])
    loop.turn()
    loop.turn()
    expect(done).toEqual(["o1", "u1", "u2", "o2", "u3", "u4", "o3", "o4"])
    expect(loop.turn()).toBe(false)
  })

  it("does not run what was taken out, and outlives work that throws", () => {
    const loop = loopByHand()
    const { ordinary } = inShortTurns(loop)
    const done: Array<string> = []
    const cancel = ordinary(() => void done.push("cancelled"))
    ordinary(() => {
      throw new Error("a bug")
    })
    ordinary(() => void done.push("after"))
    cancel()
    expect(() => loop.turn()).toThrow("a bug")
    loop.turn()
    expect(done).toEqual(["after"])
  })

  it("keeps its lines in order over many thousand pieces of work that ask for more", () => {
    const loop = loopByHand()
    const { ordinary } = inShortTurns(loop)
    const done: Array<number> = []
    const add = (n: number): void =>
      void ordinary(() => {
        loop.spend(0.01)
        done.push(n)
        if (n < 5000) add(n + 5000)
      })
    for (let n = 0; n < 5000; n += 1) add(n)
    while (loop.turn());
    expect(done).toEqual(Array.from({ length: 10_000 }, (_, n) => n))
  })

  it("a program in short turns: what goes ahead is done before hundreds of fibers that waited longer", async () => {
    const order: Array<string> = []
    const busy = Effect.gen(function* () {
      for (let round = 0; round < 3; round += 1) {
        yield* Effect.yieldNow
        order.push("busy")
      }
    })
    const program = Effect.gen(function* () {
      expect(yield* Effect.service(UrgentScheduler)).not.toBe(null)
      const crowd = yield* Effect.forEach(Array.from({ length: 300 }), () => Effect.forkChild(busy))
      yield* Effect.yieldNow
      yield* ahead(
        Effect.gen(function* () {
          yield* Effect.yieldNow
          yield* Effect.yieldNow
          order.push("ahead")
        }),
      )
      yield* Effect.forEach(crowd, Fiber.join, { discard: true })
    })
    await Effect.runPromise(withShortTurns(program))
    expect(order.filter((who) => who === "busy")).toHaveLength(900)
    // At most one of them begins each of its turns.
    expect(order.indexOf("ahead")).toBeLessThan(10)
  })
})
