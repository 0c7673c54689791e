/**
 * `SupportAgent` in memory: answers with what the search finds, and gives up when asked for a human, at a listed topic and
 * when nothing is found. No language, no moods, no small talk: for tests that need an AI and not its wits.
 */
import { Effect, Layer } from "effect"
import type { HandoffReason } from "../domain/Brief.ts"
import type { Trace } from "../domain/Entry.ts"
import { CustomerText, type Surface } from "../domain/Surface.ts"
import { SupportAgentError } from "../errors/PortErrors.ts"
import { type Hit, Knowledge } from "../ports/Knowledge.ts"
import {
  type AssistContext,
  type AssistResult,
  type FieldRequest,
  type FilledField,
  SupportAgent,
  type TurnContext,
  type TurnResult,
} from "../ports/SupportAgent.ts"

const longestSummary = 120
const searchLimit = 3

const questionOf = ({ lines, unanswered }: Pick<TurnContext, "lines" | "unanswered">): string =>
  lines
    .filter((line) => line.role === "customer")
    .slice(-Math.max(1, unanswered))
    .map((line) => line.text)
    .join("\n")

const traceOf = (question: string, hits: ReadonlyArray<Hit<Surface>>): Trace => ({
  agent: "memory",
  queries: question === "" ? [] : [question],
  hits: hits.map(({ articleId, score, title }) => ({ articleId, title, score })),
  signals: {},
  latencyMs: 0,
})

const isListed = (question: string, topics: ReadonlyArray<string>): boolean => {
  const flat = question.toLowerCase()
  return topics.some((topic) => topic.trim() !== "" && flat.includes(topic.trim().toLowerCase()))
}

/** What the words alone decide. */
const reasonOf = (question: string, topics: ReadonlyArray<string>): HandoffReason | null => {
  if (/\bhuman\b/i.test(question)) return "customer_asked"
  return isListed(question, topics) ? "listed_topic" : null
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

/** The option that the customer names, by its last label; nothing else. */
const fillField = (words: string, { field }: FieldRequest): ReadonlyArray<FilledField> => {
  const named = field.options.filter(({ label }) =>
    words.includes((label.split("::").at(-1) ?? label).trim().toLowerCase()),
  )
  const [first] = named
  if (first === undefined || named.length > 1) return []
  return [{ id: field.id, value: field.kind === "multiselect" ? [first.value] : first.value, confidence: 1 }]
}

const fillAll = (fields: ReadonlyArray<FieldRequest>, { lines }: TurnContext): ReadonlyArray<FilledField> => {
  const words = lines
    .filter((line) => line.role === "customer")
    .map((line) => line.text.toLowerCase())
    .join("\n")
  return fields.flatMap((field) => fillField(words, field))
}

const assistWith = (knowledge: Knowledge["Service"]) =>
  Effect.fn("SupportAgent.assist")(function* (context: AssistContext) {
    const question = context.request ?? questionOf(context)
    const { language, orgId } = context
    if (isListed(question, context.quietTopics))
      return { _tag: "Skip", reason: "topic_no_assist", trace: traceOf("", []) } satisfies AssistResult
    const search = <S extends Surface>(surface: S) =>
      knowledge
        .search({ orgId, text: question, surface, locale: language, limit: searchLimit })
        .pipe(
          Effect.mapError(
            ({ reason }) => new SupportAgentError({ operation: "SupportAgent.assist", reason }),
          ),
        )
    const hits = yield* search("agent")
    const trace = traceOf(question, hits)
    const [best] = hits
    if (best === undefined)
      return { _tag: "Skip", reason: "not_helpful_answer", trace } satisfies AssistResult
    const isPublic = (yield* search("customer")).some((one) => one.articleId === best.articleId)
    const { articleId, passage, score, title, url } = best
    return {
      _tag: "Draft",
      text: passage,
      sources: [{ articleId, title, url, internal: !isPublic }],
      confidence: Math.min(1, score),
      language,
      trace,
    } satisfies AssistResult
  })

/** The same conversation and articles always give the same turn. */
export const supportAgentMemory: Layer.Layer<SupportAgent, never, Knowledge> = Layer.effect(
  SupportAgent,
  Effect.map(Knowledge, (knowledge) => ({
    respond: respondWith(knowledge),
    brief: Effect.fn("SupportAgent.brief")((context: TurnContext, reason: HandoffReason) =>
      Effect.sync(() => briefOf(context, reason)),
    ),
    fill: Effect.fn("SupportAgent.fill")((fields: ReadonlyArray<FieldRequest>, context: TurnContext) =>
      Effect.sync(() => fillAll(fields, context)),
    ),
    assist: assistWith(knowledge),
  })),
)
