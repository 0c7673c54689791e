/** When sources are read: once per interval, however many processes there are and however often they start and die. */
import { assert, describe, it } from "@effect/vitest"
import {
  ArticleStore,
  CredentialsRejected,
  KnowledgeError,
  KnowledgeSync,
  type SyncReport,
  Unavailable,
} from "@opencx/core"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { leaseMs, pauseAfter, runIfClaimed, runNow } from "../../src/sync/runSource.ts"
import { keepSynced } from "../../src/sync/schedule.ts"
import { ClaimLost, type Source } from "../../src/sync/Source.ts"
import type { SyncEvent } from "../../src/sync/SyncEvent.ts"
import { Watchers } from "../../src/sync/Watchers.ts"
import { org, stores } from "./support.ts"

const hour = 3_600_000
const minute = 60_000

const report: SyncReport = {
  sourceId: "hc",
  kind: "incremental",
  resumed: false,
  seen: 1,
  changed: 1,
  removed: 0,
  skippedDrafts: 0,
  internal: 0,
  calls: 3,
  failed: 0,
  heldBack: 0,
  errors: [],
  durationMs: 1,
}

/** A source whose runs are counted; `work` is what a run does. */
const counted = (
  work: Effect.Effect<SyncReport, KnowledgeError> = Effect.as(Effect.sleep("5 minutes"), report),
) => {
  const runs = { begun: 0, ended: 0 }
  const run = Effect.suspend(() => {
    runs.begun += 1
    return Effect.tap(work, () =>
      Effect.sync(() => {
        runs.ended += 1
      }),
    )
  })
  const source: Source = {
    orgId: org,
    source: { id: "hc", type: "zendesk_help_center" },
    sync: KnowledgeSync.of({ full: run, incremental: run, fullAcceptingLoss: run }),
    everyMs: hour,
  }
  return { runs, source }
}

const refused = new KnowledgeError({
  operation: "sync",
  reason: new CredentialsRejected({ hint: "look at the key" }),
})
const down = new KnowledgeError({
  operation: "sync",
  reason: new Unavailable({ detail: "down", retryAfterMs: null }),
})

/** A process: its own watchers and schedule over the same database. */
const process = (source: Source) => Effect.forkChild(keepSynced(new Watchers(), source, hour))

describe("a schedule", () => {
  it.effect("of many processes reads a source once per interval", () =>
    Effect.gen(function* () {
      const { runs, source } = counted()
      for (let n = 0; n < 5; n++) yield* process(source)
      yield* TestClock.adjust("59 minutes")
      assert.deepStrictEqual(runs, { begun: 1, ended: 1 })
      yield* TestClock.adjust("60 minutes")
      assert.strictEqual(runs.begun, 2)
      yield* TestClock.adjust("8 hours")
      assert.deepStrictEqual(runs, { begun: 10, ended: 10 })
    }).pipe(Effect.provide(stores)),
  )

  it.effect("survives restarts without a run more than the interval asks for", () =>
    Effect.gen(function* () {
      const { runs, source } = counted(Effect.as(Effect.sleep("1 minute"), report))
      for (let n = 0; n < 17; n++) {
        const one = yield* process(source)
        yield* TestClock.adjust("7 minutes")
        yield* Fiber.interrupt(one)
      }
      assert.strictEqual(runs.begun, 2)
    }).pipe(Effect.provide(stores)),
  )

  it.effect(
    "stopped in the middle of a run goes on with the next start; killed, when the claim has run out",
    () =>
      Effect.gen(function* () {
        const { runs, source } = counted()
        const { runs: claims } = yield* ArticleStore
        const stopped = yield* process(source)
        yield* TestClock.adjust("1 minute")
        yield* Fiber.interrupt(stopped)
        assert.deepStrictEqual(runs, { begun: 1, ended: 0 })
        // A process that was killed here leaves its claim behind.
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        yield* claims.claim(org, "hc", { holder: "dead", now, leaseMs, everyMs: hour })
        yield* process(source)
        yield* TestClock.adjust(leaseMs - 1_000)
        assert.strictEqual(runs.begun, 1)
        yield* TestClock.adjust("32 seconds")
        assert.strictEqual(runs.begun, 2)
        yield* TestClock.adjust("6 minutes")
        assert.strictEqual(runs.ended, 1)
      }).pipe(Effect.provide(stores)),
  )

  it.effect("holds its claim over a run that is longer than any lease", () =>
    Effect.gen(function* () {
      const { runs, source } = counted(Effect.as(Effect.sleep("5 hours"), report))
      yield* process(source)
      yield* process(source)
      yield* TestClock.adjust("299 minutes")
      assert.deepStrictEqual(runs, { begun: 1, ended: 0 })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(runs, { begun: 2, ended: 1 }, "the next is due at once")
    }).pipe(Effect.provide(stores)),
  )

  it.effect("tries a failed run again, later each time, and at the interval at the latest", () =>
    Effect.gen(function* () {
      let failing = true
      const { runs, source } = counted(
        Effect.suspend(() => (failing ? Effect.fail(down) : Effect.succeed(report))),
      )
      yield* process(source)
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(runs.begun, 1)
      yield* TestClock.adjust("65 seconds")
      assert.strictEqual(runs.begun, 2)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(runs.begun, 3)
      yield* TestClock.adjust("10 hours")
      assert.isAtMost(runs.begun, 3 + 5 + 10)
      failing = false
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(runs.ended, 1)
    }).pipe(Effect.provide(stores)),
  )

  it("waits longer after what will not get better by itself", () => {
    assert.strictEqual(pauseAfter(down, 0, hour), minute)
    assert.strictEqual(pauseAfter(down, 3, hour), 8 * minute)
    assert.strictEqual(pauseAfter(down, 50, hour), hour)
    assert.strictEqual(pauseAfter(refused, 0, hour), 10 * minute)
    assert.strictEqual(pauseAfter(refused, 0, 5 * minute), 5 * minute)
    assert.strictEqual(pauseAfter(new ClaimLost({ sourceId: "hc" }), 0, null), minute)
  })
})

