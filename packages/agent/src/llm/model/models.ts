/** From settings to a model of the `ai` package. */
import { createAnthropic } from "@ai-sdk/anthropic"
import { createOpenAI } from "@ai-sdk/openai"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import type { LanguageModel } from "ai"
import { Redacted } from "effect"
import type { LlmTarget } from "../settings.ts"
import { boundedFetch } from "./boundedFetch.ts"

export type ModelOf = (target: LlmTarget) => LanguageModel

/** For traces and logs: `anthropic/<model>`. */
export const nameOf = ({ model, provider }: LlmTarget): string => `${provider}/${model}`

/**
 * OpenAI by Chat Completions: one request holds everything, nothing is looked up from earlier ones. A provider without key
 * in the settings must not fall back to one in the environment, so an empty one is given.
 */
export const modelOf: ModelOf = (target) => {
  const apiKey = target.apiKey === undefined ? "" : Redacted.value(target.apiKey)
  const at = target.baseUrl === undefined ? {} : { baseURL: target.baseUrl }
  const common = { apiKey, fetch: boundedFetch }
  if (target.provider === "openai") return createOpenAI({ ...common, ...at }).chat(target.model)
  if (target.provider === "anthropic") return createAnthropic({ ...common, ...at })(target.model)
  return createOpenAICompatible({
    fetch: boundedFetch,
    name: "openai_compatible",
    baseURL: target.baseUrl ?? "",
    includeUsage: true,
    supportsStructuredOutputs: target.jsonSchema,
    ...(apiKey === "" ? {} : { apiKey }),
  }).chatModel(target.model)
}
