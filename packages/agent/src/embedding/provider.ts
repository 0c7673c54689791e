/** Embedding models of the `ai` package. Loaded with the first question to one. */
import { createOpenAI } from "@ai-sdk/openai"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { type EmbeddingModel, embedMany } from "ai"
import { Redacted } from "effect"
import { boundedFetch } from "../llm/model/boundedFetch.ts"
import type { EmbeddingSettings } from "./settings.ts"

const modelOf = (settings: EmbeddingSettings): EmbeddingModel => {
  // A provider without key in the settings must not fall back to one in the environment, so an empty one is given.
  const apiKey = settings.apiKey === undefined ? "" : Redacted.value(settings.apiKey)
  if (settings.provider === "openai") {
    const at = settings.baseUrl === undefined ? {} : { baseURL: settings.baseUrl }
    return createOpenAI({ apiKey, fetch: boundedFetch, ...at }).embedding(settings.model)
  }
  return createOpenAICompatible({
    name: "openai_compatible",
    baseURL: settings.baseUrl ?? "",
    fetch: boundedFetch,
    ...(apiKey === "" ? {} : { apiKey }),
  }).embeddingModel(settings.model)
}

/** One call for all texts. */
export const vectorsOf = async (
  settings: EmbeddingSettings,
  values: ReadonlyArray<string>,
  abortSignal: AbortSignal,
): Promise<ReadonlyArray<ReadonlyArray<number>>> => {
  const { embeddings } = await embedMany({
    model: modelOf(settings),
    values: [...values],
    maxRetries: 0,
    abortSignal,
  })
  return embeddings
}
