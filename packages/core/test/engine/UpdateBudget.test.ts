import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { TicketId } from "../../src/index.ts"
import { UpdateBudget } from "../../src/engine/tasks/UpdateBudget.ts"

const ticket = TicketId.make("1")

describe("the update budget of a ticket", () => {
  it.effect("lets 20 through in ten minutes, makes the next one wait, and no longer than it must", () =>
    Effect.gen(function* () {
      const { take } = yield* UpdateBudget
      for (let i = 0; i < 20; i++) {
        yield* take(ticket)
        yield* TestClock.adjust("1 second")
      }
      const waiting = yield* Effect.forkChild(take(ticket))
      yield* TestClock.adjust("579 seconds")
      assert.isUndefined(waiting.pollUnsafe(), "the first of the 20 is not ten minutes old")
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(waiting)
    }).pipe(Effect.provide(UpdateBudget.layer)),
  )

  it.effect("is each ticket's own", () =>
    Effect.gen(function* () {
      const { take } = yield* UpdateBudget
      for (let i = 0; i < 20; i++) yield* take(ticket)
      yield* take(TicketId.make("2"))
    }).pipe(Effect.provide(UpdateBudget.layer)),
  )
})
