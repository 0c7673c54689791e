/** What is read of a folder, and what is done with lines that are not as expected. */
import { assert, describe, it } from "@effect/vitest"
import { abstainSets } from "../src/abstain/sets.ts"
import { halfOf, readLines, readQrels } from "../src/data/files.ts"
import type { RetrievalSet } from "../src/retrieval/RetrievalSet.ts"
import { retrievalSets } from "../src/retrieval/sets.ts"
import { Query } from "../src/retrieval/shapes.ts"
import { everyKind, failure, type Files, run, withData } from "./dataFolder.ts"

const setsOf = (files: Files) => withData(files, (folder) => run(retrievalSets(folder)))
const idsOf = (set: RetrievalSet | undefined) => set?.questions.map((one) => one.id)

describe("lines", () => {
  it("that are no JSON or lack a key are named by file and number", () =>
    withData(
      { "a.jsonl": '{"_id":"1","text":"x"}\n\n{"_id":"2"', "b.jsonl": '{"_id":"1","text":"x"}\n{"_id":"2"}' },
      async (folder) => {
        assert.match(String(await failure(readLines(Query, folder, "a.jsonl"))), /a\.jsonl, line 2/)
        assert.match(String(await failure(readLines(Query, folder, "b.jsonl"))), /b\.jsonl, line 2[^]*text/)
      },
    ))
  it("may have more keys than are used", () =>
    withData({ "a.jsonl": [{ _id: "1", text: "x", more: { of: 1 } }] }, async (folder) => {
      assert.deepStrictEqual(await run(readLines(Query, folder, "a.jsonl")), [{ _id: "1", text: "x" }])
    }))
  it("of judgements count when their score is above nothing", () =>
    withData(
      { "qrels.tsv": "query-id\tcorpus-id\tscore\nq\ta\t1\nq\tb\t0\nq\tc\t2\nr\td\n" },
      async (folder) => {
        const relevant = await run(readQrels(folder, "qrels.tsv"))
        assert.deepStrictEqual([...(relevant.get("q") ?? [])], ["a", "c"])
        assert.deepStrictEqual([...(relevant.get("r") ?? [])], ["d"])
      },
    ))
})

describe("halves", () => {
  it("are the same in every run, and about even", () => {
    assert.deepStrictEqual(["q1", "q2", "q3", "q4"].map(halfOf), ["q1", "q2", "q3", "q4"].map(halfOf))
    const a = Array.from({ length: 1000 }, (_, at) => halfOf(`id ${at}`)).filter((half) => half === "a")
    assert.closeTo(a.length, 500, 60)
  })
})

