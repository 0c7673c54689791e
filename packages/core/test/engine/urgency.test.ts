import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Scheduler } from "effect"
import { ahead, Urgency, UrgentScheduler, urgently } from "../../src/engine/Urgency.ts"

const seen = Effect.all({
  urgent: Effect.service(Urgency),
  scheduler: Effect.service(Scheduler.Scheduler),
})

describe("what is urgent", () => {
  it.effect("goes on the urgent scheduler until it is over, and so does what it starts", () =>
    Effect.gen(function* () {
      const first = new Scheduler.MixedScheduler()
      const usual = yield* Effect.service(Scheduler.Scheduler)
      const { after, child, inside } = yield* Effect.gen(function* () {
        const inside = yield* urgently(seen)
        const child = yield* urgently(Effect.flatMap(Effect.forkChild(seen), Fiber.join))
        return { inside, child, after: yield* seen }
      }).pipe(Effect.provideService(UrgentScheduler, first))
      assert.strictEqual(inside.scheduler, first)
      assert.isTrue(inside.urgent)
      assert.strictEqual(child.scheduler, first)
      assert.strictEqual(after.scheduler, usual)
      assert.isFalse(after.urgent)
    }),
  )

  it.effect("work that others wait for goes ahead without being urgent itself", () =>
    Effect.gen(function* () {
      const first = new Scheduler.MixedScheduler()
      const { scheduler, urgent } = yield* Effect.provideService(ahead(seen), UrgentScheduler, first)
      assert.strictEqual(scheduler, first)
      assert.isFalse(urgent)
    }),
  )

  it.effect("without an urgent scheduler all stand in one line", () =>
    Effect.gen(function* () {
      const usual = yield* Effect.service(Scheduler.Scheduler)
      assert.strictEqual((yield* urgently(seen)).scheduler, usual)
    }),
  )
})
