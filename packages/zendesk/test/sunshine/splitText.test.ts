import { assert, describe, it } from "@effect/vitest"
import { markdownToText } from "../../src/text/MarkdownToText.ts"
import { splitText, type TextLimit } from "../../src/text/splitText.ts"

const characters = (max: number): TextLimit => ({ max, unit: "characters" })
const bytes = (max: number): TextLimit => ({ max, unit: "bytes" })
const size = (text: string): number => new TextEncoder().encode(text).byteLength
const bare = (text: string): string => text.replaceAll(/\s/gu, "")

describe("splitText", () => {
  it("leaves what fits alone, and gives no piece for nothing", () => {
    assert.deepStrictEqual(splitText("  as it is \n", characters(20)), ["  as it is \n"])
    assert.deepStrictEqual(splitText("", characters(20)), [])
    assert.deepStrictEqual(splitText(" \n ", characters(20)), [])
  })

  it("cuts at paragraphs, else lines, else words", () => {
    assert.deepStrictEqual(splitText("first part\n\nsecond part", characters(16)), [
      "first part",
      "second part",
    ])
    assert.deepStrictEqual(splitText("first part\nsecond part", characters(16)), [
      "first part",
      "second part",
    ])
    assert.deepStrictEqual(splitText("one two three four", characters(9)), ["one two", "three", "four"])
  })

  it("never cuts a link that fits, and cuts one that cannot", () => {
    const link = `https://example.com/${"a".repeat(30)}?q=1`
    const pieces = splitText(`Please read this page: ${link} and come back`, characters(60))
    assert.isTrue(pieces.some((piece) => piece.includes(link)))
    const long = splitText(`https://example.com/${"b".repeat(100)}`, characters(40))
    assert.strictEqual(long.join(""), `https://example.com/${"b".repeat(100)}`)
    assert.isTrue(long.every((piece) => piece.length <= 40))
    const glued = splitText(`${"x".repeat(30)}https://e.example/${"c".repeat(10)}`, characters(40))
    assert.strictEqual(glued.join(""), `${"x".repeat(30)}https://e.example/${"c".repeat(10)}`)
  })

  it("never halves a letter, an emoji or a flag", () => {
    const family = "👩‍👩‍👧‍👦"
    for (const text of [family.repeat(20), "🇩🇪".repeat(30), "e\u0301".repeat(50), "नमस्ते".repeat(20)]) {
      for (const max of [11, 12, 13, 14, 25]) {
        const pieces = splitText(text, characters(max))
        assert.strictEqual(pieces.join(""), text)
        assert.isTrue(pieces.every((piece) => piece.length <= max))
        const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" })
        const whole = [...segmenter.segment(text)].length
        const parts = pieces.reduce((sum, piece) => sum + [...segmenter.segment(piece)].length, 0)
        assert.strictEqual(parts, whole)
      }
    }
  })

  it("ends on a grapheme that is longer than any message", () => {
    const monster = `a${"\u0301".repeat(500)}`
    const pieces = splitText(monster, characters(100))
    assert.strictEqual(pieces.join(""), monster)
    assert.isTrue(splitText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", bytes(3)).length > 0)
  })

  it("counts bytes where the channel does", () => {
    const arabic = "مرحبا بكم في متجرنا الجديد ".repeat(60).trim()
    const pieces = splitText(arabic, bytes(1_000))
    assert.isTrue(pieces.every((piece) => size(piece) <= 1_000))
    assert.strictEqual(bare(pieces.join("")), bare(arabic))
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
        assert.strictEqual(bare(pieces.join("")), bare(text))
        for (const piece of pieces)
          assert.isAtMost(limit.unit === "bytes" ? size(piece) : piece.length, limit.max)
      }
    }
  })
})

describe("markdownToText", () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["Hello **Dana**, _see_ `code` ~~old~~", "Hello Dana, see code old"],
    ["[Returns](https://e.example/r?a=1&b=2)", "Returns (https://e.example/r?a=1&b=2)"],
    ["<https://e.example/x> and https://e.example/y", "https://e.example/x and https://e.example/y"],
    ["[mail](mailto:a@b.example)", "mail (a@b.example)"],
    ["![map](https://e.example/m.png)", "map (https://e.example/m.png)"],
    ["# Title\n\nText", "Title\n\nText"],
    ["- one\n- two\n  - inner", "• one\n• two\n  • inner"],
    ["3. three\n4. four", "3. three\n4. four"],
    ["- [x] done\n- [ ] open", "• [x] done\n• [ ] open"],
    ["> quoted\n> twice", "> quoted\n> twice"],
    ["```js\nlet a = 1 < 2\n```", "let a = 1 < 2"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"],
    ["line one\nline two", "line one\nline two"],
    ["a & b < c > d \"e\" 'f'", "a & b < c > d \"e\" 'f'"],
    ["<b>bold</b>", "<b>bold</b>"],
    ["# عنوان\n\n- **أولاً**\n- ثانياً", "عنوان\n\n• أولاً\n• ثانياً"],
    ["", ""],
  ]
  for (const [markdown, text] of cases) {
    it(`reads ${JSON.stringify(markdown).slice(0, 50)}`, () => {
      assert.strictEqual(markdownToText(markdown), text)
    })
  }
})
