/** Who gets the one connection of the embedded database first. */
import { assert, describe, it } from "@effect/vitest"
import { Urgency } from "@opencx/core"
import { Sqlite } from "@opencx/storage"
import { Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"

/** Until a fiber that was just started stands in line. */
const inLine = Effect.forEach([1, 2, 3, 4, 5], () => Effect.yieldNow, { discard: true })

describe("the line for the connection", () => {
  it.effect("what is urgent has at most one other before it, and nobody is left out", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const order: Array<string> = []
      const opened = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        sql.withTransaction(Effect.andThen(Deferred.succeed(opened, undefined), Deferred.await(gate))),
      )
      yield* Deferred.await(opened)
      const named = (name: string) =>
        sql.withTransaction(
          Effect.andThen(
            sql`SELECT 1`,
            Effect.sync(() => order.push(name)),
          ),
        )
      const query = (name: string) =>
        Effect.andThen(
          sql`SELECT 1`,
          Effect.sync(() => order.push(name)),
        )
      const waiting: Array<Fiber.Fiber<unknown, unknown>> = []
      for (const name of ["a", "b", "c"]) {
        waiting.push(yield* Effect.forkChild(name === "b" ? query(name) : named(name)))
        yield* inLine
      }
      waiting.push(yield* Effect.forkChild(Effect.provideService(named("urgent"), Urgency, true)))
      waiting.push(yield* Effect.forkChild(Effect.provideService(query("urgent too"), Urgency, true)))
      yield* inLine
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Effect.forEach(waiting, Fiber.join)
      // The first of the others may stand before them or after them.
      assert.deepStrictEqual(
        order.filter((name) => name !== "a"),
        ["urgent", "urgent too", "b", "c"],
      )
      assert.include(order, "a")
    }).pipe(Effect.provide(Sqlite.layer({ filename: ":memory:" }))),
  )
})
