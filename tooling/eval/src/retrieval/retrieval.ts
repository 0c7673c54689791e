/** `retrieval`: is the article that answers among the first that are found? */
import { LexicalKnowledge } from "@opencx/agent"
import { SupportAgent } from "@opencx/core"
import { Effect } from "effect"
import { bm25, type Engine, miniSearchAsItComes, miniSearchTuned } from "../baselines/engines.ts"
import { halfOf } from "../data/files.ts"
import { org, turnOf, worldOf } from "../data/world.ts"
import type { Eval, Row, Section } from "../report/Report.ts"
import { columns, type Found, qualityOf } from "./measure.ts"
import { allSaid, lastLine, type Question, type RetrievalSet } from "./RetrievalSet.ts"
import { retrievalSets } from "./sets.ts"

const limit = 5

/** What the whole agent looked at for the conversation; nothing when it asked back or gave up before any search. */
const byAgent = Effect.fnUntraced(function* (question: Question) {
  const agent = yield* SupportAgent
  const { trace } = yield* agent.respond(turnOf(question.lines))
  const found: Found = { ids: trace.hits.map((hit) => hit.articleId), passage: null }
  return found
})

const bySearch = Effect.fnUntraced(function* (text: string, language: string) {
  const knowledge = yield* LexicalKnowledge
  const hits = yield* knowledge.search({
    orgId: org,
    text,
    context: "",
    surface: "customer",
    locale: language,
    limit,
  })
  const found: Found = { ids: hits.map((hit) => hit.articleId), passage: hits[0]?.passage ?? "" }
  return found
})

const oursOf = Effect.fnUntraced(function* (set: RetrievalSet, questions: ReadonlyArray<Question>) {
  const searched = yield* Effect.forEach(questions, (one) => bySearch(lastLine(one), set.language))
  const answered = yield* Effect.forEach(questions, byAgent)
  const row = (system: string, found: ReadonlyArray<Found>): Row => ({
    system,
    ours: true,
    values: qualityOf(questions, found),
  })
  return [row("OpenCX search", searched), row("OpenCX agent, whole turn", answered)]
})

const engineRow = (
  system: string,
  engine: Engine,
  questions: ReadonlyArray<Question>,
  textOf: (question: Question) => string,
): Row => ({
  system,
  ours: false,
  values: qualityOf(
    questions,
    questions.map((one) => ({
      ids: engine.search(textOf(one), limit).map((hit) => hit.articleId),
      passage: null,
    })),
  ),
})

const baselinesOf = (
  { articles, language }: RetrievalSet,
  questions: ReadonlyArray<Question>,
): ReadonlyArray<Row> => {
  // Customers' baselines search public articles only, as ours does.
  const open = articles.filter((one) => one.visibility === "public")
  const tuned = miniSearchTuned(open, language)
  const name = /^(?:zh|ja|ko|th)$/.test(language) ? "letter pairs" : "stemmed"
  const conversations = questions.some((one) => one.lines.length > 1)
  return [
    engineRow("BM25, plain words", bm25(open, language), questions, lastLine),
    engineRow("MiniSearch as it comes", miniSearchAsItComes(open), questions, lastLine),
    engineRow(`MiniSearch ${name}, title x2`, tuned, questions, lastLine),
    ...(conversations ? [engineRow(`  the same, whole conversation`, tuned, questions, allSaid)] : []),
  ]
}

const measured = Effect.fnUntraced(function* (set: RetrievalSet, half: "a" | "b" | null) {
  const questions = set.questions.filter((one) => half === null || halfOf(one.id) === half)
  const ours = yield* oursOf(set, questions).pipe(Effect.provide(worldOf(set.articles)))
  const section: Section = {
    set: `${set.name}, ${set.articles.length} articles`,
    count: questions.length,
    columns,
    rows: [...ours, ...baselinesOf(set, questions)],
  }
  return section
})

export const retrieval: Eval = Effect.fn("eval.retrieval")(function* ({ data, half }) {
  const sets = yield* retrievalSets(data)
  return {
    sections: yield* Effect.forEach(sets, (set) => measured(set, half)),
    skipped: sets.length === 0 ? [`no folder with corpus.jsonl in ${data}`] : [],
  }
})
