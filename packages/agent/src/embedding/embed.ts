/** Texts to vectors, by the `ai` package. */
import { createOpenAI } from "@ai-sdk/openai"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { type EmbeddingModel, embedMany } from "ai"
import { Effect, Redacted, Schema } from "effect"
import { boundedFetch } from "../llm/model/boundedFetch.ts"
import type { EmbeddingSettings } from "./settings.ts"

/** No vectors this time: no answer, a refusal, or one that does not fit. */
export class EmbeddingFailure extends Schema.TaggedError<EmbeddingFailure>("@opencx/agent/EmbeddingFailure")(
  "EmbeddingFailure",
  { detail: Schema.String },
) {}

export type Embed = (
  texts: ReadonlyArray<string>,
  timeoutMs: number,
) => Effect.Effect<ReadonlyArray<ReadonlyArray<number>>, EmbeddingFailure>

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

/** Never the text of the failure: it may hold what was sent. */
const failureOf = (cause: unknown): EmbeddingFailure =>
  new EmbeddingFailure({ detail: cause instanceof Error ? cause.name : "unknown" })

const isSound = (vectors: ReadonlyArray<ReadonlyArray<number>>, count: number): boolean => {
  const size = vectors[0]?.length ?? 0
  return (
    vectors.length === count &&
    size > 0 &&
    vectors.every((one) => one.length === size && one.every(Number.isFinite))
  )
}

/** One call for all texts; retries are the caller's matter. */
export const makeEmbed = (settings: EmbeddingSettings): Embed => {
  const model = modelOf(settings)
  return Effect.fn("embed")(function* (texts: ReadonlyArray<string>, timeoutMs: number) {
    const { embeddings } = yield* Effect.tryPromise({
      try: (abortSignal) => embedMany({ model, values: [...texts], maxRetries: 0, abortSignal }),
      catch: failureOf,
    }).pipe(
      Effect.timeoutOrElse({
        duration: timeoutMs,
        orElse: () => Effect.fail(new EmbeddingFailure({ detail: "timeout" })),
      }),
    )
    if (!isSound(embeddings, texts.length))
      return yield* new EmbeddingFailure({ detail: "the vectors do not fit the texts" })
    return embeddings
  })
}
