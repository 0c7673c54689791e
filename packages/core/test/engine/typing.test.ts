/** A human who writes in a live chat is seen writing on the customer's channel. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { handedOff, replied, tell } from "../support/liveChat.ts"
import { mail, makeRig, settled, until, write } from "../support/Rig.ts"

describe("a human's typing", () => {
  it.live("is shown where the customer is, once for a burst of signs", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* handedOff(rig)
      const before = rig.typings.length
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
      const before = rig.typings.length
      yield* tell(rig, { _tag: "HumanTyping" })
      // A turn of the AI shows one by itself: the only one.
      yield* write(rig, mail("Thank you. Where is my parcel?"))
      yield* settled(rig)
      assert.strictEqual(rig.typings.length, before + 1)
    }).pipe(Effect.scoped),
  )
})
