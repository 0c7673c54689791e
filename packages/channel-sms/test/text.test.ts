import { assert, describe, it } from "@effect/vitest"
import { SegmentedMessage } from "sms-segments-calculator"
import { countSegments } from "../src/index.ts"
import { foldTypography } from "../src/text/fold.ts"
import { renderPlain } from "../src/text/render.ts"

/** The same texts on every run. */
const generator = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

describe("segments", () => {
  it("known borders", () => {
    const cases: ReadonlyArray<readonly [string, string, number]> = [
      ["", "GSM-7", 1],
      ["a".repeat(160), "GSM-7", 1],
      ["a".repeat(161), "GSM-7", 2],
      ["a".repeat(306), "GSM-7", 2],
      ["a".repeat(307), "GSM-7", 3],
      ["€".repeat(80), "GSM-7", 1],
      ["€".repeat(81), "GSM-7", 2],
      ["я".repeat(70), "UCS-2", 1],
      ["я".repeat(71), "UCS-2", 2],
      ["я".repeat(134), "UCS-2", 2],
      ["я".repeat(135), "UCS-2", 3],
      [`${"a".repeat(65)}😀${"a".repeat(66)}`, "UCS-2", 2],
      ["São Paulo, às 9", "UCS-2", 1],
      ["ñàèéùìòÇäöüß", "GSM-7", 1],
    ]
    for (const [text, encoding, segments] of cases) {
      const counted = countSegments(text)
      assert.deepStrictEqual([counted.encoding, counted.segments], [encoding, segments], text.slice(0, 20))
    }
  })

  it("agrees with Twilio's calculator on 600 texts of all kinds", () => {
    const letters = Array.from("abc XYZ.,€^{}[]~|\\ñçéя你مرحбא\n’…–")
    const emoji = ["😀", "👍🏽", "🇯🇵", "👩‍👩‍👧‍👦", "🏳️‍🌈"]
    const next = generator(42)
    for (let i = 0; i < 600; i++) {
      const alphabet =
        i % 3 === 0 ? Array.from("abcdefghij €[]") : i % 3 === 1 ? letters : [...letters, ...emoji]
      const text = Array.from({ length: next(400) }, () => alphabet[next(alphabet.length)] ?? "").join("")
      const theirs = new SegmentedMessage(text)
      const counted = countSegments(text)
      assert.strictEqual(counted.encoding, theirs.encodingName, JSON.stringify(text))
      assert.strictEqual(counted.segments, Math.max(1, theirs.segmentsCount), JSON.stringify(text))
    }
  })
})

describe("typography", () => {
  it("is folded where it saves segments, and only there", () => {
    const long = `It’s “smart” – quotes… ${"and some more words ".repeat(4)}`
    assert.strictEqual(countSegments(long).encoding, "UCS-2")
    const folded = foldTypography(long)
    assert.strictEqual(countSegments(folded).encoding, "GSM-7")
    assert.isBelow(countSegments(folded).segments, countSegments(long).segments)
    assert.match(folded, /^It's "smart" - quotes\.\.\. /)
    assert.strictEqual(foldTypography("It’s here"), "It’s here", "one segment either way")
    const arabic = "مرحبًا – تم شحن طلبك. ".repeat(6)
    assert.strictEqual(foldTypography(arabic), arabic, "nothing is won in Arabic")
  })

  it("non-breaking spaces and invisible characters do not double the price", () => {
    const text = `Order\u00a012\u200b is on its way.${" We thank you for your patience".repeat(4)}`
    assert.strictEqual(countSegments(foldTypography(text)).encoding, "GSM-7")
    assert.include(foldTypography(text), "Order 12 is")
  })
})

describe("Markdown as plain text", () => {
  const cases: ReadonlyArray<readonly [string, string, string]> = [
    ["links", "See [the guide](https://a.example/x) now", "See the guide: https://a.example/x now"],
    ["a link that names itself", "[https://a.example](https://a.example)", "https://a.example"],
    ["an empty link text", "[](https://a.example/y)", "https://a.example/y"],
    [
      "a link with marks and brackets",
      '[**the [new] guide**](https://a.example/a_(b) "T")',
      "the [new] guide: https://a.example/a_(b)",
    ],
    ["mail and phone links", "[Mail us](mailto:a@b.example) or <tel:+1555>", "Mail us: a@b.example or +1555"],
    ["an image", "![Photo](https://a.example/p.png)", "Photo: https://a.example/p.png"],
    ["an address keeps its marks", "https://a.example/*x*/__y__/_z_", "https://a.example/*x*/__y__/_z_"],
    ["emphasis", "**bold**, __bold__, *it*, _it_, ***both***, ~~gone~~", "bold, bold, it, it, both, gone"],
    [
      "words with marks inside",
      "snake_case_name 2*3*4 __init__.py a * b * c",
      "snake_case_name 2*3*4 init.py a * b * c",
    ],
    ["headings", "## Returns ##\nSend it back", "Returns\nSend it back"],
    [
      "lists",
      "* one\n  * two\n1) three\n- [x] done\n- [ ] open",
      "- one\n  - two\n1) three\n- [x] done\n- [ ] open",
    ],
    ["a table of two", "| Plan | Price |\n|---|--:|\n| Basic | 5 |\n| Pro | **12** |", "Basic: 5\nPro: 12"],
    [
      "a table of three",
      "| Plan | Price | Seats |\n|-|-|-|\n| Pro | 12 | 5 |\n| Team |  | 9 |",
      "Plan: Pro, Price: 12, Seats: 5\nPlan: Team, Seats: 9",
    ],
    ["code", "Run `npm *i*`:\n```sh\na *b* [c](d)\n```\nDone", "Run npm *i*:\na *b* [c](d)\nDone"],
    ["an open fence", "```\nx = _y_", "x = _y_"],
    ["quotes and rules", "> so **he** said\n> > deeper\n\n---\n\nend", "so he said\ndeeper\n\nend"],
    ["escapes and entities", "\\*not bold\\* 5 &lt; 6 &amp;&nbsp;7", "*not bold* 5 < 6 & 7"],
    ["HTML is text", "<b>x</b> {{ticket.id}}", "<b>x</b> {{ticket.id}}"],
    [
      "Arabic",
      "طلبك **1234** في [الدليل](https://a.example/ar)",
      "طلبك 1234 في الدليل: https://a.example/ar",
    ],
    ["Windows lines and breaks", "a  \r\nb\\\r\nc\n\n\n\nd", "a\nb\nc\n\nd"],
  ]
  for (const [name, markdown, plain] of cases) {
    it(name, () => {
      assert.strictEqual(renderPlain(markdown), plain)
    })
  }

  it("hostile shapes take no time", () => {
    for (const text of [
      "*".repeat(20_000),
      "[".repeat(20_000),
      "_a".repeat(10_000),
      "`".repeat(20_000),
      "![](".repeat(5_000),
      "|".repeat(20_000),
      `a${" ".repeat(50_000)}b`,
      `# a${" ".repeat(50_000)}b`,
      `${"a|".repeat(5_000)}\n${"-|".repeat(5_000)}`,
      '[a](b "'.repeat(5_000),
    ]) {
      const started = performance.now()
      renderPlain(text)
      assert.isBelow(performance.now() - started, 5_000, text.slice(0, 6))
    }
  })
})
