/**
 * Drafts by a model, for agents. It reads internal articles, too, so that nothing of a draft may ever go to a customer by
 * itself: its text is no `CustomerText`.
 */
import {
  type AgentSource,
  type AssistContext,
  type AssistResult,
  type AssistSkip,
  type Hit,
  SupportAgentError,
  type Trace,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { languageOf } from "../agent/inWords.ts"
import { turnOf } from "../agent/query.ts"
import { readAssistWords } from "../assist/quiet.ts"
import { asAgentError, askModels, limitsOf, warnOf, withUseOf } from "./asking.ts"
import { type AssistEnding, isInternal, runAssistTurn } from "./assistTurn.ts"
import { shorten } from "./guard/limits.ts"
import { LlmFailure } from "./model/LlmFailure.ts"
import type { Parts } from "./parts.ts"
import { assistVersion } from "./prompts/assist.ts"
import { TurnLog } from "./TurnLog.ts"

const operation = "SupportAgent.assist"

/** Characters of a draft. */
const draftLimit = 3000

interface Finish {
  readonly language: string | null
  readonly minConfidence: number
  readonly trace: (signals: Trace["signals"]) => Trace
  /** Whether only agents may know the article. */
  readonly isInternal: (hit: Hit<"agent">) => boolean
}

const skip = (reason: AssistSkip, { trace }: Finish, signals: Trace["signals"] = {}): AssistResult => ({
  _tag: "Skip",
  reason,
  trace: trace({ decision: reason, ...signals }),
})

const draft = (ending: Extract<AssistEnding, { _tag: "Draft" }>, finish: Finish): AssistResult => {
  const { confidence, grounding, removed, text, used } = ending
  const signals = {
    confidence,
    ...(grounding === null ? {} : { grounding: Math.round(grounding * 1000) / 1000 }),
    ...(removed === 0 ? {} : { removedLinks: removed }),
  }
  if (confidence < finish.minConfidence) return skip("not_helpful_answer", finish, signals)
  const sources = used.map((hit): AgentSource => ({
    articleId: hit.articleId,
    title: hit.title,
    url: hit.url,
    internal: finish.isInternal(hit),
  }))
  return {
    _tag: "Draft",
    text: shorten(text, draftLimit),
    sources,
    confidence,
    language: finish.language,
    trace: finish.trace({ decision: "draft", ...signals }),
  }
}

const resultOf = (ending: AssistEnding, finish: Finish): AssistResult =>
  ending._tag === "Skip" ? skip(ending.reason, finish) : draft(ending, finish)

/** The embedded agent's draft, with what the models had done before it. */
const embeddedInstead = (
  context: AssistContext,
  why: Trace["signals"],
  log: TurnLog<"agent">,
  { embedded }: Parts,
) => Effect.map(embedded.assist(context), (result) => withUseOf(result, log, { ...why, instead: "embedded" }))

/** The customer's, also where an agent asks in their own. */
const customersLanguage = ({ language, lines, unanswered }: AssistContext): string | null =>
  languageOf(turnOf({ lines, unanswered }), language)

/** `SupportAgent.assist` with a model; when none answers, the embedded agent's draft. */
export const assistWith = (parts: Parts) =>
  Effect.fn(operation)(function* (context: AssistContext) {
    const words = readAssistWords(context)
    // What words decide costs nothing, and is out of reach of persuasion.
    if (words.quiet !== null) return yield* parts.embedded.assist(context)
    const started = yield* Clock.currentTimeMillis
    const clock = yield* Clock.Clock
    const language = customersLanguage(context) ?? words.language
    const log = new TurnLog<"agent">(assistVersion)
    const open = new Set<string>()
    const limits = yield* limitsOf(context, parts).pipe(Effect.mapError(asAgentError(operation)))
    const request = { ...limits, surface: "agent" as const, context, language, log, open, limit: draftLimit }
    const finish: Finish = {
      language,
      minConfidence: parts.settings.minConfidence,
      isInternal: (hit) => isInternal(request, hit),
      trace: (signals) =>
        log.trace({ language: language ?? "unknown", ...signals }, clock.currentTimeMillisUnsafe() - started),
    }
    const turn = askModels(parts, (target, hasOther) => runAssistTurn(target, hasOther, request))
    return yield* turn.pipe(
      Effect.flatMap((stepped) => {
        if (stepped._tag === "OverBudget") return embeddedInstead(context, { budget: "tokens" }, log, parts)
        // A draft that nothing supports is worse than none.
        return Effect.succeed(
          stepped._tag === "Ended"
            ? resultOf(stepped.ending, finish)
            : skip("not_helpful_answer", finish, { rejected: stepped.why }),
        )
      }),
      Effect.catch((error) => {
        if (error instanceof SupportAgentError) return Effect.fail(error)
        return error instanceof LlmFailure
          ? Effect.andThen(
              warnOf(error, "embedded", parts),
              embeddedInstead(context, { failure: error.message }, log, parts),
            )
          : Effect.fail(asAgentError(operation)(error))
      }),
    )
  })
