import { assert, describe, it } from "@effect/vitest"
import { asksForHuman } from "../src/intents/humanRequest.ts"
import { humanRequests, notHumanRequests } from "./fixtures/humanRequests.ts"

describe("asksForHuman", () => {
  for (const [language, texts] of Object.entries(humanRequests)) {
    it(`recognises the wish in ${language}`, () => {
      assert.deepStrictEqual(
        texts.filter((text) => !asksForHuman(text)),
        [],
      )
    })
  }
  for (const [language, texts] of Object.entries(notHumanRequests)) {
    it(`leaves questions about people alone in ${language}`, () => {
      assert.deepStrictEqual(texts.filter(asksForHuman), [])
    })
  }
  it("finds the wish in a mail with greeting and signature", () => {
    assert.isTrue(
      asksForHuman("Hello team,\n\nI'd rather speak to a real person about this.\n\nKind regards,\nTom"),
    )
  })
  it("ignores the wish in a quoted mail", () => {
    assert.isFalse(
      asksForHuman("Where is my parcel?\n\nOn Mon, 3 Feb 2026 at 10:00, Tom wrote:\n> I want a human"),
    )
  })
  it("takes 1 MB of text without hanging", () => {
    assert.isFalse(asksForHuman("speak to ".repeat(120_000)))
  })
})
