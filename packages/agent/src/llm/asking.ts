/** What turns for customers and for agents have in common when they ask a model: limits, fallback, failures. */
import {
  type KnowledgeError,
  type OrgId,
  type SessionId,
  StoreError,
  type Surface,
  SupportAgentError,
  type Trace,
  Unavailable,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { failureOf, type LlmFailure } from "./model/LlmFailure.ts"
import { nameOf } from "./model/models.ts"
import { firstOf } from "./model/persist.ts"
import type { Parts } from "./parts.ts"
import { newFence } from "./prompts/fence.ts"
import type { LlmTarget } from "./settings.ts"
import { spend, tokensLeft } from "./spending.ts"
import type { TurnLog } from "./TurnLog.ts"

interface Asker {
  readonly orgId: OrgId
  readonly sessionId?: SessionId
}

/** What a turn of this session may use, from now on. */
export const limitsOf = Effect.fnUntraced(function* (context: Asker, parts: Parts) {
  const { knowledge, modelOf, settings } = parts
  return {
    settings,
    modelOf,
    knowledge,
    orgId: context.orgId,
    fence: yield* newFence,
    deadline: (yield* Clock.currentTimeMillis) + settings.timeouts.turnMs,
    tokensLeft: yield* tokensLeft(context, parts),
    spend: (tokens: number) => spend(context, tokens, parts),
  }
})

/** The first model that ends the turn, within the time of one turn. */
export const askModels = <A, E>(
  { settings, targets }: Parts,
  turn: (target: LlmTarget, hasOther: boolean) => Effect.Effect<A, LlmFailure | E>,
): Effect.Effect<A, LlmFailure | E> =>
  firstOf(targets, turn).pipe(
    Effect.timeoutOrElse({
      duration: settings.timeouts.turnMs,
      orElse: () => Effect.fail(failureOf("timeout")),
    }),
  )

/** Whoever has no answer to a failing model looks at the logs: they say which one failed, and how. */
export const warnOf = (failure: LlmFailure, instead: string, { targets }: Parts): Effect.Effect<void> =>
  Effect.logWarning("No model answered", {
    models: targets.map(nameOf),
    failure: failure.message,
    instead,
  })

/** As the port's own error; the engine tries again. */
export const asAgentError =
  (operation: string) =>
  (error: KnowledgeError | StoreError): SupportAgentError =>
    new SupportAgentError({
      operation,
      reason:
        error instanceof StoreError
          ? new Unavailable({ detail: error.message, retryAfterMs: null })
          : error.reason,
    })

/** The other agent's result, with what the models had done before it. */
export const withUseOf = <A extends { readonly trace: Trace }>(
  result: A,
  log: TurnLog<Surface>,
  signals: Trace["signals"],
): A => ({
  ...result,
  trace: { ...result.trace, ...log.use(), signals: { ...signals, ...result.trace.signals } },
})
