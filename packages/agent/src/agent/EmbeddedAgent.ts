/**
 * The agent that runs without a network: recognises what must go to a human, searches the Help Center, answers with the
 * passage that fits, and abstains when it is not sure. The same conversation and articles always give the same turn.
 */
import {
  type AssistContext,
  CustomerText,
  type FieldRequest,
  type HandoffReason,
  type KnowledgeError,
  SupportAgent,
  SupportAgentError,
  type Trace,
  type TurnContext,
  type TurnResult,
} from "@opencx/core"
import { Clock, Effect, Layer } from "effect"
import { briefOf } from "../answer/brief.ts"
import { draftReply } from "../assist/draft.ts"
import { composeAnswer } from "../answer/compose.ts"
import { fillFields } from "../fields/fill.ts"
import { type SmallTalk, smallTalkOf } from "../intents/smallTalk.ts"
import { LexicalKnowledge } from "../knowledge/LexicalKnowledge.ts"
import type { RankedHit } from "../knowledge/hit.ts"
import { baseLanguage } from "../text/analyze.ts"
import { answerFrom, confidenceOf, fitEqually, type Signals, signalsOf } from "./decide.ts"
import { isVague, languageOf, reasonInWords } from "./inWords.ts"
import { queriesOf, type Query, queryOf, type Turn, turnOf } from "./query.ts"
import { pointsNowhere } from "./pointing.ts"
import { isAskBack, templatesOf } from "./templates.ts"

const agentName = "embedded"
const searchLimit = 5
/** A second article this close to the first is linked under the answer. */
const seeAlsoFrom = 0.85

/** What was found out about a turn, collected for its trace. */
interface Findings {
  readonly language: string | null
  readonly query: Query | null
  readonly hits: ReadonlyArray<RankedHit<"customer">>
  readonly signals: Trace["signals"]
}

const traceOf = (findings: Findings, latencyMs: number): Trace => ({
  agent: agentName,
  queries: queriesOf(findings.query),
  hits: findings.hits.map(({ articleId, title, score }) => ({ articleId, title, score })),
  signals: findings.signals,
  latencyMs,
})

type Outcome =
  | { readonly kind: "escalate"; readonly reason: HandoffReason }
  | { readonly kind: "ask" }
  | { readonly kind: "talk"; readonly talk: SmallTalk }
  | { readonly kind: "search" }

/** What the words alone decide, before any search. */
const decideByWords = (turn: Turn, context: TurnContext, language: string | null): Outcome => {
  const wasAnswered = turn.before?.role === "ai" && !isAskBack(turn.before.text)
  const reason = reasonInWords(turn, context, language, wasAnswered)
  if (reason !== null) return { kind: "escalate", reason }
  const talk = smallTalkOf(turn.matter)
  if (talk !== null) return { kind: "talk", talk }
  return isVague(turn, context.subject, language) ? { kind: "ask" } : { kind: "search" }
}

const escalate = (reason: HandoffReason, findings: Findings, latencyMs: number): TurnResult => ({
  _tag: "Escalate",
  reason,
  language: findings.language,
  trace: traceOf({ ...findings, signals: { ...findings.signals, decision: reason } }, latencyMs),
})

/** Asking back twice is a failure: the second time a human takes over. */
const askBack = (turn: Turn, findings: Findings, latencyMs: number): TurnResult => {
  if (turn.before?.role === "ai" && isAskBack(turn.before.text))
    return escalate("repeated_failure", findings, latencyMs)
  return {
    _tag: "AskBack",
    text: CustomerText.make(templatesOf(findings.language).askBack),
    language: findings.language,
    trace: traceOf({ ...findings, signals: { ...findings.signals, decision: "ask_back" } }, latencyMs),
  }
}

