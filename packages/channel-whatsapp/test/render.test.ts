/** Markdown as WhatsApp shows it, and texts cut into messages. */
import { assert, describe, it } from "@effect/vitest"
import { CustomerText } from "@opencx/core"
import { sampleMessage } from "@opencx/testing"
import { toWhatsapp } from "../src/render/marks.ts"
import { foldForTemplate, renderMessage, shortened } from "../src/render/message.ts"

describe("marks", () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["**bold** and __bold__", "*bold* and *bold*"],
    ["*slanted* and _slanted_", "_slanted_ and _slanted_"],
    ["***both***", "*_both_*"],
    ["~~gone~~", "~gone~"],
    ["2*3*4 and snake_case_name", "2*3*4 and snake_case_name"],
    ["5 * 6 * 7", "5 * 6 * 7"],
    ["`npm i **x**`", "`npm i **x**`"],
    ["# Title\n## **Sub** ##", "*Title*\n*Sub*"],
    ["* one\n+ two\n  - three\n1. four", "- one\n- two\n  - three\n1. four"],
    ["- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"],
    ["[the guide](https://x.example/a_b_c*d*)", "the guide: https://x.example/a_b_c*d*"],
    ["[https://x.example](https://x.example)", "https://x.example"],
    ["[x.example](https://x.example)", "https://x.example"],
    ["[mail](mailto:a@x.example) <https://y.example>", "mail: a@x.example https://y.example"],
    ["![lamp](https://x.example/l.png)", "lamp: https://x.example/l.png"],
    ['[t](https://x.example "title")', "t: https://x.example"],
    ["https://x.example/__a__/**b**", "https://x.example/__a__/**b**"],
    ["\\*not bold\\* \\_x\\_", "*not bold* _x_"],
    ["> quoted **loud**", "> quoted *loud*"],
    ["---", "———"],
    ["```sh\nls *.ts | _x_\n```", "```\nls *.ts | _x_\n```"],
    ["```\nunclosed", "```\nunclosed\n```"],
    [
      "| Plan | Price |\n|---|---|\n| Basic | 5 |\n| Pro | **12** |",
      "- Plan: Basic, Price: 5\n- Plan: Pro, Price: *12*",
    ],
    ["a | b\nno table", "a | b\nno table"],
    ["**مهم** جدًا", "*مهم* جدًا"],
    ["a\n\n\n\nb", "a\n\nb"],
    ["<b>x</b> {{y}} ${z}", "<b>x</b> {{y}} ${z}"],
    ["\ue0000\ue001 own private characters", "0 own private characters"],
  ]
  for (const [markdown, shown] of cases) {
    it(JSON.stringify(markdown), () => {
      assert.strictEqual(toWhatsapp(markdown), shown)
    })
  }
  it("takes time in proportion, on hostile text too", () => {
    const started = performance.now()
    for (const hostile of [
      "*".repeat(20_000),
      "[".repeat(20_000),
      "**a".repeat(7_000),
      "_a_".repeat(7_000),
      "`".repeat(20_001),
      "|-".repeat(10_000),
    ])
      assert.isAtLeast(toWhatsapp(hostile).length, 0)
    assert.isBelow(performance.now() - started, 20_000)
  })
})

describe("articles under an answer", () => {
  const sources = [
    { articleId: "1", title: "Lamps", url: "https://help.acme.example/lamps" },
    { articleId: "2", title: "Shown", url: "https://help.acme.example/shown" },
    { articleId: "3", title: "Nowhere", url: null },
  ]
  const text = CustomerText.make("See https://help.acme.example/shown.")
  it("are named once, and only under what the AI says", () => {
    assert.strictEqual(
      renderMessage(sampleMessage({ text, sources })),
      "See https://help.acme.example/shown.\n\nLamps: https://help.acme.example/lamps",
    )
    assert.strictEqual(renderMessage(sampleMessage({ text, sources, author: "human" })), text)
  })
})

describe("template variables", () => {
  it("are one line without runs of spaces", () => {
    assert.strictEqual(foldForTemplate("a\n\n b\tc      d\r\n```x```"), "a · b c d · x")
  })
  it("are shortened at a word, and never inside a character", () => {
    assert.strictEqual(shortened("one two three four", 12), "one two…")
    assert.strictEqual(shortened("short", 12), "short")
    assert.notMatch(shortened("😀".repeat(20), 10), /[\ud800-\udbff](?![\udc00-\udfff])/)
  })
})
