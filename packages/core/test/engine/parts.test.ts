/** What a delivery's tries know of each other: plugins see it in `progress`, and webhooks add to it. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { type OutboundMessage, SendFailure, StoreError } from "../../src/index.ts"
import { mail, makeRig, type Rig, settled, texts, write } from "../support/Rig.ts"
import { orgId } from "../support/fixtures.ts"

const busy = new SendFailure({ kind: { _tag: "Retry", afterMs: null, detail: "busy" } })

/** One answer is on its way; its first try ends as `fault` says. */
const answering = Effect.fnUntraced(function* (
  rig: Rig,
  fault: (message: OutboundMessage) => Effect.Effect<void, SendFailure>,
) {
  rig.sendFaults.push(fault)
  yield* write(rig, mail("Where is my parcel?"))
  yield* settled(rig)
})

it.live("a second try of a delivery knows what the first one has sent", () =>
  Effect.gen(function* () {
    const rig = yield* makeRig()
    const seen: Array<unknown> = []
    yield* answering(rig, ({ progress }) =>
      Effect.gen(function* () {
        yield* progress.begin("1/2")
        yield* progress.sent("1/2", "p-1")
        yield* progress.begin("2/2")
        rig.sendFaults.push((again) =>
          Effect.map(again.progress.known, (known) => {
            seen.push(...known.map(({ name, providerId }) => [name, providerId]))
          }),
        )
        return yield* busy
      }),
    )
    assert.deepStrictEqual(seen, [
      ["1/2", "p-1"],
      ["2/2", null],
    ])
    assert.strictEqual(texts(rig).length, 1)
  }),
)

it.live(
  "a provider's word on a part is noted, with or without news of the delivery; strangers' are not",
  () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* answering(rig, ({ progress }) =>
        Effect.forEach(["1/3", "2/3", "3/3"], progress.begin, { discard: true }),
      )
      const deliveryId = rig.sent[0]?.deliveryId
      if (deliveryId === undefined) return assert.fail("nothing was sent")
      const delivery = { orgId, deliveryId }
      const report = (name: string, providerId: string | null) => ({ deliveryId, name, providerId })
      yield* write(
        rig,
        { _tag: "Ignored", dedupKey: "s1", why: "part 1 of 3", part: report("1/3", "p-1") },
        { _tag: "Ignored", dedupKey: "s2", why: "part 2 of 3", part: report("2/3", null) },
        {
          _tag: "Delivery",
          dedupKey: "s3",
          deliveryId,
          status: "delivered",
          explanation: null,
          at: 1,
          part: report("3/3", "p-3"),
        },
        { _tag: "Ignored", dedupKey: "s4", why: "never begun", part: report("9/9", "p-9") },
      )
      const known = yield* rig.parts.known(delivery)
      assert.deepStrictEqual(
        known.map(({ name, providerId }) => [name, providerId]),
        [
          ["1/3", "p-1"],
          ["3/3", "p-3"],
        ],
      )
      assert.isFalse(yield* rig.parts.isTaken(orgId, "p-9"))
    }),
)

it.live("while the store does not answer nothing is sent, and nothing is given up", () =>
  Effect.gen(function* () {
    const rig = yield* makeRig()
    let down = 6
    const { begin } = rig.parts
    Object.assign(rig.parts, {
      begin: (...args: Parameters<typeof begin>) =>
        Effect.suspend(() =>
          down-- > 0 ? Effect.fail(new StoreError({ operation: "begin", detail: "down" })) : begin(...args),
        ),
    })
    const sentAfter: Array<number> = []
    yield* answering(rig, ({ progress }) =>
      Effect.map(progress.begin("1/1"), () => void sentAfter.push(down)),
    )
    assert.deepStrictEqual(sentAfter, [-1])
    assert.strictEqual(texts(rig).length, 1)
  }),
)
