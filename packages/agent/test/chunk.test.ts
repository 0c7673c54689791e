import { assert, describe, it } from "@effect/vitest"
import { chunkMarkdown } from "../src/knowledge/chunk.ts"
import { wordCount } from "../src/text/segment.ts"
import { extract } from "../src/answer/extract.ts"
import { articles } from "./fixtures/helpCenter.ts"

const words = (count: number, word = "word"): string =>
  Array.from({ length: count }, (_, at) => `${word}${at}`).join(" ")

describe("chunkMarkdown", () => {
  it("keeps the heading path", () => {
    const chunks = chunkMarkdown(`Intro.\n\n## A\n\ntext a\n\n### A1\n\ntext a1\n\n## B\n\ntext b`)
    assert.deepStrictEqual(
      chunks.map((chunk) => [chunk.headings.join(" > "), chunk.text]),
      [
        ["", "Intro."],
        ["A", "text a"],
        ["A > A1", "text a1"],
        ["B", "text b"],
      ],
    )
  })
  it("cuts long sections between blocks and paragraphs between sentences", () => {
    const long = Array.from({ length: 60 }, (_, at) => `${words(9)} end${at}.`).join(" ")
    const chunks = chunkMarkdown(`## S\n\n${words(150)}.\n\n${words(150)}.\n\n${long}`)
    assert.isAbove(chunks.length, 3)
    for (const chunk of chunks) {
      assert.deepStrictEqual(chunk.headings, ["S"])
      assert.isAtMost(wordCount(chunk.text), 200)
      assert.match(chunk.text, /\.$/)
    }
  })
  it("tears no table, list or code block", () => {
    const table = [
      "| a | b |",
      "| --- | --- |",
      ...Array.from({ length: 150 }, (_, at) => `| key${at} | value${at} |`),
    ].join("\n")
    const list = Array.from({ length: 90 }, (_, at) => `${at + 1}. step number ${at}`).join("\n")
    const code = `\`\`\`sh\n# not a heading\n${words(220)}\n\`\`\``
    const texts = chunkMarkdown(`${words(190)}\n\n${table}\n\n${list}\n\n${code}`).map((chunk) => chunk.text)
    for (const block of [table, list, code]) assert.isTrue(texts.some((text) => text.includes(block)))
  })
  it("loses no word of the sample", () => {
    for (const article of articles) {
      const chunks = chunkMarkdown(article.body)
      const all = chunks.flatMap((chunk) => [...chunk.headings, chunk.text]).join(" ")
      for (const word of article.body.match(/\p{L}{4,}/gu) ?? []) assert.include(all, word)
    }
  })
  it("takes anything", () => {
    for (const text of [
      "",
      "\n\n",
      "# ",
      "```",
      "|",
      "- ",
      "#".repeat(10_000),
      `\`\`\`\n${"x\n".repeat(50_000)}`,
    ]) {
      assert.isArray(chunkMarkdown(text))
    }
  })
})

describe("extract", () => {
  it("shows a short passage whole", () => {
    assert.strictEqual(extract("One.\n\n- two\n- three", "two", "en"), "One.\n\n- two\n- three")
  })
  it("shows the fitting part of a long one, in order and within 120 words", () => {
    const passage = `${words(70, "alpha")}.\n\nThe refund takes five days.\n\n${words(70, "beta")}.\n\nA refund to a card takes longer.`
    const shown = extract(passage, "how long does the refund take", "en")
    assert.isAtMost(wordCount(shown), 120)
    assert.isBelow(shown.indexOf("five days"), shown.indexOf("longer"))
    assert.notInclude(shown, "beta1")
  })
  it("keeps the head of a long table and the row that fits", () => {
    const rows = Array.from({ length: 60 }, (_, at) => `| code${at} | cause ${at} and more |`)
    const shown = extract(["| Code | Cause |", "| --- | --- |", ...rows].join("\n"), "what is code57", "en")
    assert.include(shown, "| Code | Cause |")
    assert.include(shown, "code57")
    assert.isAtMost(wordCount(shown), 125)
  })
})
