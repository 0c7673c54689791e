import { assert, describe, it } from "@effect/vitest"
import { unknownOwned } from "../src/agent/names.ts"
import { saidIn } from "../src/agent/said.ts"
import { chunkMarkdown } from "../src/knowledge/chunk.ts"
import { cuesOf, fitOf } from "../src/knowledge/cues.ts"
import { passagesOf } from "../src/knowledge/passages.ts"
import { Vocabulary } from "../src/knowledge/vocabulary.ts"
import { mattersIn } from "../src/text/courtesy.ts"
import { withoutPhrases } from "../src/text/phrases.ts"

describe("mattersIn", () => {
  it.each([
    ["how long does it take? Thanks, Dana", ["how long does it take?"]],
    ["Do you take PayPal? Thanks in advance and best regards, Dr. Ben Miller", ["Do you take PayPal?"]],
    ["My parcel is lost, thank you, Jo", ["My parcel is lost"]],
    ["Wie lange dauert das? Vielen Dank und Grüße, Jürgen Müller", ["Wie lange dauert das?"]],
    ["¿Cuánto tarda? Muchas gracias, Lucía", ["¿Cuánto tarda?"]],
    ["I hope you are well. I have a quick question. Is it open? What can I do?", ["Is it open?"]],
    ["Is it possible? Nina", []],
    ["The forks are bent\nwhat now\nSarah", ["The forks are bent"]],
    ["Thanks, Dana", []],
    ["", []],
  ])("%s", (text, left) => {
    assert.deepStrictEqual(mattersIn(text), left)
  })
  it("keeps a matter that looks like courtesy", () => {
    for (const text of [
      "Best bike for a tall rider?",
      "I received a thank you card without a code.",
      "Thanks for the parcel, but the lamp is broken.",
      "Bye-bye button is missing in the app",
    ]) {
      assert.deepStrictEqual(mattersIn(text), [text])
    }
  })
  it("joins lines that a mail program broke, and only those", () => {
    const wrapped = "I ordered a pair of gloves and a jacket from you last\nweek. Where are they?"
    assert.deepStrictEqual(mattersIn(wrapped), [
      "I ordered a pair of gloves and a jacket from you last week.",
      "Where are they?",
    ])
    assert.deepStrictEqual(mattersIn("Two things\nthe invoice\nthe refund"), [
      "Two things",
      "the invoice",
      "the refund",
    ])
  })
  it("reads long foreign text to a bound", () => {
    const read = mattersIn("thanks, and ".repeat(20_000)).join("\n")
    assert.isAtMost(read.length, 6000)
    assert.lengthOf(mattersIn("Dana ".repeat(4000)), 1)
  })
})

describe("saidIn", () => {
  it("parts the question from what is told around it", () => {
    assert.deepStrictEqual(
      saidIn("We moved to Oslo in May. Do you deliver to Norway and who pays customs?", "en"),
      { asks: "Do you deliver to Norway and who pays customs?", story: "We moved to Oslo in May." },
    )
  })
  it("takes all as the question when the question only points back", () => {
    assert.strictEqual(saidIn("My parcel was sent on Monday. When will it arrive?", "en").story, "")
  })
})

describe("withoutPhrases", () => {
  const all = (words: string) => words
  it("puts the matter for ways of speaking", () => {
    assert.include(withoutPhrases("I'd like to send the blue jacket back", "en", all), " return ")
    assert.include(withoutPhrases("Die Jacke passt mir leider nicht", "de", all), "umtausch")
    assert.include(withoutPhrases("Me queda pequeña", "es", all), "talla")
  })
  it("leaves a phrase alone that no article has words for", () => {
    assert.include(
      withoutPhrases("send it back", "en", () => ""),
      "send it back",
    )
    assert.strictEqual(withoutPhrases("send it back", "xx", all), "send it back")
  })
})

describe("passages", () => {
  const article = `Forgot it?\n\n1. Open the page.\n2. Enter your address.\n\n## Locked\n\nIt is locked for 30 minutes.`
  it("knows what a question waits for", () => {
    assert.deepStrictEqual(cuesOf("How do I reset it?"), { steps: true, duration: false, amount: false })
    assert.deepStrictEqual(cuesOf("¿Cuánto cuesta?"), { steps: false, duration: false, amount: true })
    assert.isTrue(cuesOf("Wie lange dauert das?").duration)
    assert.strictEqual(fitOf("2 to 4 working days", cuesOf("how long?")), 1)
    assert.strictEqual(fitOf("4,90 Euro", cuesOf("Was kostet das?")), 1)
    assert.strictEqual(fitOf("Soon.", cuesOf("how long?")), 0)
  })
  it("prefers the beginning with its steps when the title is asked for, the figure when one is", () => {
    const chunks = chunkMarkdown(article)
    const found = { scores: [5, 5.4], whole: 10, titleCoverage: 1 }
    assert.strictEqual(passagesOf(chunks, found, cuesOf("How do I reset it?")).chunk, 0)
    const other = { ...found, titleCoverage: 0 }
    assert.strictEqual(passagesOf(chunks, other, cuesOf("How long is it locked?")).chunk, 1)
  })
  it("survives an article without passages", () => {
    const none = { scores: [], whole: 1, titleCoverage: 0 }
    assert.deepStrictEqual(passagesOf([], none, cuesOf("")), { chunk: 0, also: null })
  })
})

describe("words that no article has", () => {
  it("sees somebody else's matter", () => {
    assert.strictEqual(unknownOwned("the password of my new router", ["router"], "en"), 1)
    assert.strictEqual(unknownOwned("my knee hurts", ["hurt"], "en"), 0)
    assert.strictEqual(unknownOwned("Mein Reisepass ist weg", ["reisepass"], "de"), 1)
  })
  it("takes a compound by its end", () => {
    const words = new Vocabulary("de")
    words.add("versandkost")
    assert.deepStrictEqual(
      words.headsOf("standardversand", () => []).map((one) => one.term),
      ["versandkost"],
    )
    assert.deepStrictEqual(
      words.headsOf("apfelkuchen", () => []),
      [],
    )
  })
})
