import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { overHttp } from "./fake/http.ts"
import { TestClock } from "effect/testing"
import { makeRateBudget } from "../src/client/RateBudget.ts"
import { makeZendeskClient } from "../src/index.ts"
import { scripted } from "./fake/ScriptedServer.ts"
import { connectionTo } from "./fake/zendesk.ts"

const minute = 60_000
const none = { limit: null, remaining: null, resetMs: null }

describe("rate budget", () => {
  it.effect("live calls wait for the next minute instead of getting a 429", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(3)
      for (let i = 0; i < 3; i++) assert.isNull(yield* budget.acquire("live", minute))
      const fourth = yield* Effect.forkChild(budget.acquire("live", minute))
      yield* TestClock.adjust("59 seconds")
      assert.isUndefined(fourth.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.isNull(yield* Fiber.join(fourth))
    }),
  )

  it.effect("says how long is missing when patience is shorter", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(1)
      yield* budget.acquire("live", minute)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* budget.acquire("live", 5_000), 50_000)
    }),
  )

  it.effect("backfill leaves a reserve of 30 % and stands behind waiting live calls", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(10)
      for (let i = 0; i < 7; i++) assert.isNull(yield* budget.acquire("backfill", 0))
      assert.isNotNull(yield* budget.acquire("backfill", 0))
      for (let i = 0; i < 3; i++) assert.isNull(yield* budget.acquire("live", 0))
      assert.isNotNull(yield* budget.acquire("live", 0))
      const order: Array<string> = []
      const wait = (who: "live" | "backfill") =>
        Effect.tap(budget.acquire(who, 10 * minute), () => Effect.sync(() => order.push(who)))
      const fibers = [
        ...(yield* Effect.all(Array.from({ length: 8 }, () => Effect.forkChild(wait("backfill"))))),
        ...(yield* Effect.all(Array.from({ length: 5 }, () => Effect.forkChild(wait("live"))))),
      ]
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(order.filter((who) => who === "live").length, 5)
      yield* TestClock.adjust("10 minutes")
      yield* Effect.all(fibers.map((fiber) => Fiber.join(fiber)))
      assert.strictEqual(order.length, 13)
    }),
  )

  it.effect("learns limit, remainder and reset from headers; others may use the account too", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(null)
      yield* budget.acquire("live", minute)
      yield* budget.learn({ limit: 700, remaining: 2, resetMs: 20_000 })
      assert.deepInclude(yield* budget.state, { limit: 700, available: 2 })
      yield* budget.acquire("live", 0)
      yield* budget.acquire("live", 0)
      assert.strictEqual(yield* budget.acquire("live", 0), 20_000)
      yield* TestClock.adjust("20 seconds")
      assert.isNull(yield* budget.acquire("live", 0))
      assert.deepInclude(yield* budget.state, { available: 699 })
    }),
  )

  it.effect("an answer that comes late does not give calls back", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(100)
      for (let i = 0; i < 10; i++) yield* budget.acquire("live", 0)
      yield* budget.learn({ ...none, remaining: 95 })
      assert.deepInclude(yield* budget.state, { available: 90 })
    }),
  )

  it.effect("a configured ceiling wins over a larger plan", () =>
    Effect.gen(function* () {
      const budget = makeRateBudget(50)
      yield* budget.learn({ limit: 700, remaining: 699, resetMs: null })
      assert.deepInclude(yield* budget.state, { limit: 50 })
    }),
  )

  it.effect("pools are apart, and a 429 stops its pool for as long as Zendesk asked", () =>
    Effect.gen(function* () {
      let limited = true
      const server = yield* scripted(() =>
        limited ? { status: 429, headers: { "retry-after": "30" }, text: "slow down" } : { json: {} },
      )
      const client = yield* makeZendeskClient(connectionTo(server.url))
      const call = { method: "GET", path: "/api/v2/x" } as const
      yield* Effect.flip(client.request(call))
      limited = false
      const waiting = yield* Effect.forkChild(client.request(call))
      yield* client.request({ ...call, pool: "help_center" })
      assert.strictEqual(server.seen.length, 2)
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(waiting)
      assert.strictEqual(server.seen.length, 3)
    }).pipe(overHttp),
  )

  it.effect("a 429 about one ticket does not stop the account", () =>
    Effect.gen(function* () {
      const server = yield* scripted((seen) =>
        seen.method === "PUT"
          ? {
              status: 429,
              headers: { "retry-after": "600", "x-rate-limit": "700", "x-rate-limit-remaining": "650" },
              text: "ticket limit",
            }
          : { json: {} },
      )
      const client = yield* makeZendeskClient(connectionTo(server.url))
      const failure = yield* Effect.flip(
        client.request({ method: "PUT", path: "/api/v2/tickets/1", json: "{}" }),
      )
      assert.strictEqual(failure.retryAfterMs, 600_000)
      yield* client.request({ method: "GET", path: "/api/v2/x" })
    }).pipe(overHttp),
  )
})
