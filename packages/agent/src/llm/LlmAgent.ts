/**
 * The agent that asks a language model. What the customer's words decide alone (a human, a listed topic, anger, thanks) is
 * decided before; the model searches the public Help Center and proposes; what it proposes is checked before anybody sees it.
 */
import {
  Knowledge,
  KnowledgeError,
  SupportAgent,
  SupportAgentError,
  type TurnContext,
  type TurnResult,
} from "@opencx/core"
import { Clock, Effect, Layer } from "effect"
import * as EmbeddedAgent from "../agent/EmbeddedAgent.ts"
import type { LexicalKnowledge } from "../knowledge/LexicalKnowledge.ts"
import { type Briefing, writeBrief } from "./brief.ts"
import { failureOf, LlmFailure } from "./model/LlmFailure.ts"
import { modelOf as realModelOf, type ModelOf, nameOf } from "./model/models.ts"
import { firstOf } from "./model/persist.ts"
import { newFence } from "./prompts/fence.ts"
import { escalate, type Finish, resultOf } from "./result.ts"
import { LlmTarget, type LlmSettings } from "./settings.ts"
import { Spending } from "./Spending.ts"
import { TurnLog } from "./TurnLog.ts"
import { type Ending, runTurn } from "./turn.ts"
import { readWords, type Words } from "./words.ts"

/**
 * `knowledge`: any search. `embedded`: the agent without network; it does small talk, fields and drafts, and takes over on
 * failure.
 */
export interface LlmAgentOptions {
  readonly settings: LlmSettings
  readonly knowledge: Knowledge["Service"]
  readonly embedded: SupportAgent["Service"]
  /** Another way from a target to a model of the `ai` package: a gateway of one's own, a model for tests. */
  readonly modelOf?: ModelOf
}

type OnPartial = (text: string) => Effect.Effect<void>

interface Parts extends Briefing {
  readonly knowledge: Knowledge["Service"]
  readonly spending: Spending
}

const isLlmFailure = (error: KnowledgeError | LlmFailure): error is LlmFailure => error instanceof LlmFailure

/** Whoever has no answer to a failing model looks at the logs: they say which one failed, and how. */
const whenFailed = Effect.fnUntraced(function* (failure: LlmFailure, finish: Finish, parts: Parts) {
  const { settings } = parts
  yield* Effect.logWarning("No model answered", {
    models: parts.targets.map(nameOf),
    failure: failure.message,
    instead: settings.onFailure,
  })
  if (settings.onFailure === "escalate") return escalate("agent_failed", finish, { failure: failure.message })
  const result: TurnResult = yield* parts.embedded.respond(finish.context)
  const llm = finish.trace({ failure: failure.message, instead: "embedded" })
  return { ...result, trace: { ...result.trace, signals: { ...llm.signals, ...result.trace.signals } } }
})

const askModels = (
  context: TurnContext,
  words: Words,
  log: TurnLog,
  onPartial: OnPartial | undefined,
  parts: Parts,
): Effect.Effect<Ending, LlmFailure | KnowledgeError> =>
  Effect.gen(function* () {
    const { knowledge, modelOf, settings, spending, targets } = parts
    const request = {
      context,
      settings,
      modelOf,
      knowledge,
      orgId: context.orgId,
      language: words.language,
      fence: yield* newFence,
      log,
      deadline: (yield* Clock.currentTimeMillis) + settings.timeouts.turnMs,
      tokensLeft: settings.budget.tokens - spending.of(context),
      onPartial,
    }
    return yield* firstOf(targets, (target, hasOther) => runTurn(target, hasOther, request)).pipe(
      Effect.timeoutOrElse({
        duration: settings.timeouts.turnMs,
        orElse: () => Effect.fail(failureOf("timeout")),
      }),
      Effect.ensuring(Effect.sync(() => spending.add(context, log.tokens))),
    )
  })

const answersSoFar = (context: TurnContext): number =>
  context.lines.filter((line) => line.role === "ai").length

const respondWith = (parts: Parts) =>
  Effect.fn("SupportAgent.respond")(function* (context: TurnContext, onPartial?: OnPartial) {
    const started = yield* Clock.currentTimeMillis
    const clock = yield* Clock.Clock
    const words = readWords(context)
    const log = new TurnLog()
    const finish: Finish = {
      context,
      words,
      settings: parts.settings,
      trace: (signals) =>
        log.trace(
          { language: words.language ?? "unknown", ...signals },
          clock.currentTimeMillisUnsafe() - started,
        ),
    }
    if (words.decision._tag === "Escalate") return escalate(words.decision.reason, finish)
    if (words.decision._tag === "SmallTalk") return yield* parts.embedded.respond(context)
    if (answersSoFar(context) >= parts.settings.budget.turns) {
      return escalate("repeated_failure", finish, { budget: "turns" })
    }
    return yield* askModels(context, words, log, onPartial, parts).pipe(
      Effect.map((ending) => resultOf(ending, finish)),
      Effect.catch((error) =>
        isLlmFailure(error)
          ? whenFailed(error, finish, parts)
          : Effect.fail(new SupportAgentError({ operation: "SupportAgent.respond", reason: error.reason })),
      ),
    )
  })

/**
 * A `SupportAgent` over one or two models. It fails only when the search fails; a model that does not answer is replaced as
 * `settings.onFailure` says. Interrupting a turn or a brief cancels its request. Remembers only how many tokens each
 * conversation has used.
 */
export const makeLlmAgent = (options: LlmAgentOptions): SupportAgent["Service"] => {
  const { embedded, knowledge, modelOf = realModelOf, settings } = options
  const { apiKey, baseUrl, jsonSchema, model, prices, provider, toolChoice } = settings
  const first = LlmTarget.make({
    provider,
    model,
    toolChoice,
    jsonSchema,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(prices === undefined ? {} : { prices }),
  })
  const targets = settings.fallback === undefined ? [first] : [first, settings.fallback]
  const parts: Parts = { settings, embedded, knowledge, modelOf, targets, spending: new Spending() }
  return {
    ...embedded,
    respond: respondWith(parts),
    brief: Effect.fn("SupportAgent.brief")((context, reason) => writeBrief(context, reason, parts)),
  }
}

/** Provides `SupportAgent` for all organizations with the same settings. */
export const layer = (
  settings: LlmSettings,
): Layer.Layer<SupportAgent, never, Knowledge | LexicalKnowledge> =>
  Layer.effect(
    SupportAgent,
    Effect.gen(function* () {
      const knowledge = yield* Knowledge
      const embedded = yield* SupportAgent
      return makeLlmAgent({ settings, knowledge, embedded })
    }),
  ).pipe(Layer.provide(EmbeddedAgent.layer))
