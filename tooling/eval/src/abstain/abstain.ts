/** `abstain`: does the agent know when it has the answer? */
import { SupportAgent } from "@opencx/core"
import { Effect } from "effect"
import { type Engine, miniSearchTuned } from "../baselines/engines.ts"
import { stemmedWords } from "../baselines/words.ts"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import { turnOf, worldOf } from "../data/world.ts"
import type { Eval, Row, Section } from "../report/Report.ts"
import { lastLine, type RetrievalSet } from "../retrieval/RetrievalSet.ts"
import { fromTasks, retrievalSets } from "../retrieval/sets.ts"
import { Task } from "../retrieval/shapes.ts"
import {
  areaUnderRisk,
  areaUnderRoc,
  bucketsOf,
  calibrationError,
  type Decided,
  type Judged,
  outcomeOf,
  riskAt,
} from "./scores.ts"
import { type AbstainSet, abstainSets, type Asked } from "./sets.ts"

const coverages = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1]

const ask = Effect.fnUntraced(function* (question: Pick<Asked, "lines" | "relevant">) {
  const agent = yield* SupportAgent
  const turn = yield* agent.respond(turnOf(question.lines))
  const { confidence } = turn.trace.signals
  const first = turn.trace.hits[0]?.articleId
  const decided: Decided & { readonly tag: string } = {
    tag: turn._tag,
    answered: turn._tag === "Answer",
    confidence: typeof confidence === "number" ? confidence : 0,
    right: first !== undefined && question.relevant.has(first),
    answerable: question.relevant.size > 0,
  }
  return decided
})

/** Its best score, or that for each word asked, taken for a confidence. */
const judgedBy = (
  engine: Engine,
  questions: ReadonlyArray<Asked>,
  confidence: (score: number, text: string) => number,
): ReadonlyArray<Judged> =>
  questions.map((one) => {
    const text = lastLine(one)
    const [first] = engine.search(text, 1)
    return {
      confidence: confidence(first?.score ?? 0, text),
      right: first !== undefined && one.relevant.has(first.articleId),
      answerable: one.relevant.size > 0,
    }
  })

const curve = (system: string, ours: boolean, judged: ReadonlyArray<Judged>): Row => ({
  system,
  ours,
  values: [...coverages.map((one) => riskAt(judged, one)), areaUnderRisk(judged), areaUnderRoc(judged)],
})

/** Is the confidence what it says? */
const reliability = (set: string, judged: ReadonlyArray<Judged>): Section => {
  const right = judged.filter((one) => one.right).length / Math.max(1, judged.length)
  const constant = judged.map((one) => ({ ...one, confidence: 0.5 }))
  return {
    set: `${set}: how often it is right with a confidence of so much`,
    count: judged.length,
    columns: ["questions", "mean confidence", "right", "apart"],
    rows: [
      ...bucketsOf(judged).map(({ count, from, right: share, said, to }) => ({
        system: `OpenCX, ${from.toFixed(1)} to ${to.toFixed(1)}`,
        ours: true,
        values: [count, said, share, said === null || share === null ? null : Math.abs(said - share)],
      })),
      {
        system: "OpenCX, all (expected calibration error)",
        ours: true,
        values: [
          judged.length,
          judged.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, judged.length),
          right,
          calibrationError(judged),
        ],
      },
      {
        system: "one half, whatever is asked",
        ours: false,
        values: [judged.length, 0.5, right, calibrationError(constant)],
      },
    ],
  }
}

const measured = Effect.fnUntraced(function* (set: AbstainSet, half: "a" | "b" | null) {
  const questions = set.questions.filter((one) => half === null || halfOf(one.id) === half)
  const decided = yield* Effect.forEach(questions, ask).pipe(Effect.provide(worldOf(set.articles)))
  const engine = miniSearchTuned(set.articles, set.language)
  const words = stemmedWords(set.language)
  const always = judgedBy(engine, questions, () => 1).map((one) => ({ ...one, answered: true }))
  const never = always.map((one) => ({ ...one, answered: false }))
  const sections: ReadonlyArray<Section> = [
    {
      set: `${set.name}: share of wrong answers at coverage`,
      count: questions.length,
      columns: [...coverages.map((one) => `${Math.round(one * 100)} %`), "AURC", "AUROC"],
      rows: [
        curve("OpenCX confidence", true, decided),
        curve(
          "MiniSearch, score",
          false,
          judgedBy(engine, questions, (score) => score),
        ),
        curve(
          "MiniSearch, score for each word",
          false,
          judgedBy(engine, questions, (score, text) => score / Math.max(1, new Set(words(text)).size)),
        ),
      ],
      note: set.note,
    },
    {
      set: `${set.name}: what the customer gets`,
      count: questions.length,
      columns: ["answered", "right of these", "right of answerable", "unanswerable answered"],
      rows: [
        { system: "OpenCX agent", ours: true, values: outcomeOf(decided) },
        { system: "MiniSearch, always answers", ours: false, values: outcomeOf(always) },
        { system: "never answers", ours: false, values: outcomeOf(never) },
      ],
    },
    reliability(set.name, decided),
  ]
  return sections
})

const kinds = ["ANSWERABLE", "PARTIAL", "UNDERSPECIFIED", "UNANSWERABLE"]

/** What is done with each kind of question; the one that always answers, or always asks, is the thing to beat. */
const byKind = Effect.fnUntraced(function* (name: string, tasks: ReadonlyArray<Task>) {
  const { articles } = fromTasks(name, tasks)
  const asked = tasks.map((task) => ({
    kind: task.answerability,
    lines: fromTasks("", [{ ...task, answerability: "UNANSWERABLE" }]).unanswerable[0]?.lines ?? [],
    relevant: new Set<string>(),
  }))
  const turns = yield* Effect.forEach(asked, ask).pipe(Effect.provide(worldOf(articles)))
  const shares = (kind: string) => {
    const tags = turns.flatMap((turn, at) => (asked[at]?.kind === kind ? [turn.tag] : []))
    return ["Answer", "AskBack", "Escalate"].map((tag) =>
      tags.length === 0 ? null : tags.filter((one) => one === tag).length / tags.length,
    )
  }
  const section: Section = {
    set: `${name}: what is done with each kind of question`,
    count: tasks.length,
    columns: ["answers", "asks back", "escalates"],
    rows: kinds.map((kind) => ({ system: kind.toLowerCase(), ours: true, values: shares(kind) })),
  }
  return section
})

const taskSections = Effect.fnUntraced(function* (data: string, half: "a" | "b" | null) {
  const out: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^answerability/)) {
    if (!files.includes("tasks.jsonl")) continue
    const tasks = yield* readLines(Task, folder, "tasks.jsonl")
    out.push(yield* byKind(name, half === null ? tasks : tasks.filter((one) => halfOf(one.id) === half)))
  }
  return out
})

export const abstain: Eval = Effect.fn("eval.abstain")(function* ({ data, half }) {
  const sets: ReadonlyArray<RetrievalSet> = yield* retrievalSets(data)
  const usable = abstainSets(sets)
  const sections = yield* Effect.forEach(usable, (set) => measured(set, half))
  return {
    sections: [...sections.flat(), ...(yield* taskSections(data, half))],
    skipped: usable.length === 0 ? [`no questions over articles in ${data}`] : [],
  }
})
