/** Markdown as speech, and what an interruption leaves of it. */
import { assert, describe, it } from "@effect/vitest"
import { DeliveryId } from "@opencx/core"
import { markdownCorpus } from "@opencx/testing"
import { Spoken } from "../src/relay/Spoken.ts"
import { durationOf, sentencesOf } from "../src/speech/sentences.ts"
import { toSpeech } from "../src/speech/toSpeech.ts"

const said = (markdown: string): string => toSpeech(markdown).join(" ")

describe("speech", () => {
  const cases: ReadonlyArray<readonly [string, string, string]> = [
    [
      "emphasis",
      "This is **important**, _really_ and ***very***, not ~~late~~.",
      "This is important, really and very, not late.",
    ],
    ["names with underscores stay", "Set snake_case_name to 2*3*4", "Set snake_case_name to 2*3*4."],
    ["links by their words", 'See [the guide](https://a.example/x "t").', "See the guide."],
    ["bare addresses go", "Open https://a.example/x?y=1, then <https://b.example> wait.", "Open, then wait."],
    ["a link that is its own address goes", "[https://a.example](https://a.example)", ""],
    ["source marks go", "It takes two days [1][2, 3].", "It takes two days."],
    [
      "headings and lines",
      "# Returns\n\nSend it back\nwithin 30 days\n\n---\n\nDone",
      "Returns. Send it back within 30 days. Done.",
    ],
    [
      "lists",
      "Do this:\n\n1. Unplug\n2. Wait\n   - ten seconds\n- [x] Plug in",
      "Do this: 1: Unplug. 2: Wait. ten seconds. Plug in.",
    ],
    [
      "tables",
      "| Plan | Price |\n|---|---|\n| Basic | 5 € |\n| Pro | |",
      "Plan: Basic, Price: 5 €. Plan: Pro.",
    ],
    ["quotes", "> You wrote: broken\n\nWe replace it", "You wrote: broken. We replace it."],
    [
      "code as it stands",
      "Run `npm i` then:\n\n```sh\nopencx start --port 8080\n```",
      "Run npm i then: opencx start --port 8080.",
    ],
    ["tags go, comparisons stay", "<b>5 < 6</b> & 7 > 3<br/>", "5 < 6 & 7 > 3."],
    ["emoji go, with all their parts", "Done 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇯🇵!", "Done!"],
    [
      "long numbers digit by digit",
      "Order 12345678 costs 1,234.50 on 2026-11-21.",
      "Order 1 2 3 4 5 6 7 8 costs 1,234.50 on 2026-11-21.",
    ],
    ["times, years and prices stay", "At 10:30 in 2026 for 12.50 €", "At 10:30 in 2026 for 12.50 €."],
    ["dashes and arrows are pauses", "Settings → Billing – then Save", "Settings, Billing, then Save."],
    ["escapes", "\\*not bold\\* 1\\. x", "not bold 1. x."],
    [
      "German",
      "Ihre **Bestellung** ist unterwegs – bitte 2–3 Tage warten",
      "Ihre Bestellung ist unterwegs, bitte 2–3 Tage warten.",
    ],
    [
      "Arabic",
      "تم شحن **طلبك** رقم ١٢٣٤٥٦٧، انظر [الدليل](https://a.example/ar)",
      "تم شحن طلبك رقم ١ ٢ ٣ ٤ ٥ ٦ ٧، انظر الدليل.",
    ],
    ["Japanese", "ご注文は**発送**されました。\n\n- 明日届きます", "ご注文は発送されました。 明日届きます。"],
    ["joiners of other writings stay", "می‌خواهم क्‍ष", "می‌خواهم क्‍ष."],
    ["nothing that can be said", "https://a.example/x\n\n👍\n\n---", ""],
  ]
  for (const [name, markdown, speech] of cases) it(name, () => assert.strictEqual(said(markdown), speech))

  it("comes in sentences, in Arabic and Japanese too", () => {
    assert.deepStrictEqual(sentencesOf("One. Two! Three?"), ["One. ", "Two! ", "Three? "])
    assert.deepStrictEqual(sentencesOf("هل وصل؟ نعم."), ["هل وصل؟ ", "نعم. "])
    assert.deepStrictEqual(sentencesOf("発送しました。明日届きます。"), [
      "発送しました。 ",
      "明日届きます。 ",
    ])
  })

  it("never holds markup, addresses or broken characters, and no piece is too long", () => {
    for (const { markdown } of markdownCorpus) {
      for (const piece of sentencesOf(markdown)) {
        assert.notMatch(piece, /https?:|\]\(|\*\*|```|<script/)
        assert.isAtMost(piece.length, 601)
        assert.isTrue(piece.isWellFormed())
      }
    }
  })

  it("takes hostile shapes in linear time", () => {
    const started = performance.now()
    for (const shape of ["*", "_", "[", "](", "<a ", "|", "> ", "`", "1. ", "https://", "\\"])
      sentencesOf(shape.repeat(20_000))
    assert.isBelow(performance.now() - started, 10_000)
  })

  it("takes longer in Japanese than its letters suggest", () => {
    assert.isAbove(durationOf("発送しました"), durationOf("abcdef"))
  })
})

describe("interruptions", () => {
  const id = (n: number) => DeliveryId.make(`00000000-0000-4000-8000-00000000000${n}`)

  it("match only what can still be in the voice", () => {
    const spoken = new Spoken()
    spoken.add(id(1), "Your order is on its way.", 0)
    spoken.add(id(2), "Your order is here.", 60_000)
    assert.deepStrictEqual(spoken.interrupted("Your order", 60_500), [
      { deliveryId: id(2), text: "Your order" },
    ])
  })

  it("that come when all was heard change nothing", () => {
    const spoken = new Spoken()
    spoken.add(id(1), "Yes.", 0)
    assert.deepStrictEqual(spoken.interrupted("Yes.", 100), [])
  })

  it("before the first word leave nothing heard", () => {
    const spoken = new Spoken()
    spoken.add(id(1), "Your order.", 0)
    assert.deepStrictEqual(spoken.interrupted("", 10), [{ deliveryId: id(1), text: "" }])
  })

  it("of words that nobody said claim nothing", () => {
    const spoken = new Spoken()
    spoken.add(id(1), "Your order.", 0)
    assert.deepStrictEqual(spoken.interrupted("Hello, this is Acme", 10), [])
  })

  it("silence what waits: the next answer begins at once", () => {
    const spoken = new Spoken()
    spoken.add(id(1), "A long answer. ".repeat(50), 0)
    assert.isAbove(spoken.remaining(0), 10_000)
    spoken.interrupted("A long", 100)
    assert.strictEqual(spoken.remaining(100), 0)
  })
})
