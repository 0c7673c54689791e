/**
 * The agent that asks a language model. Nothing of the `ai` package is loaded before a model is configured: it costs every
 * start 80 ms and 35 MB.
 */
import { Knowledge, SupportAgent, TokenLedger } from "@opencx/core"
import { Effect, Layer } from "effect"
import * as EmbeddedAgent from "../agent/EmbeddedAgent.ts"
import type { LexicalKnowledge } from "../knowledge/LexicalKnowledge.ts"
import type { LlmAgentOptions } from "./parts.ts"
import type { LlmSettings } from "./settings.ts"

export type { LlmAgentOptions } from "./parts.ts"

/**
 * A `SupportAgent` over one or two models. Answers and drafts fail only when the search or the ledger fails; a model that does
 * not answer is replaced as `settings.onFailure` says, for briefs, fields and drafts by the embedded agent. Interrupting
 * cancels the request.
 */
export const makeLlmAgent = (options: LlmAgentOptions): Effect.Effect<SupportAgent["Service"]> =>
  Effect.map(
    Effect.promise(() => import("./ModelAgent.ts")),
    ({ makeModelAgent }) => makeModelAgent(options),
  )

/** Provides `SupportAgent` for all organizations with the same settings. */
export const layer = (
  settings: LlmSettings,
): Layer.Layer<SupportAgent, never, Knowledge | LexicalKnowledge | TokenLedger> =>
  Layer.effect(
    SupportAgent,
    Effect.gen(function* () {
      const knowledge = yield* Knowledge
      const embedded = yield* SupportAgent
      const ledger = yield* TokenLedger
      return yield* makeLlmAgent({ settings, knowledge, embedded, ledger })
    }),
  ).pipe(Layer.provide(EmbeddedAgent.layer))
