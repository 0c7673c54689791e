/** Settings of hosted voice agents (Vapi, Retell): they hold the conversation, we get what was said. */
import { Effect, Schema } from "effect"
import { AccountSid, apiBaseUrl, bounded, E164, Secret, TextConsent, TwilioBaseUrl } from "./common.ts"

const HeaderName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9-]{1,60}$/, { expected: "a header name such as x-signature" }),
)

/** A number at Twilio by which a rep's later reply is texted. */
const HostedSmsFallback = Schema.Struct({
  accountSid: AccountSid,
  authToken: Secret,
  secondAuthToken: Schema.optionalKey(Secret),
  apiBaseUrl: TwilioBaseUrl,
  from: E164,
  /** `asked` is not possible here: what a caller pressed is not reported. */
  consent: TextConsent.pick(["caller_id", "never"]),
})

/** How reports are found that got lost while this runtime was down: by looking into the provider's list of calls. */
const looking = {
  everySeconds: bounded(30, 86_400, 300),
  /** How far back calls are looked at. Reports of older ones stay lost. */
  lookBackHours: bounded(1, 168, 24),
}
const ids = Schema.NonEmptyArray(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,100}$/)))

const shared = {
  /** Name of the assistant in the transcript. */
  assistantName: Schema.NonEmptyString.check(Schema.isMaxLength(80)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("Voice assistant")),
  ),
  smsFallback: Schema.optionalKey(HostedSmsFallback),
  /** `trusted`: the reported caller number counts as proven. Caller ids can be forged. */
  callerId: Schema.Literals(["untrusted", "trusted"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("untrusted" as const)),
  ),
}

const strings = (standard: ReadonlyArray<string>) =>
  Schema.Array(Schema.NonEmptyString).pipe(Schema.withDecodingDefaultKey(Effect.succeed(standard)))

const VapiAuth = Schema.TaggedUnion({
  /** `Authorization: Bearer <token>`. */
  bearer: { token: Secret },
  /** A shared secret in a header; `x-vapi-secret` is Vapi's older way. */
  header: {
    name: HeaderName.pipe(Schema.withDecodingDefaultKey(Effect.succeed("x-vapi-secret"))),
    value: Secret,
  },
  /** HMAC-SHA256 in hex. */
  hmac: {
    secret: Secret,
    header: HeaderName.pipe(Schema.withDecodingDefaultKey(Effect.succeed("x-signature"))),
    timestampHeader: HeaderName.pipe(Schema.withDecodingDefaultKey(Effect.succeed("x-timestamp"))),
    /** What is signed. `timestamp.body` also bounds the age to five minutes. */
    payload: Schema.Literals(["timestamp.body", "body"]).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("timestamp.body" as const)),
    ),
  },
})

export const VapiSettings = Schema.Struct({
  provider: Schema.Literal("vapi"),
  auth: VapiAuth,
  ...shared,
  /** What in a report means that the caller wants a human. */
  handoff: Schema.Struct({
    endedReasons: strings(["assistant-forwarded-call"]),
    /** Names of tools whose use means it. */
    tools: strings([]),
    /** Keys of the analysis' structured data that are `true` when it is meant. */
    structuredKeys: strings([]),
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** Answer to `assistant-request`: which assistant of yours takes the call. */
  assistantId: Schema.optionalKey(Schema.NonEmptyString),
  /** Vapi does not repeat a report by default. `apiKey`: the private key; `assistantIds`: whose calls are this account's. */
  missedReports: Schema.optionalKey(
    Schema.Struct({
      apiKey: Secret,
      assistantIds: ids,
      apiBaseUrl: apiBaseUrl("https://api.vapi.ai"),
      ...looking,
    }),
  ),
})
export type VapiSettings = typeof VapiSettings.Type

export const RetellSettings = Schema.Struct({
  provider: Schema.Literal("retell"),
  /** The API key that webhooks are signed with. */
  apiKey: Secret,
  ...shared,
  handoff: Schema.Struct({
    disconnectionReasons: strings(["call_transfer", "transfer_bridged", "call_take_over"]),
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** Retell repeats a webhook three times. `agentIds`: whose calls are this account's. */
  missedReports: Schema.optionalKey(
    Schema.Struct({ agentIds: ids, apiBaseUrl: apiBaseUrl("https://api.retellai.com"), ...looking }),
  ),
})
export type RetellSettings = typeof RetellSettings.Type
