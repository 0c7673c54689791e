/** Versions, error codes and order numbers. */
import type { Article } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { OrgIndex } from "../src/knowledge/OrgIndex.ts"
import { wholeCodesIn, withoutUnknownCodes } from "../src/text/codes.ts"
import { isSoft } from "../src/text/softWords.ts"

describe("codes", () => {
  it("are terms as a whole", () => {
    assert.deepStrictEqual(wholeCodesIn("From v7.0.0.2 to MQ_9.1, see CVE-2017-1681."), [
      "7.0.0.2",
      "mq-9.1",
      "cve-2017-1681",
    ])
  })
  it("are not words with strokes, dates without a year, or pieces of a hundred letters", () => {
    assert.deepStrictEqual(wholeCodesIn(`wi-fi e-mail 2-4 1.5 well-known ${"a-1".repeat(60)}`), [])
  })
  it("drop out when no article has them", () => {
    const isKnown = (code: string) => code.includes("1681")
    const text = "Order LS-20418833 or AB 123456 or 4711 of 2017: CVE-2017-1681 and E33"
    assert.strictEqual(
      withoutUnknownCodes(text, isKnown).replace(/\s+/g, " "),
      "Order or or of : CVE-2017-1681 and E33",
    )
  })
  it("count like any word, figures of a few digits and years little", () => {
    for (const few of ["2", "30", "365", "1998", "2026"]) assert.isTrue(isSoft(few, "en"), few)
    for (const many of ["4220", "4711", "80070005", "7.0.0.2"]) assert.isFalse(isSoft(many, "en"), many)
  })
})

const article = (articleId: string, title: string): Article => ({
  sourceId: "s",
  key: articleId,
  articleId,
  locale: "en",
  title,
  path: [],
  body: "Install the update of the server, restart the server, and tell us about the version.",
  url: null,
  visibility: "public",
  labels: [],
  updatedAt: 0,
  hash: articleId,
})

describe("search by codes", () => {
  const index = new OrgIndex()
  for (const [at, version] of ["7.0.0.2", "7.0.2.0", "2.0.7.0", "8.5.5.10", "8.5.10.5"].entries())
    index.put(article(`${at}`, `Server ${version}`))
  const search = (text: string) =>
    index.search({ text, context: "", surface: "customer", locale: "en", limit: 5 })

  it("tells versions apart that have the same figures", () => {
    assert.strictEqual(search("Does the server 7.0.0.2 need an update?")[0]?.articleId, "0")
    assert.strictEqual(search("Does the server v8.5.5.10 need an update?")[0]?.articleId, "3")
  })
  it("is as sure with an order number as without", () => {
    const evidence = (text: string) => search(text)[0]?.evidence
    assert.deepStrictEqual(
      evidence("Update of the server, my order LS-20418833?"),
      evidence("Update of the server, my order?"),
    )
  })
})
