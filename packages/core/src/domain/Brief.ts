/** What the AI tells the human at handoff. */
import { Schema } from "effect"
import { ModelUse } from "./ModelUse.ts"

export const Sentiment = Schema.Literals(["happy", "neutral", "negative"])
export type Sentiment = typeof Sentiment.Type

/** Why the AI gave the conversation away. */
export const HandoffReason = Schema.Literals([
  "customer_asked",
  "no_answer",
  "repeated_failure",
  "anger",
  "listed_topic",
  "agent_failed",
  "every_conversation",
  "operator",
  "rollout",
])
export type HandoffReason = typeof HandoffReason.Type

/** `summary` ≤ 120 words in the agents' language; `language` is a BCP-47 code of the customer's language, or null. */
export const Brief = Schema.Struct({
  summary: Schema.String,
  sentiment: Sentiment,
  language: Schema.NullOr(Schema.String),
  reason: HandoffReason,
  /** What a model did for it; absent where none was asked. */
  model: Schema.optionalKey(ModelUse),
})
export type Brief = typeof Brief.Type
