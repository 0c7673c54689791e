import type { Article } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { OrgIndex } from "../src/knowledge/OrgIndex.ts"
import { articles } from "./fixtures/helpCenter.ts"

const query = (text: string, locale: string | null = null) => ({ text, context: "", locale, limit: 10 })

const built = (list: Iterable<Article>): OrgIndex => {
  const index = new OrgIndex()
  for (const article of list) index.put(article)
  return index
}

const asked = [
  "refund",
  "battery does not charge",
  "Lieferung",
  "¿cuánto tarda el envío?",
  "Versand",
  "warrenty claim",
]

const everything = (index: OrgIndex) =>
  asked.map((text) => [
    index.search({ ...query(text), surface: "customer" }),
    index.search({ ...query(text, "de"), surface: "agent" }),
  ])

const Step = Schema.Struct({
  article: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: articles.length - 1 })),
  action: Schema.Literals(["put", "retitle", "hide", "publish", "remove"]),
})

const change = (article: Article, action: typeof Step.Type.action): Article => {
  if (action === "retitle") return { ...article, title: `${article.title} battery`, body: "Short." }
  if (action === "hide") return { ...article, visibility: "internal" }
  return action === "publish" ? { ...article, visibility: "public" } : article
}

describe("OrgIndex", () => {
  it("prefers the newer of two articles that say the same, not a newer one that says less", () => {
    const [sample] = articles
    if (sample === undefined) return assert.fail("the sample Help Center has no article")
    const titled = (articleId: string, title: string, updatedAt: number): Article => {
      const body = `${title}. Ask us if in doubt.`
      return { ...sample, key: `${articleId}:en`, articleId, title, body, updatedAt, locale: "en" }
    }
    const list = [
      titled("a-old", "Zebra crossing rules", 1_000),
      titled("b-new", "Zebra crossing rules", 2_000),
      titled("c-newest", "Zebra", 3_000),
    ]
    const ids = built(list)
      .search({ ...query("zebra crossing rules", "en"), surface: "customer" })
      .map((hit) => hit.articleId)
    assert.deepStrictEqual(ids, ["b-new", "a-old", "c-newest"])
  })
  it("is the same after many changes as one built anew, and keeps nothing of what was replaced", () => {
    const few = articles.slice(0, 40)
    const index = built(few)
    // Each round leaves as many dead records as there are articles; they are cleared away in between.
    for (let round = 0; round < 9; round += 1) {
      for (const article of few)
        index.put({ ...article, title: `${article.title} quagga${round}`, body: "Short." })
      for (const article of few.slice(round, round + 5)) index.remove(article.sourceId, article.key)
      for (const article of few) index.put(article)
    }
    assert.deepStrictEqual(everything(index), everything(built(few.toReversed())))
    assert.deepStrictEqual(index.search({ ...query("quagga3"), surface: "agent" }), [])
  })

  it.effect.prop("after any changes equals one built anew", [Schema.Array(Step)], ([steps]) =>
    Effect.sync(() => {
      const kept = new Map(articles.slice(0, 30).map((article) => [article.key, article]))
      const index = built(kept.values())
      for (const step of steps) {
        const article = articles[step.article]
        if (article === undefined) continue
        if (step.action === "remove") {
          kept.delete(article.key)
          index.remove(article.sourceId, article.key)
          continue
        }
        const changed = change(article, step.action)
        kept.set(article.key, changed)
        index.put(changed)
      }
      const anew = built([...kept.values()].toReversed())
      assert.strictEqual(index.size, anew.size)
      assert.deepStrictEqual(index.languages, anew.languages)
      assert.deepStrictEqual(everything(index), everything(anew))
    }),
  )

  it("takes everything of an article out when it becomes internal", () => {
    const [article] = articles
    assert.isDefined(article)
    const index = built([article])
    assert.lengthOf(index.search({ ...query(article.title), surface: "customer" }), 1)
    index.put({ ...article, visibility: "internal" })
    assert.lengthOf(index.search({ ...query(article.title), surface: "customer" }), 0)
    assert.lengthOf(index.search({ ...query(article.title), surface: "agent" }), 1)
  })

  it("internal articles do not move public scores", () => {
    const open = articles.filter((article) => article.visibility === "public")
    for (const text of asked) {
      assert.deepStrictEqual(
        built(articles).search({ ...query(text), surface: "customer" }),
        built(open).search({ ...query(text), surface: "customer" }),
      )
    }
  })

  it("gives one language version of an article, the preferred one, else another", () => {
    const index = built(articles)
    const paypal = (locale: string | null) =>
      index.search({ ...query("PayPal", locale), surface: "customer" })
    for (const locale of ["en-us", "de", "es", null]) {
      const ids = paypal(locale).map((hit) => hit.articleId)
      assert.lengthOf(new Set(ids), ids.length)
    }
    assert.strictEqual(paypal("es").find((hit) => hit.articleId === "4100000014")?.locale, "es")
    assert.strictEqual(
      paypal("de")
        .find((hit) => hit.articleId === "4100000014")
        ?.locale.slice(0, 2),
      "en",
    )
  })

  it("keeps sources apart that use the same keys", () => {
    const [article] = articles
    assert.isDefined(article)
    const index = built([article, { ...article, sourceId: "other", title: "Zebra crossing" }])
    assert.strictEqual(index.size, 2)
    index.remove("other", article.key)
    assert.lengthOf(index.search({ ...query(article.title), surface: "customer" }), 1)
    assert.lengthOf(index.search({ ...query("zebra"), surface: "customer" }), 0)
  })

  it("finds nothing for nothing, and survives any text", () => {
    const index = built(articles)
    for (const text of [
      "",
      "   ",
      "the and of",
      "🚲🚲",
      "\u0000\ud800",
      "((((",
      "a".repeat(200_000),
      "refund ".repeat(50_000),
    ]) {
      assert.isArray(index.search({ ...query(text), surface: "customer" }))
    }
    assert.lengthOf(index.search({ ...query("the and of"), surface: "customer" }), 0)
  })
})
