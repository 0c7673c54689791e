/** What was said before helps to find what is meant, and never answers a new question. */
import type { Article, ConversationLine } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { queryOf, turnOf } from "../src/agent/query.ts"
import type { RankedHit } from "../src/knowledge/hit.ts"
import { OrgIndex } from "../src/knowledge/OrgIndex.ts"
import { alike, reachOf } from "../src/knowledge/talk.ts"
import { articles } from "./fixtures/helpCenter.ts"
import { ai, contextOf, customer, respond, sampleWorld, worldOf } from "./fixtures/world.ts"

const names = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel"]

const article = (
  articleId: string,
  section: string,
  title: string,
  body: string,
  locale = "en",
): Article => ({
  sourceId: "s",
  key: `${articleId}:${locale}`,
  articleId,
  locale,
  title,
  path: ["Hotels", section],
  body,
  url: `https://help.example.com/${articleId}`,
  visibility: "public",
  labels: [],
  updatedAt: 0,
  hash: articleId,
})

/** The same questions about each of many hotels, each with an answer of its own. */
const hotels = names.flatMap((name, at) => [
  article(
    `pets-${name}`,
    `${name} House`,
    "Are pets allowed?",
    `Pets are welcome for ${at + 5} euros a night.`,
  ),
  article(
    `bikes-${name}`,
    `${name} House`,
    "Can I park my bicycle?",
    `There is room for ${at + 2} bicycles.`,
  ),
])

const built = (list: ReadonlyArray<Article>): OrgIndex => {
  const index = new OrgIndex()
  for (const one of list) index.put(one)
  return index
}

const found = (index: OrgIndex, text: string, talk: ReadonlyArray<string>, locale = "en") =>
  index.search({ text, context: "", talk, surface: "customer", locale, limit: 5 })

const withoutRank = ({ evidence }: RankedHit<"customer">) => ({ ...evidence, talk: 1 })

describe("talk in the index", () => {
  const index = built(hotels)

  it("decides which of many alike is meant", () => {
    for (const name of names) {
      const talk = [`It is on the corner.`, `I would stay at the ${name} House.`]
      assert.strictEqual(found(index, "Are pets allowed there?", talk)[0]?.articleId, `pets-${name}`)
    }
  })
  it("is no evidence: what speaks for an article is the same as without it", () => {
    const talk = ["I would stay at the Fir House, where pets are welcome for euros a night."]
    const alone = new Map(found(index, "Are pets allowed?", []).map((hit) => [hit.articleId, hit]))
    const [first] = found(index, "Are pets allowed?", talk)
    assert.strictEqual(first?.articleId, "pets-Fir")
    assert.isAbove(first?.evidence.talk ?? 0, 1)
    for (const hit of found(index, "Are pets allowed?", talk)) {
      const same = alone.get(hit.articleId)
      if (same !== undefined) assert.deepStrictEqual(withoutRank(hit), withoutRank(same))
    }
  })
  it("finds nothing by itself", () => {
    assert.deepStrictEqual(found(index, "Zzyzx?", ["I would stay at the Fir House."]), [])
  })
  it("works in Arabic", () => {
    const list = ["الياسمين", "النخيل", "الزيتون", "الورد", "القمر", "البحر"].map((name) =>
      article(name, `فندق ${name}`, "هل يسمح بالحيوانات الأليفة؟", "نعم، مقابل رسوم.", "ar"),
    )
    const [first] = found(built(list), "هل الحيوانات الأليفة مسموحة هناك؟", ["سأقيم في فندق القمر"], "ar")
    assert.strictEqual(first?.articleId, "القمر")
  })
  it("is cut, however long it is", () => {
    const long = "pets bicycles euros night room House ".repeat(20_000)
    assert.strictEqual(found(index, "Are pets allowed?", [long]).length, 5)
  })
})

describe("how far talk reaches", () => {
  it("not at all with fewer articles than could be alike, hardly for a clear question, far for an open one", () => {
    assert.strictEqual(reachOf([]), 0)
    assert.strictEqual(reachOf([1, 1]), 0)
    assert.isBelow(reachOf([1, 0.4, 0.3, 0.25, 0.2]), 0.2)
    assert.isAbove(reachOf(Array.from({ length: alike }, () => 1)), 3)
  })
})