describe("a run", () => {
  it.effect("that loses its claim is broken off", () =>
    Effect.gen(function* () {
      const { runs, source } = counted(Effect.never)
      const { runs: claims } = yield* ArticleStore
      const running = yield* Effect.forkChild(Effect.flip(runIfClaimed(new Watchers(), source, "full", null)))
      yield* TestClock.adjust("10 seconds")
      const { holder } = yield* claims.status(org, "hc")
      yield* claims.finish(org, "hc", holder ?? "", { _tag: "released" })
      yield* TestClock.adjust("31 seconds")
      const error = yield* Fiber.join(running)
      assert.strictEqual(error._tag, "ClaimLost")
      assert.strictEqual(runs.begun, 1)
    }).pipe(Effect.provide(stores)),
  )

  it.effect("by command waits for the one that is under way, and tells all that happens", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const watchers = new Watchers()
        const events: Array<SyncEvent> = []
        yield* watchers.listen((event) => Effect.sync(() => void events.push(event)))
        const open = yield* Deferred.make<void>()
        const { runs, source } = counted(Effect.as(Deferred.await(open), report))
        const first = yield* Effect.forkChild(runNow(new Watchers(), source, "incremental"))
        yield* TestClock.adjust("1 second")
        const second = yield* Effect.forkChild(runNow(watchers, source, "full"))
        yield* TestClock.adjust("20 seconds")
        assert.strictEqual(runs.begun, 1)
        yield* Deferred.succeed(open, undefined)
        yield* Fiber.join(first)
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual(yield* Fiber.join(second), report)
        assert.deepStrictEqual(
          events.map((event) => event._tag),
          ["waiting", "started", "finished"],
        )
      }),
    ).pipe(Effect.provide(stores)),
  )

  it.effect("that fails is told with when it is tried again", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const watchers = new Watchers()
        const events: Array<SyncEvent> = []
        yield* watchers.listen((event) => Effect.sync(() => void events.push(event)))
        const { source } = counted(Effect.fail(refused))
        const error = yield* Effect.flip(runNow(watchers, source, "full"))
        assert.strictEqual(error._tag, "KnowledgeError")
        const last = events.at(-1)
        assert.isTrue(last?._tag === "failed" && last.detail.includes("look at the key"))
        assert.isTrue(last?._tag === "failed" && last.retryAt === 10 * minute)
      }),
    ).pipe(Effect.provide(stores)),
  )
})
