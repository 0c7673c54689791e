/**
 * A turn for a customer. What their words decide alone (a human, a listed topic, anger, thanks) is decided before; the model
 * searches the public Help Center and proposes; what it proposes is checked before anybody sees it.
 */
import type { TurnContext, TurnResult } from "@opencx/core"
import { Clock, Effect } from "effect"
import { asAgentError, askModels, limitsOf, warnOf, withUseOf } from "./asking.ts"
import { LlmFailure } from "./model/LlmFailure.ts"
import type { Parts } from "./parts.ts"
import { respondVersion } from "./prompts/respond.ts"
import { escalate, type Finish, resultOf } from "./result.ts"
import { TurnLog } from "./TurnLog.ts"
import { runTurn } from "./turn.ts"
import { readWords, type Words } from "./words.ts"

type OnPartial = (text: string) => Effect.Effect<void>
type Log = TurnLog<"customer">

const whenFailed = Effect.fnUntraced(function* (failure: LlmFailure, finish: Finish, log: Log, parts: Parts) {
  const { embedded, settings } = parts
  yield* warnOf(failure, settings.onFailure, parts)
  if (settings.onFailure === "escalate") return escalate("agent_failed", finish, { failure: failure.message })
  const result: TurnResult = yield* embedded.respond(finish.context)
  return withUseOf(result, log, { failure: failure.message, instead: "embedded" })
})

const ask = (context: TurnContext, words: Words, log: Log, onPartial: OnPartial | undefined, parts: Parts) =>
  Effect.gen(function* () {
    const limits = yield* limitsOf(context, parts)
    const request = {
      ...limits,
      surface: "customer" as const,
      context,
      language: words.language,
      log,
      onPartial,
    }
    return yield* askModels(parts, (target, hasOther) => runTurn(target, hasOther, request))
  })

const answersSoFar = (context: TurnContext): number =>
  context.lines.filter((line) => line.role === "ai").length

/** `SupportAgent.respond` with a model. */
export const respondWith = (parts: Parts) =>
  Effect.fn("SupportAgent.respond")(function* (context: TurnContext, onPartial?: OnPartial) {
    const started = yield* Clock.currentTimeMillis
    const clock = yield* Clock.Clock
    const words = readWords(context)
    const log: Log = new TurnLog(respondVersion)
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
    return yield* ask(context, words, log, onPartial, parts).pipe(
      Effect.map((ending) => resultOf(ending, finish)),
      Effect.catch((error) =>
        error instanceof LlmFailure
          ? whenFailed(error, finish, log, parts)
          : Effect.fail(asAgentError("SupportAgent.respond")(error)),
      ),
    )
  })
