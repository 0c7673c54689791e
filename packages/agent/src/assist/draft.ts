/**
 * A reply for an agent to look over, on a ticket that humans work on. It reads internal articles too, so that nothing of
 * it may ever go to a customer by itself: its text is no `CustomerText`.
 */
import {
  type AgentSource,
  type AssistContext,
  type AssistResult,
  type KnowledgeError,
  SupportAgentError,
  type Trace,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { answerFrom, confidenceOf, signalsOf } from "../agent/decide.ts"
import { queriesOf, type Query, queryOf } from "../agent/query.ts"
import { extract } from "../answer/extract.ts"
import type { LexicalKnowledge } from "../knowledge/LexicalKnowledge.ts"
import type { RankedHit } from "../knowledge/hit.ts"
import { baseLanguage } from "../text/analyze.ts"
import { readAssistWords } from "./quiet.ts"

const agentName = "embedded"
const searchLimit = 5

const traceOf = (
  query: Query | null,
  hits: ReadonlyArray<RankedHit<"agent">>,
  signals: Trace["signals"],
  latencyMs: number,
): Trace => ({
  agent: agentName,
  queries: queriesOf(query),
  hits: hits.map(({ articleId, score, title }) => ({ articleId, title, score })),
  signals,
  latencyMs,
})

const failed = (error: KnowledgeError): SupportAgentError =>
  new SupportAgentError({ operation: "SupportAgent.assist", reason: error.reason })

/**
 * Which of the hits customers may know, asked of the customers' own search: whatever it does not find counts as internal.
 * Public articles are ranked without the internal ones in both searches, so that none of them is missed here.
 */
const sourcesOf = Effect.fnUntraced(function* (
  knowledge: LexicalKnowledge["Service"],
  context: AssistContext,
  query: Query,
  language: string | null,
  hits: ReadonlyArray<RankedHit<"agent">>,
) {
  const open = yield* knowledge
    .search({ ...query, orgId: context.orgId, surface: "customer", locale: language, limit: searchLimit })
    .pipe(Effect.mapError(failed))
  const isOpen = new Set(open.map((hit) => hit.articleId))
  return hits.map(({ articleId, title, url }): AgentSource => ({
    articleId,
    title,
    url,
    internal: !isOpen.has(articleId),
  }))
})

/** A second article this close to the first is named as a source, too. */
const alsoFrom = 0.85

/** Drafts a reply from the best passage, or says why it stays quiet. */
export const draftReply = Effect.fnUntraced(function* (
  knowledge: LexicalKnowledge["Service"],
  context: AssistContext,
) {
  const started = yield* Clock.currentTimeMillis
  const elapsed = Effect.map(Clock.currentTimeMillis, (now) => now - started)
  const { language, quiet, turn } = readAssistWords(context)
  const told = { language: language ?? "unknown" }
  if (quiet !== null) {
    const trace = traceOf(null, [], { ...told, decision: quiet }, yield* elapsed)
    return { _tag: "Skip", reason: quiet, trace } satisfies AssistResult
  }
  const query = queryOf(turn, context.subject, baseLanguage(language ?? "en"))
  const hits = yield* knowledge
    .search({ ...query, orgId: context.orgId, surface: "agent", locale: language, limit: searchLimit })
    .pipe(Effect.mapError(failed))
  const signals = signalsOf(query.text, hits)
  const confidence = signals === null ? 0 : confidenceOf(signals)
  const [best, second] = hits
  const facts = { ...told, ...signals, confidence }
  if (best === undefined || confidence < answerFrom) {
    const trace = traceOf(query, hits, { ...facts, decision: "not_helpful_answer" }, yield* elapsed)
    return { _tag: "Skip", reason: "not_helpful_answer", trace } satisfies AssistResult
  }
  const used = second !== undefined && second.score >= alsoFrom * best.score ? [best, second] : [best]
  return {
    _tag: "Draft",
    text: extract(best.passage, query.text, baseLanguage(best.locale)),
    sources: yield* sourcesOf(knowledge, context, query, language, used),
    confidence,
    language,
    trace: traceOf(query, hits, { ...facts, decision: "draft" }, yield* elapsed),
  } satisfies AssistResult
})
