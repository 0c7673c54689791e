/** Which model turns texts into vectors. Without these settings there are none, and search goes by words alone. */
import { Effect, Schema } from "effect"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

const loopback = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/

/** Texts of internal articles and the key go there, so it must be https, or this machine. */
const Base = Schema.String.check(
  Schema.makeFilter((value) => {
    const url = URL.canParse(value) ? new URL(value) : null
    const safe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.test(url.hostname))
    return (
      (safe && url.username === "" && !value.endsWith("/")) ||
      "baseUrl must be an https address (http only on loopback) without a slash at the end: https://llm.example.com/v1"
    )
  }),
)

/** Settings of the embedding model. The secret decodes to a `Redacted`. */
export const EmbeddingSettings = Schema.Struct({
  /** `openai_compatible`: any server with `POST <baseUrl>/embeddings`. */
  provider: Schema.Literals(["openai", "openai_compatible"]),
  /** As the provider names it. Another model makes new vectors of every article. */
  model: Schema.NonEmptyString,
  apiKey: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  /** Required for `openai_compatible`. */
  baseUrl: Schema.optionalKey(Base),
  /** Milliseconds that a search waits for the vector of its question, before it goes by words alone. */
  queryTimeoutMs: withDefault(between(50, 30_000), 1500),
  /** Milliseconds for one call with texts of articles. */
  batchTimeoutMs: withDefault(between(100, 300_000), 30_000),
  /** Texts in one call. */
  batch: withDefault(between(1, 512), 64),
}).check(
  Schema.makeFilter((value) =>
    value.provider === "openai_compatible"
      ? value.baseUrl !== undefined || "openai_compatible needs a baseUrl: https://llm.example.com/v1"
      : value.apiKey !== undefined || "openai needs an apiKey",
  ),
)
export type EmbeddingSettings = typeof EmbeddingSettings.Type
