/** Texts to vectors, by the `ai` package. */
import { Effect, Schema } from "effect"
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
export const makeEmbed = (settings: EmbeddingSettings): Embed =>
  Effect.fn("embed")(function* (texts: ReadonlyArray<string>, timeoutMs: number) {
    const embeddings = yield* Effect.tryPromise({
      try: async (abortSignal) => (await import("./provider.ts")).vectorsOf(settings, texts, abortSignal),
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
