/** "This" and "it" without anything that they could mean. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { pointsNowhere } from "../src/agent/pointing.ts"
import { contextOf, customer, respond, sampleWorld } from "./fixtures/world.ts"

const nowhere: ReadonlyArray<readonly [string, string]> = [
  ["How do I change it?", "en"],
  ["Does this gadget have a warranty?", "en"],
  ["Can you explain that?", "en"],
  ["Wie ändere ich das?", "de"],
  ["¿Cómo funciona eso?", "es"],
  ["Comment marche cet appareil ?", "fr"],
]
const clear: ReadonlyArray<readonly [string, string]> = [
  ["Can I still send my parcel this week?", "en"],
  ["How long does it take to get a refund?", "en"],
  ["Is this the right place to ask for an invoice?", "en"],
  ["Kommt mein Paket diese Woche?", "de"],
  [
    "I bought these brake pads, the disc, two tubes, a saddle and a chain, which of them may I return after use?",
    "en",
  ],
]

describe("pointing", () => {
  for (const [text, language] of nowhere) {
    it(`nowhere: ${text}`, () => assert.isTrue(pointsNowhere(text, "", language)))
  }
  for (const [text, language] of clear) {
    it(`clear: ${text}`, () => assert.isFalse(pointsNowhere(text, "", language)))
  }
  it("is clear when the conversation has the thing", () => {
    assert.isFalse(pointsNowhere("Does this gadget have a warranty?", "I want to buy a gadget", "en"))
    assert.isFalse(pointsNowhere("How do I change it?", "My address is wrong", "en"))
    assert.isTrue(pointsNowhere("Does this gadget have a warranty?", "My address is wrong", "en"))
  })
  it.effect("is asked back about once, then a human helps", () =>
    Effect.gen(function* () {
      const first = yield* respond(contextOf([customer("Does this gizmo survive rain?")]))
      assert.strictEqual(first._tag, "AskBack")
      if (first._tag !== "AskBack") return
      const again = contextOf([
        customer("Does this gizmo survive rain?"),
        { role: "ai", text: first.text, at: 0 },
        customer("Does that gizmo of yours survive rain?"),
      ])
      assert.strictEqual((yield* respond(again))._tag, "Escalate")
    }).pipe(Effect.provide(sampleWorld)),
  )
})