const smallTalk = (talk: SmallTalk, turn: Turn, findings: Findings, latencyMs: number): TurnResult => {
  const templates = templatesOf(findings.language)
  const trace = traceOf({ ...findings, signals: { ...findings.signals, decision: talk } }, latencyMs)
  const { language } = findings
  // "Hello" and a bare "ok" at the start open a conversation; after an answer "ok" closes it.
  if (talk === "greeting" || (talk === "acknowledgement" && turn.before === null)) {
    return { _tag: "AskBack", text: CustomerText.make(templates.greeting), language, trace }
  }
  const text = talk === "goodbye" ? templates.goodbye : templates.thanks
  return { _tag: "Answer", text: CustomerText.make(text), sources: [], confidence: 1, language, trace }
}

const failed = (error: KnowledgeError): SupportAgentError =>
  new SupportAgentError({ operation: "SupportAgent.respond", reason: error.reason })

const answerOrEscalate = (
  turn: Turn,
  found: Findings,
  signals: Signals | null,
  latencyMs: number,
): TurnResult => {
  const [best, second] = found.hits
  const confidence = signals === null ? 0 : confidenceOf(signals)
  const findings = { ...found, signals: { ...found.signals, ...signals, confidence } }
  if (best === undefined || confidence < answerFrom) {
    const asked = turn.before?.role === "ai" && isAskBack(turn.before.text)
    const talk = [...turn.talk, found.query?.context ?? ""].join("\n")
    if (pointsNowhere(turn.matter, talk, baseLanguage(found.language ?? "en")))
      return askBack(turn, findings, latencyMs)
    return escalate(asked ? "repeated_failure" : "no_answer", findings, latencyMs)
  }
  if (fitEqually(found.hits)) return askBack(turn, findings, latencyMs)
  const also = second !== undefined && second.score >= seeAlsoFrom * best.score ? second : null
  const { text, sources } = composeAnswer(best, also, found.query?.text ?? "", found.language)
  const trace = traceOf({ ...findings, signals: { ...findings.signals, decision: "answer" } }, latencyMs)
  return { _tag: "Answer", text, sources, confidence, language: found.language, trace }
}

const make = (knowledge: LexicalKnowledge["Service"]): SupportAgent["Service"] => {
  const respond = Effect.fn("SupportAgent.respond")(function* (context: TurnContext) {
    const started = yield* Clock.currentTimeMillis
    const turn = turnOf(context)
    const language = languageOf(turn, context.language)
    const outcome = decideByWords(turn, context, language)
    const before: Findings = { language, query: null, hits: [], signals: { language: language ?? "unknown" } }
    const elapsed = Effect.map(Clock.currentTimeMillis, (now) => now - started)
    if (outcome.kind === "escalate") return escalate(outcome.reason, before, yield* elapsed)
    if (outcome.kind === "ask") return askBack(turn, before, yield* elapsed)
    if (outcome.kind === "talk") return smallTalk(outcome.talk, turn, before, yield* elapsed)
    const query = queryOf(turn, context.subject, baseLanguage(language ?? "en"))
    const hits = yield* knowledge
      .search({ ...query, orgId: context.orgId, surface: "customer", locale: language, limit: searchLimit })
      .pipe(Effect.mapError(failed))
    return answerOrEscalate(turn, { ...before, query, hits }, signalsOf(query.text, hits), yield* elapsed)
  })

  const brief = Effect.fn("SupportAgent.brief")((context: TurnContext, reason: HandoffReason) =>
    Effect.sync(() => briefOf(context, reason)),
  )

  const fill = Effect.fn("SupportAgent.fill")((fields: ReadonlyArray<FieldRequest>, context: TurnContext) =>
    Effect.sync(() => fillFields(fields, context)),
  )

  const assist = Effect.fn("SupportAgent.assist")((context: AssistContext) => draftReply(knowledge, context))

  return { respond, brief, fill, assist }
}

/** Provides `SupportAgent`. Needs no network and keeps no state of its own. */
export const layer: Layer.Layer<SupportAgent, never, LexicalKnowledge> = Layer.effect(
  SupportAgent,
  Effect.map(LexicalKnowledge, make),
)
