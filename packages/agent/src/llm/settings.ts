/** Which model answers, what it may cost, and what happens when it cannot. */
import { Effect, Schema } from "effect"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

const isSafeBase = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const plain = url.username === "" && url.password === "" && url.search === "" && url.hash === ""
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
}

/** The key goes there, so it must be https, or this machine. */
const BaseUrl = Schema.String.check(
  Schema.makeFilter(
    (value) =>
      (isSafeBase(value) && !value.endsWith("/")) ||
      "baseUrl must be an https address (http only on loopback) without a slash at the end: https://llm.example.com/v1",
  ),
)

/** What a million tokens cost, in whatever currency the traces are read in. */
const Prices = Schema.Struct({
  input: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  output: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
})

const target = {
  /** `openai_compatible`: any server with `POST <baseUrl>/chat/completions` that streams and knows tools. */
  provider: Schema.Literals(["openai", "anthropic", "openai_compatible"]),
  /** As the provider names it. */
  model: Schema.NonEmptyString,
  /** Required, except for servers of one's own that ask for none. */
  apiKey: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  /** Required for `openai_compatible`; elsewhere for a gateway in between. */
  baseUrl: Schema.optionalKey(BaseUrl),
  /** `auto` for servers that refuse a required tool call. */
  toolChoice: withDefault(Schema.Literals(["required", "auto"]), "required"),
  /** False for servers that know JSON mode, but no JSON schemas (`openai_compatible` only). */
  jsonSchema: withDefault(Schema.Boolean, true),
  prices: Schema.optionalKey(Prices),
}

const TargetFields = Schema.Struct(target)

const isWhole = (value: typeof TargetFields.Type): true | string => {
  if (value.provider === "openai_compatible")
    return value.baseUrl !== undefined || "openai_compatible needs a baseUrl: https://llm.example.com/v1"
  return value.apiKey !== undefined || `${value.provider} needs an apiKey`
}

/** One model at one provider. */
export const LlmTarget = TargetFields.check(Schema.makeFilter(isWhole))
export type LlmTarget = typeof LlmTarget.Type

/** Milliseconds. */
const Timeouts = Schema.Struct({
  /** One call of the model, from request to last byte. */
  callMs: withDefault(between(100, 300_000), 30_000),
  /** A whole turn: calls, searches, pauses before retries. */
  turnMs: withDefault(between(100, 600_000), 60_000),
  /** The brief, and the fields: a handoff waits for them. */
  briefMs: withDefault(between(100, 300_000), 15_000),
})

/** Per session. */
const Budget = Schema.Struct({
  /** Answers of the AI in one conversation; the next message goes to a human. */
  turns: withDefault(between(1, 1000), 20),
  /** Tokens in and out, as the provider counts them; kept in the ledger. */
  tokens: withDefault(between(1000, 100_000_000), 200_000),
})

/** Settings of the LLM agent. Every secret decodes to a `Redacted`. */
export const LlmSettings = Schema.Struct({
  ...target,
  /** Asked when the first one does not answer. */
  fallback: Schema.optionalKey(LlmTarget),
  /** Absent: the model's own. Some models take none. */
  temperature: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
  timeouts: withDefault(Timeouts, {}),
  /** Calls of the model in one turn; the last one must end the turn. */
  maxSteps: withDefault(between(1, 12), 5),
  /** Tokens that one call may write. */
  maxOutputTokens: withDefault(between(64, 32_000), 1500),
  /** Further tries of one call after 429, 5xx, cut connections and timeouts. */
  retries: withDefault(between(0, 5), 2),
  budget: withDefault(Budget, {}),
  /** An answer that the model is less sure of goes to a human. 0 to 1. */
  minConfidence: withDefault(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })), 0.3),
  /** When no model answers: the agent without network, or a human. */
  onFailure: withDefault(Schema.Literals(["embedded", "escalate"]), "embedded"),
}).check(Schema.makeFilter(isWhole))
export type LlmSettings = typeof LlmSettings.Type
export type LlmSettingsInput = typeof LlmSettings.Encoded
