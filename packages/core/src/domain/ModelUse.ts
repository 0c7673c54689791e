/** What a language model did, and what it cost. */
import { Schema } from "effect"

/** A tool that a model called. `result`: what came of it, in short; `resultSize`: characters that the model read of it. */
export const ToolUse = Schema.Struct({
  name: Schema.String,
  /** JSON, shortened. */
  arguments: Schema.String,
  result: Schema.String,
  resultSize: Schema.Int,
})
export type ToolUse = typeof ToolUse.Type

/** What a language model did in a turn. Tokens as the provider counts them; `ms`: from request to last byte. */
export const ModelUse = Schema.Struct({
  /** Version of the words that it was instructed with: `respond-1`. */
  prompt: Schema.String,
  /** In order. `model`: `provider/model`. Calls that broke off are not among them. */
  calls: Schema.Array(
    Schema.Struct({
      model: Schema.String,
      ms: Schema.Number,
      inputTokens: Schema.Int,
      outputTokens: Schema.Int,
    }),
  ),
  tools: Schema.Array(ToolUse),
  /** Where the provider gives it, shortened. */
  reasoning: Schema.NullOr(Schema.String),
  /** Tries that were repeated. */
  retries: Schema.Int,
  /** `provider/model: kind (status)`, never the provider's own words. */
  failures: Schema.Array(Schema.String),
  /** In the currency of the configured prices; null without prices. */
  cost: Schema.NullOr(Schema.Number),
})
export type ModelUse = typeof ModelUse.Type
