/** One text, many messages: whole, in order, and never cut where it hurts. */
import { assert, describe, it } from "@effect/vitest"
import { splitText, type TextLimit } from "../../src/index.ts"
import { random } from "../support/random.ts"

const characters = (max: number): TextLimit => ({ max, unit: "characters" })
const bytes = (max: number): TextLimit => ({ max, unit: "bytes" })

const squeezed = (text: string) => text.replace(/\s+/g, "")

const whole = (text: string, limit: TextLimit) => {
  const pieces = splitText(text, limit)
  assert.strictEqual(squeezed(pieces.join("")), squeezed(text), "nothing but white space is lost")
  for (const piece of pieces) {
    const size = limit.unit === "bytes" ? new TextEncoder().encode(piece).length : piece.length
    assert.isAtMost(size, limit.max)
    assert.isTrue(piece.isWellFormed())
    assert.notStrictEqual(piece.trim(), "")
  }
  return pieces
}

describe("splitText", () => {
  it("leaves alone what fits, and makes nothing of nothing", () => {
    assert.deepStrictEqual(splitText("  as it is ", characters(100)), ["  as it is "])
    assert.deepStrictEqual(splitText(" \n", characters(100)), [])
  })

  it("prefers paragraphs to lines, lines to sentences, sentences to words", () => {
    assert.deepStrictEqual(whole("one two.\n\nthree four. five", characters(20)), [
      "one two.",
      "three four. five",
    ])
    assert.deepStrictEqual(whole("one two three\nfour five six", characters(20)), [
      "one two three",
      "four five six",
    ])
    assert.deepStrictEqual(whole("One two three. Four five", characters(20)), ["One two three.", "Four five"])
    assert.deepStrictEqual(whole("one two three four five", characters(11)), [
      "one two",
      "three four",
      "five",
    ])
  })

  it.each(["كيف حالك؟ أنا بخير. ", "これは文です。次の文です。", "Đây là một câu. ", "नमस्ते दुनिया। "])(
    "cuts %s where its readers would",
    (sentence) => {
      const text = sentence.repeat(200)
      whole(text, characters(160))
      whole(text, bytes(1000))
    },
  )

  it("never cuts what a reader calls a character", () => {
    for (const character of ["👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "e\u0301", "नि"]) {
      const text = character.repeat(300)
      const known = new Set([...new Intl.Segmenter("und").segment(text)].map(({ segment }) => segment))
      for (const piece of whole(text, characters(100)))
        for (const { segment } of new Intl.Segmenter("und").segment(piece)) assert.isTrue(known.has(segment))
    }
  })

  it("never cuts a link that fits, wherever it stands", () => {
    const url = `https://help.example/${"a-b/".repeat(15)}end?x=1.5,2`
    for (let before = 0; before < 120; before += 7) {
      const text = `${"w ".repeat(before)}see ${url} and more words after it`
      assert.include(whole(text, characters(100)).join("\n"), url)
    }
  })

  it("cuts a link or a word that is longer than a message, and goes on", () => {
    const url = `https://help.example/${"x".repeat(500)}`
    assert.strictEqual(whole(`a ${url} b`, characters(100)).join("").replaceAll(" ", ""), `a${url}b`)
    assert.lengthOf(whole("a".repeat(1000), characters(100)), 10)
  })

  it("keeps every word of random texts, in order, whatever the limit", () => {
    const dice = random(7)
    const pool = [
      "word",
      "شحن",
      "👩‍👩‍👧‍👦",
      "नमस्ते",
      "你的订单已发货",
      "https://a.example/x?y=1&z=%20end",
      "Satz.",
      "\n\n",
    ]
    for (let round = 0; round < 60; round++) {
      const text = Array.from({ length: 200 }, () => dice.pick(pool)).join(" ")
      const pieces = whole(text, characters(60 + Math.floor(dice.next() * 400)))
      assert.deepStrictEqual(pieces.join(" ").trim().split(/\s+/), text.trim().split(/\s+/))
    }
  })

  it("cuts before a link that stands behind a text without blanks", () => {
    const url = `https://a.example/${"p".repeat(60)}`
    assert.include(whole(`${"中".repeat(60)}${url}`, characters(100)), url)
  })

  it("combining marks without end do not hang it", () => {
    assert.strictEqual(whole(`a${"\u0301".repeat(5_000)}`, characters(100)).join("").length, 5_001)
  })

  it("counts bytes where the channel does", () => {
    const arabic = "مرحبا بكم في متجرنا الجديد ".repeat(60).trim()
    const pieces = splitText(arabic, bytes(1_000))
    assert.isTrue(pieces.every((piece) => new TextEncoder().encode(piece).length <= 1_000))
    assert.strictEqual(squeezed(pieces.join("")), squeezed(arabic))
  })

  it("keeps every letter of a random text at every limit", () => {
    const parts = [
      "word",
      "سلام",
      "https://example.com/path?q=1",
      "👍🏽",
      "\n",
      "\n\n",
      "  ",
      "naïve",
      "汉字汉字汉字",
    ]
    let seed = 7
    for (let round = 0; round < 200; round++) {
      let text = ""
      for (let i = 0; i < 60; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        text += `${parts[seed % parts.length] ?? ""}${seed % 3 === 0 ? " " : ""}`
      }
      const max = 8 + (round % 90)
      for (const limit of [characters(max), bytes(max + 20)]) {
        const pieces = splitText(text, limit)
        assert.strictEqual(squeezed(pieces.join("")), squeezed(text))
        for (const piece of pieces)
          assert.isAtMost(
            limit.unit === "bytes" ? new TextEncoder().encode(piece).length : piece.length,
            limit.max,
          )
      }
    }
  })

  it("closes and opens a block of code that it cuts, when asked", () => {
    const text = `Do this:\n\n\`\`\`sh\n${"npm run something\n".repeat(30)}\`\`\`\n\nThat is all.`
    const pieces = splitText(text, characters(200), { fences: true })
    for (const piece of pieces) {
      assert.isAtMost(piece.length, 200)
      assert.strictEqual((piece.split("```").length - 1) % 2, 0, piece)
    }
    assert.strictEqual(pieces.join("\n").split("npm run something").length - 1, 30)
  })

  it("takes its time in proportion to the text", () => {
    const pieces = whole("Sentence after sentence, and no end. ".repeat(30_000), characters(1600))
    assert.isAbove(pieces.length, 600)
  })
})
