/** Baselines must be fair: what they are named after. */
import { assert, describe, it } from "@effect/vitest"
import { bm25, miniSearchAsItComes, miniSearchTuned } from "../src/baselines/engines.ts"
import { naiveBayes } from "../src/baselines/naiveBayes.ts"
import { plainWords, stemmedWords } from "../src/baselines/words.ts"
import { articleOf } from "../src/data/world.ts"

const articles = [
  articleOf({ id: "1", locale: "en", title: "Refunds", body: "Money comes back in five days." }),
  articleOf({ id: "2", locale: "en", title: "Parcels", body: "A parcel is tracked. Parcels are heavy." }),
  articleOf({
    id: "3",
    locale: "en",
    title: "Other",
    body: "A refund of a parcel, and many more words about it.",
  }),
]
const ids = (hits: ReadonlyArray<{ readonly articleId: string }>) => hits.map((hit) => hit.articleId)

describe("search engines", () => {
  it("BM25 gives the score of the book", () => {
    const [first] = bm25(articles.slice(0, 2), "en").search("money", 3)
    // One of two articles has it, once, in an article of 7 words where the mean is 7.5.
    const idf = Math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    const norm = 1.2 * (1 - 0.75 + (0.75 * 7) / 7.5)
    assert.strictEqual(first?.articleId, "1")
    assert.closeTo(first?.score ?? 0, (idf * 1 * 2.2) / (1 + norm), 1e-12)
  })
  it("plain words find no other form, stems do", () => {
    assert.deepStrictEqual(ids(bm25(articles, "en").search("refund", 3)), ["3"])
    assert.deepStrictEqual(ids(miniSearchAsItComes(articles).search("refund", 3)), ["3"])
    assert.sameMembers(ids(miniSearchTuned(articles, "en").search("refund", 3)), ["1", "3"])
  })
  it("a title counts twice in the tuned one", () => {
    assert.strictEqual(ids(miniSearchTuned(articles, "en").search("refund", 3))[0], "1")
  })
  it("give no more than asked for, and nothing for words that nobody has", () => {
    assert.lengthOf(miniSearchTuned(articles, "en").search("parcel", 1), 1)
    assert.deepStrictEqual(bm25(articles, "en").search("zebra", 3), [])
  })
})

describe("words", () => {
  it("are plain without accents, and stemmed by language", () => {
    assert.deepStrictEqual(plainWords("Où EST l'été?"), ["ou", "est", "l", "ete"])
    assert.deepStrictEqual(stemmedWords("en")("running runs"), ["run", "run"])
  })
  it("are pairs of letters in Chinese, whole where Latin", () => {
    assert.deepStrictEqual(stemmedWords("zh")("我的订单 PDF"), ["我的", "的订", "订单", "pdf"])
  })
})

describe("naive Bayes", () => {
  it("says what it was taught", () => {
    const say = naiveBayes([
      { text: "good great", label: "positive" },
      { text: "bad awful", label: "negative" },
      { text: "awful thing", label: "negative" },
    ])
    assert.strictEqual(say("great!"), "positive")
    assert.strictEqual(say("awful"), "negative")
    assert.strictEqual(say("unheard of"), "negative")
  })
})
