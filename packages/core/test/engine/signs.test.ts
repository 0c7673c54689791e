/** Passing signs between a live chat and the customer's channel: a human writes, a customer has read. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { handedOff, replied, tell } from "../support/liveChat.ts"
import { orgId } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, type Rig, settled, until, write } from "../support/Rig.ts"

/** The AI's own turn has shown a sign, which nothing waits for. */
const signOfTheTurn = (rig: Rig) =>
  Effect.as(
    until("the sign of the AI's turn", () => rig.typings.length === 1),
    1,
  )

describe("a human's typing", () => {
  it.live("is shown where the customer is, once for a burst of signs", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* handedOff(rig)
      const before = yield* signOfTheTurn(rig)
      for (let i = 0; i < 5; i++) yield* tell(rig, { _tag: "HumanTyping" })
      yield* until("the sign", () => rig.typings.length > before)
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      assert.deepStrictEqual(rig.typings.slice(before), [`{"to":"eve@customer.example"}`])
    }).pipe(Effect.scoped),
  )

  it.live("is not shown when the chat is not the humans' any more", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* handedOff(rig)
      yield* tell(rig, replied("Done."))
      yield* tell(rig, { _tag: "Control", control: "nobody", reason: "ticket closed" })
      yield* settled(rig)
      const before = yield* signOfTheTurn(rig)
      yield* tell(rig, { _tag: "HumanTyping" })
      // A turn of the AI shows one by itself: the only one.
      yield* write(rig, mail("Thank you. Where is my parcel?"))
      yield* settled(rig)
      yield* until("the AI's sign", () => rig.typings.length > before)
      assert.strictEqual(rig.typings.length, before + 1)
    }).pipe(Effect.scoped),
  )
})

describe("a customer's receipt", () => {
  const read = (rig: Rig, n: number) => {
    const message = rig.sent.at(-1)
    if (message === undefined) return Effect.die("nothing was sent")
    const { deliveryId } = message
    const about = { deliveryId, status: "read", explanation: null, at: 1 } as const
    return write(rig, { _tag: "Delivery", dedupKey: `read-${n}`, ...about })
  }

  it.live("shows the humans that their words were read, once for receipts that come together", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      yield* Effect.all([read(rig, 1), read(rig, 2)])
      yield* until("the sign", () => conversation.reads > 0)
      yield* settled(rig)
      assert.strictEqual(conversation.reads, 1)
      const before = (yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)).length
      // Zendesk tells us of it like of any other receipt.
      yield* tell(rig, { _tag: "CustomerRead" })
      yield* settled(rig)
      assert.lengthOf(yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id), before)
    }).pipe(Effect.scoped),
  )

  it.live("is nobody's business when no human has the chat", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Done."))
      yield* tell(rig, { _tag: "Control", control: "nobody", reason: "ticket closed" })
      yield* settled(rig)
      yield* read(rig, 1)
      yield* settled(rig)
      assert.strictEqual(rig.chat.count("customerRead"), 0)
      assert.strictEqual(conversation.reads, 0)
    }).pipe(Effect.scoped),
  )
})
