/** The agent over language models, with everything that it needs of the `ai` package. Loaded when a model is configured. */
import type { SupportAgent } from "@opencx/core"
import { Effect } from "effect"
import { assistWith } from "./assist.ts"
import { writeBrief } from "./brief.ts"
import { fillByModel } from "./fill.ts"
import { modelOf as realModelOf } from "./model/models.ts"
import type { LlmAgentOptions, Parts } from "./parts.ts"
import { respondWith } from "./respond.ts"
import { type LlmSettings, LlmTarget } from "./settings.ts"

const firstTarget = ({ apiKey, baseUrl, jsonSchema, model, prices, provider, toolChoice }: LlmSettings) =>
  LlmTarget.make({
    provider,
    model,
    toolChoice,
    jsonSchema,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(prices === undefined ? {} : { prices }),
  })

export const makeModelAgent = (options: LlmAgentOptions): SupportAgent["Service"] => {
  const { modelOf = realModelOf, settings } = options
  const first = firstTarget(settings)
  const targets = settings.fallback === undefined ? [first] : [first, settings.fallback]
  const parts: Parts = { ...options, modelOf, targets }
  return {
    respond: respondWith(parts),
    brief: Effect.fn("SupportAgent.brief")((context, reason) => writeBrief(context, reason, parts)),
    fill: Effect.fn("SupportAgent.fill")((fields, context) => fillByModel(fields, context, parts)),
    assist: assistWith(parts),
  }
}
