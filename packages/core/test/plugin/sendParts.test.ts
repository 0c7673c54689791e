import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import {
  DeliveryId,
  memoryDeliveryParts,
  type OutboundPart,
  type PartFate,
  SendFailure,
  sendParts,
  sendProgress,
} from "../../src/index.ts"
import { orgId, uuid } from "../support/fixtures.ts"

const failure = (kind: SendFailure["kind"]) => new SendFailure({ kind })
const doubt = failure({ _tag: "Ambiguous", detail: "no answer", resendIsSafe: false })
const busy = failure({ _tag: "Retry", afterMs: 1_000, detail: "busy" })

/** A provider that does as it is told, once per entry, and a store that outlives the process. */
const world = () => {
  const store = memoryDeliveryParts()
  const sent: Array<string> = []
  const looks: Array<string> = []
  const faults: Array<Effect.Effect<never, SendFailure>> = []
  /** True: what fails was taken all the same. */
  const taken: Array<boolean> = []
  let fate: (name: string) => PartFate = () => ({ _tag: "Unknown" })
  const part = (name: string): OutboundPart => ({
    name,
    send: Effect.suspend(() => {
      const fault = faults.shift()
      if (fault === undefined || taken.shift() === true) sent.push(name)
      return fault ?? Effect.succeed(`id-${name}`)
    }),
    find: () =>
      Effect.sync(() => {
        looks.push(name)
        return fate(name)
      }),
  })
  const progress = sendProgress(store, { orgId, deliveryId: DeliveryId.make(uuid(1)) })
  return {
    sent,
    looks,
    progress,
    fail: (how: Effect.Effect<never, SendFailure>, isTaken: boolean) => {
      faults.push(how)
      taken.push(isTaken)
    },
    found: (how: typeof fate) => void (fate = how),
    /** What a process does; each call is one. */
    run: Effect.suspend(() => sendParts(progress, ["1/3", "2/3", "3/3"].map(part))),
  }
}

const kindOf = <A>(effect: Effect.Effect<A, SendFailure>) => Effect.map(Effect.flip(effect), (e) => e.kind)

describe("sendParts", () => {
  it.effect("sends in order, once, and looks for nothing that was not begun", () =>
    Effect.gen(function* () {
      const { looks, run, sent } = world()
      assert.deepStrictEqual(yield* run, ["id-1/3", "id-2/3", "id-3/3"])
      assert.deepStrictEqual(yield* run, ["id-1/3", "id-2/3", "id-3/3"])
      assert.deepStrictEqual([sent, looks], [["1/3", "2/3", "3/3"], []])
    }),
  )

  it.effect("goes on behind what is out, and a part that was certainly not taken is not looked for", () =>
    Effect.gen(function* () {
      const { fail, looks, run, sent } = world()
      fail(busy, false)
      assert.deepInclude(yield* kindOf(run), { _tag: "Retry", afterMs: 1_000 })
      yield* run
      assert.deepStrictEqual([sent, looks], [["1/3", "2/3", "3/3"], []])
    }),
  )

  for (const [name, fate, words] of [
    ["found", { _tag: "Sent", providerId: "id-found" }, null],
    ["not there", { _tag: "NotSent" }, "it was not taken"],
    ["not to be asked now", { _tag: "NotNow", detail: "the list is down" }, '"resendIsSafe":true'],
    ["not to be found out", { _tag: "Unknown" }, '"resendIsSafe":false'],
  ] as const) {
    it.effect(`after a lost answer: ${name}`, () =>
      Effect.gen(function* () {
        const { fail, found, run, sent } = world()
        fail(doubt, false)
        found(() => fate)
        if (words === null) assert.strictEqual((yield* run)[0], "id-found")
        else assert.include(JSON.stringify(yield* kindOf(run)), words)
        assert.deepStrictEqual(sent, words === null ? ["2/3", "3/3"] : [])
      }),
    )
  }

  it.effect(
    "a part that was not there at first is looked for again before it is sent: it may show up late",
    () =>
      Effect.gen(function* () {
        const { fail, found, looks, run, sent } = world()
        fail(doubt, true)
        found(() => ({ _tag: "NotSent" }))
        yield* kindOf(run)
        found(() => ({ _tag: "Sent", providerId: "id-late" }))
        assert.strictEqual((yield* run)[0], "id-late")
        assert.deepStrictEqual(
          [sent, looks],
          [
            ["1/3", "2/3", "3/3"],
            ["1/3", "1/3"],
          ],
        )
      }),
  )

  it.effect("nothing is sent while the provider cannot be asked", () =>
    Effect.gen(function* () {
      const { fail, found, run, sent } = world()
      fail(doubt, true)
      found(() => ({ _tag: "NotNow", detail: "the list is down" }))
      for (let i = 0; i < 3; i++)
        assert.deepInclude(yield* kindOf(run), { _tag: "Ambiguous", resendIsSafe: true })
      assert.deepStrictEqual(sent, ["1/3"])
    }),
  )

  it.effect(
    "a process that dies while a part is on its way: said once, and sent when it is asked for again",
    () =>
      Effect.gen(function* () {
        const { fail, run, sent } = world()
        fail(Effect.never, true)
        const dying = yield* Effect.forkChild(run)
        while (sent.length === 0) yield* Effect.yieldNow
        yield* Fiber.interrupt(dying)
        const kind = yield* kindOf(run)
        assert.deepInclude(kind, { _tag: "Ambiguous", resendIsSafe: false })
        assert.include(JSON.stringify(kind), "part 1/3 was on its way")
        assert.deepStrictEqual(sent, ["1/3"], "nobody knows: not sent again by itself")
        yield* run
        assert.deepStrictEqual(sent, ["1/3", "1/3", "2/3", "3/3"], "whoever replays it wants it sent")
      }),
  )

  it.effect("a report that comes meanwhile clears it up", () =>
    Effect.gen(function* () {
      const { fail, progress, run, sent } = world()
      fail(doubt, true)
      yield* kindOf(run)
      yield* progress.sent("1/3", "id-reported")
      assert.strictEqual((yield* run)[0], "id-reported")
      assert.deepStrictEqual(sent, ["1/3", "2/3", "3/3"])
    }),
  )

  it.effect("a message at the provider that another part accounts for is known as taken", () =>
    Effect.gen(function* () {
      const { progress, run } = world()
      yield* run
      assert.isTrue(yield* progress.isTaken("id-2/3"))
      assert.isFalse(yield* progress.isTaken("id-4"))
    }),
  )
})