const told = (question: string, title: string): ReadonlyArray<ConversationLine> => [
  customer(question),
  ai(`Here is what our Help Center says:\n\nA passage.\n\nSource: [${title}](https://help.example.com/1)`),
]

describe("talk in a conversation", () => {
  const english = articles.filter((one) => one.locale === "en-us" || one.locale === "en")
  const before = english.slice(0, 12).map((one) => told(`${one.title}?`, one.title))
  const questions = [
    "How long does standard shipping take?",
    "Do you accept American Express?",
    "How do I cancel my order?",
    "How do I change my delivery address?",
    "Can I get an invoice for my company?",
  ]
  const firstOf = (lines: ReadonlyArray<ConversationLine>) =>
    Effect.map(respond(contextOf(lines)), ({ trace }) => trace.hits[0]?.articleId)

  it.effect("answers a new question as if nothing had been said before", () =>
    Effect.gen(function* () {
      assert.isAtLeast(before.length, 10)
      for (const question of questions) {
        const alone = yield* firstOf([customer(question)])
        assert.isDefined(alone)
        for (const lines of before)
          assert.strictEqual(yield* firstOf([...lines, customer(question)]), alone, question)
      }
    }).pipe(Effect.provide(sampleWorld)),
  )
  it.effect("does not answer about the old matter what no article answers", () =>
    Effect.gen(function* () {
      for (const lines of before) {
        const turn = yield* respond(contextOf([...lines, customer("Do you sell surfboards in Hawaii?")]))
        assert.notStrictEqual(turn._tag, "Answer", lines[0]?.text)
      }
    }).pipe(Effect.provide(sampleWorld)),
  )
  it.effect("answers a follow-up about the hotel that was named before", () =>
    Effect.gen(function* () {
      const lines = [
        customer("I am coming to the Cedar House in May."),
        ai("How nice! What would you like to know about it?"),
        customer("Are pets allowed there?"),
      ]
      const turn = yield* respond(contextOf(lines))
      assert.strictEqual(turn._tag, "Answer")
      assert.strictEqual(turn.trace.hits[0]?.articleId, "pets-Cedar")
    }).pipe(Effect.provide(worldOf(hotels))),
  )
  it.effect(
    "asks back where five articles fit equally, and gives it to a human when that does not help",
    () =>
      Effect.gen(function* () {
        const question = customer("Are pets allowed?")
        const first = yield* respond(contextOf([question]))
        assert.strictEqual(first._tag, "AskBack")
        if (first._tag !== "AskBack") return
        const named = [question, ai(first.text), customer("In the Cedar House: are pets allowed?")]
        const answered = yield* respond(contextOf(named))
        assert.strictEqual(answered._tag, "Answer")
        assert.strictEqual(answered.trace.hits[0]?.articleId, "pets-Cedar")
        const again = yield* respond(contextOf([question, ai(first.text), question]))
        assert.strictEqual(again._tag, "Escalate")
      }).pipe(Effect.provide(worldOf(hotels))),
  )
})

describe("what is searched with", () => {
  const query = (lines: ReadonlyArray<ConversationLine>, subject: string | null = null) =>
    queryOf(turnOf({ lines, unanswered: 1 }), subject, "en")

  it("keeps versions and codes, drops addresses and phone numbers", () => {
    const { text } = query([
      customer("Does E33 or 8.5.5.10 (CVE-2017-1681) matter? +49 170 1234567, a@b.example"),
    ])
    for (const code of ["E33", "8.5.5.10", "CVE-2017-1681"]) assert.include(text, code)
    for (const noise of ["1234567", "b.example"]) assert.notInclude(text, noise)
  })
  it("takes the subject as what a first message is about, and as talk later", () => {
    assert.strictEqual(query([customer("How long?")], "Re: Delivery").context, "Delivery")
    const later = query([...told("How long?", "Delivery times"), customer("And to Norway?")], "Re: Parcels")
    assert.strictEqual(later.context, "")
    assert.deepStrictEqual(later.talk, ["Delivery times", "How long?", "Parcels"])
  })
})
