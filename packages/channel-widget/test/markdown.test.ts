/** What the widget makes of Markdown: readable, and never markup of somebody else's. */
import { markdownCorpus } from "@opencx/testing"
import { assert, describe, it } from "vitest"
import { locales } from "../src/locales/index.ts"
import { en } from "../src/locales/en.ts"
import { elementsOf, textOf } from "./support/html.ts"

// Outside of the tests' TypeScript project: it is compiled for browsers.
const path = "../src/browser/markdown.ts"
const { markdown }: { readonly markdown: (text: string) => ReadonlyArray<never> } = await import(path)

const textsOf = (text: string) => markdown(text).map(textOf).join("")
const tagsOf = (text: string) => markdown(text).flatMap((node) => [...elementsOf(node)])

describe("Markdown", () => {
  it.each(markdownCorpus.map((item) => [item.name, item] as const))("carries %s", (_, item) => {
    const text = textsOf(item.markdown).replace(/\s+/g, " ")
    let at = 0
    for (const word of item.words) {
      const found = text.indexOf(word, at)
      assert.isAtLeast(found, 0, `"${word}" is missing or out of order in: ${text.slice(0, 300)}`)
      at = found + word.length
    }
    if (item.whole !== undefined) assert.include(text, item.whole)
  })

  it("marks what is meant, and nothing else", () => {
    const tags = (text: string) => tagsOf(text).map(({ tag, text: inner }) => `${tag}:${inner.trim()}`)
    assert.deepStrictEqual(tags("**a** _b_ *c* ~~d~~ `e`"), [
      "p:a b c d e",
      "strong:a",
      "em:b",
      "em:c",
      "del:d",
      "code:e",
    ])
    assert.deepStrictEqual(tags("2*3*4 snake_case_name 5 * 6 * 7"), ["p:2*3*4 snake_case_name 5 * 6 * 7"])
    assert.deepStrictEqual(tags("\\*not\\* \\`this\\`"), ["p:*not* `this`"])
    assert.deepStrictEqual(tags("**bold _and_ more**"), ["p:bold and more", "strong:bold and more", "em:and"])
    assert.deepStrictEqual(tags("# Title\n\ntext"), ["p:Title", "p:text"])
    assert.deepStrictEqual(tags("a\nb"), ["p:a\nb", "br:"])
    assert.deepStrictEqual(tags("- one\n- two\n  1. deep\n\n---\n> said"), [
      "ul:one\ntwodeep",
      "li:one",
      "li:twodeep",
      "ol:deep",
      "li:deep",
      "hr:",
      "blockquote:said",
      "p:said",
    ])
    assert.deepStrictEqual(tags("```js\n**x**\n```"), ["pre:**x**", "code:**x**"])
    assert.deepStrictEqual(tags("3. three")[0], "ol:three")
  })

  it("links go out safely, bare addresses without the sentence's end", () => {
    const hrefs = (text: string) =>
      tagsOf(text).flatMap(({ attributes, tag }) => (tag === "a" ? [attributes["href"]] : []))
    assert.deepStrictEqual(hrefs("See https://a.example/x?y=1&z=(2). And (https://b.example/c)!"), [
      "https://a.example/x?y=1&z=(2)",
      "https://b.example/c",
    ])
    assert.deepStrictEqual(
      hrefs('<https://a.example> [t](https://b.example "title") [m](mailto:a@b.example)'),
      ["https://a.example/", "https://b.example/", "mailto:a@b.example"],
    )
    const [anchor] = tagsOf("[x](https://a.example)").filter(({ tag }) => tag === "a")
    assert.deepInclude(anchor?.attributes, { target: "_blank", rel: "noopener noreferrer nofollow" })
  })

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox)",
    "[x](blob:https://a.example/1)",
    "[x](//evil.example)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '[x](https://a.example"onmouseover="alert(1))',
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "```html\n<script>alert(1)</script>\n```",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "[**[x](javascript:alert(1))**](https://a.example)",
  ])("makes no markup of %s", (text) => {
    const allowed =
      "p strong em del code a pre ul ol li blockquote br hr div table thead tbody tr th td".split(" ")
    for (const { attributes, tag } of tagsOf(text)) {
      assert.include(allowed, tag)
      assert.isEmpty(Object.keys(attributes).filter((name) => /^on|style|src|dangerously/i.test(name)))
      const { href } = attributes
      if (href !== undefined) assert.match(String(href), /^(https?|mailto|tel):/)
    }
  })

  it("takes hostile shapes in little time", () => {
    for (const text of [
      "*".repeat(20_000),
      "[".repeat(20_000),
      "`".repeat(20_000),
      "**a ".repeat(8_000),
      "[a](".repeat(8_000),
      "> ".repeat(8_000),
      "- ".repeat(8_000) + "x",
      "|a".repeat(10_000) + "\n" + "|-".repeat(10_000),
      `https://${"a.".repeat(10_000)}`,
      "_a_".repeat(8_000),
      "<".repeat(20_000),
      `${"  ".repeat(2_000)}- x\n`.repeat(20),
    ]) {
      const begun = performance.now()
      assert.isAbove(textsOf(text).length, 0)
      assert.isBelow(performance.now() - begun, 5_000, text.slice(0, 20))
    }
  })
})

describe("languages", () => {
  it.each(Object.entries(locales))("%s says everything, with the same gaps", (_, texts) => {
    for (const [key, english] of Object.entries(en)) {
      const text: string | undefined = Object.entries(texts).find(([name]) => name === key)?.[1]
      assert.isString(text)
      const gaps = (of: string) => (of.match(/\{\w+\}/g) ?? []).toSorted()
      assert.deepStrictEqual(gaps(text ?? ""), gaps(english), key)
    }
  })

  it("are ten at least, Arabic among them", () => {
    assert.isAtLeast(Object.keys(locales).length, 10)
    assert.property(locales, "ar")
  })
})
