/**
 * `SupportAgent` in memory: answers with what the search finds, and gives up when asked for a human, at a listed topic and
 * when nothing is found. No language, no moods, no small talk: for tests that need an AI and not its wits.
 */
import { Effect, Layer } from "effect"
import type { HandoffReason } from "../domain/Brief.ts"
import type { Trace } from "../domain/Entry.ts"
import { CustomerText } from "../domain/Surface.ts"
import { SupportAgentError } from "../errors/PortErrors.ts"
import { type Hit, Knowledge } from "../ports/Knowledge.ts"
import { SupportAgent, type TurnContext, type TurnResult } from "../ports/SupportAgent.ts"

const longestSummary = 120
const searchLimit = 3

const questionOf = ({ lines, unanswered }: TurnContext): string =>
  lines
    .filter((line) => line.role === "customer")
    .slice(-Math.max(1, unanswered))
    .map((line) => line.text)
    .join("\n")

const traceOf = (question: string, hits: ReadonlyArray<Hit<"customer">>): Trace => ({
  agent: "memory",
  queries: question === "" ? [] : [question],
  hits: hits.map(({ articleId, score, title }) => ({ articleId, title, score })),
  signals: {},
  latencyMs: 0,
})

/** What the words alone decide. */
const reasonOf = (question: string, topics: ReadonlyArray<string>): HandoffReason | null => {
  const flat = question.toLowerCase()
  if (/\bhuman\b/.test(flat)) return "customer_asked"
  return topics.some((topic) => topic.trim() !== "" && flat.includes(topic.trim().toLowerCase()))
    ? "listed_topic"
    : null
}

const answerOf = (context: TurnContext, hit: Hit<"customer">, trace: Trace): TurnResult => {
  const { articleId, passage, score, title, url } = hit
  const link = url === null ? "" : `\n\n[${title}](${url})`
  return {
    _tag: "Answer",
    text: CustomerText.make(`${passage}${link}`),
    sources: [{ articleId, title, url }],
    confidence: Math.min(1, score),
    language: context.language,
    trace,
  }
}

const respondWith = (knowledge: Knowledge["Service"]) =>
  Effect.fn("SupportAgent.respond")(function* (context: TurnContext) {
    const question = questionOf(context)
    const { language, orgId } = context
    const escalate = (reason: HandoffReason, trace: Trace): TurnResult => ({
      _tag: "Escalate",
      reason,
      language,
      trace,
    })
    const decided = reasonOf(question, context.escalateTopics)
    if (decided !== null) return escalate(decided, traceOf("", []))
    const hits = yield* knowledge
      .search({ orgId, text: question, surface: "customer", locale: language, limit: searchLimit })
      .pipe(
        Effect.mapError(({ reason }) => new SupportAgentError({ operation: "SupportAgent.respond", reason })),
      )
    const trace = traceOf(question, hits)
    const [best] = hits
    return best === undefined ? escalate("no_answer", trace) : answerOf(context, best, trace)
  })

const briefOf = (context: TurnContext, reason: HandoffReason) => {
  const words = `The customer wrote: ${questionOf(context)}`.split(/\s+/)
  const summary =
    words.length > longestSummary ? `${words.slice(0, longestSummary).join(" ")}…` : words.join(" ")
  return { summary, sentiment: "neutral" as const, language: context.language, reason }
}

/** The same conversation and articles always give the same turn. */
export const supportAgentMemory: Layer.Layer<SupportAgent, never, Knowledge> = Layer.effect(
  SupportAgent,
  Effect.map(Knowledge, (knowledge) => ({
    respond: respondWith(knowledge),
    brief: Effect.fn("SupportAgent.brief")((context: TurnContext, reason: HandoffReason) =>
      Effect.sync(() => briefOf(context, reason)),
    ),
  })),
)