describe("sets", () => {
  it("are found by their files, not by their names", async () => {
    const sets = await setsOf(everyKind)
    assert.deepStrictEqual(
      sets.map((set) => [set.name, set.articles.length, set.questions.length, set.unanswerable.length]),
      [
        ["answerability-tiny", 6, 2, 2],
        ["faq-tiny", 6, 6, 0],
      ],
    )
  })
  it("in several languages are several Help Centers, with answers where the set has them", async () => {
    const sets = await setsOf({
      "quiz/corpus.jsonl": ["en", "de"].map((lang) => ({ _id: `d-${lang}`, title: "A_b", text: "x", lang })),
      "quiz/queries.jsonl": [
        { _id: "1", text: "?", lang: "en", doc: "d-en", answer: "x", answer_start: 0 },
        { _id: "2", text: "?", lang: "de", doc: "d-de" },
        { _id: "3", text: "?", lang: "de", answerable: false },
      ],
    })
    assert.deepStrictEqual(
      sets.map((set) => set.name),
      ["quiz en", "quiz de"],
    )
    assert.deepStrictEqual(sets.map(idsOf), [["1"], ["2"]])
    assert.strictEqual(sets[0]?.questions[0]?.answer, "x")
    assert.strictEqual(sets[0]?.articles[0]?.title, "A b")
    assert.deepStrictEqual(
      sets[1]?.unanswerable.map((one) => one.id),
      ["3"],
    )
  })
  it("of dialogs ask with the whole talk, and only what seeks knowledge", async () => {
    const turns = [
      { speaker: "U", text: "I like the Ritz" },
      { speaker: "S", text: "A fine hotel" },
      { speaker: "U", text: "Are dogs allowed?" },
    ]
    const [set] = await setsOf({
      "talk/corpus.jsonl": [{ _id: "a", title: "Dogs", text: "Yes", domain: "hotel", entity: "Ritz" }],
      "talk/dialogs.jsonl": [
        { id: "1", turns, knowledge_seeking: true, relevant: ["a"] },
        { id: "2", turns, knowledge_seeking: false, relevant: null },
      ],
    })
    assert.deepStrictEqual(idsOf(set), ["1"])
    assert.deepStrictEqual(
      set?.questions[0]?.lines.map((line) => line.role),
      ["customer", "ai", "customer"],
    )
    assert.deepStrictEqual(set?.articles[0]?.path, ["hotel", "Ritz"])
  })
  it("of stories ask for public documents alone", async () => {
    const [set] = await setsOf({
      "bank/corpus.jsonl": [
        { _id: "open", title: "Open", text: "x", internal: false },
        { _id: "closed", title: "Closed", text: "x", internal: true },
      ],
      "bank/tasks.jsonl": [
        { id: "1", user_instructions: "Do it", required_documents: ["open", "closed"] },
        { id: "2", user_instructions: "Do it", required_documents: ["closed"] },
      ],
    })
    assert.deepStrictEqual(idsOf(set), ["1"])
    assert.deepStrictEqual([...(set?.questions[0]?.relevant ?? [])], ["open"])
    assert.deepStrictEqual(
      set?.articles.map((one) => one.visibility),
      ["public", "internal"],
    )
  })
  it("of whole articles are asked for by description", async () => {
    const [set] = await setsOf({
      "pages/articles.jsonl": [
        { id: "1", title: "A", description: "About a", body_markdown: "x" },
        { id: "2", title: "B", description: " ", body_markdown: "x" },
      ],
    })
    assert.strictEqual(set?.articles.length, 2)
    assert.deepStrictEqual(idsOf(set), ["1"])
  })
})

describe("planted questions without an answer", () => {
  const documents = Array.from({ length: 40 }, (_, at) => ({ _id: `d${at}`, title: `T${at}`, text: "x" }))
  /** Many questions to each document, as in a FAQ of paraphrases. */
  const questions = documents.flatMap(({ _id }) =>
    Array.from({ length: 10 }, (_, at) => ({ _id: `${_id}-${at}`, text: "?", doc: _id })),
  )
  const unasked = { _id: "unasked", title: "Nobody asks", text: "x" }

  it("leave about half, by article: all that share one go together", async () => {
    const [set] = abstainSets(
      await setsOf({ "faq/corpus.jsonl": [...documents, unasked], "faq/queries.jsonl": questions }),
    )
    const answerable = set?.questions.filter((one) => one.relevant.size > 0) ?? []
    assert.strictEqual(set?.questions.length, 400)
    assert.isAbove(answerable.length, 100)
    assert.isBelow(answerable.length, 300)
    const kept = new Set(set?.articles.map((one) => one.articleId))
    assert.isTrue(kept.has("unasked"))
    for (const { id, relevant } of set?.questions ?? [])
      assert.strictEqual(relevant.size > 0, kept.has(id.split("-")[0] ?? ""))
  })
  it("stand beside those that the set itself calls unanswerable", async () => {
    const names = abstainSets(await setsOf(everyKind)).map((set) => set.name)
    assert.deepStrictEqual(names, [
      "answerability-tiny",
      "answerability-tiny (planted)",
      "faq-tiny (planted)",
    ])
  })
})
