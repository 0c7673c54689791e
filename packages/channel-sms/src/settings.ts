/** The settings of one SMS account: a number (or a pool of numbers) at one provider. */
import { Effect, Schema } from "effect"
import { isLoopback } from "./http/loopback.ts"

const Secret = Schema.RedactedFromValue(Schema.NonEmptyString)

/** Where the provider's API is reached: https, or http on this machine (fakes and demonstrations). */
const apiBaseUrl = (standard: string) =>
  Schema.String.check(
    Schema.makeFilter((text) =>
      URL.canParse(text) &&
      (text.startsWith("https://") || (text.startsWith("http://") && isLoopback(new URL(text).hostname)))
        ? true
        : "apiBaseUrl must be an https URL (http only on loopback)",
    ),
  ).pipe(Schema.withDecodingDefaultKey(Effect.succeed(standard)))

const isNumber = Schema.isPattern(/^(?:\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/, {
  expected: "a phone number such as +14155550100, a short code or a sender name of at most 11 letters",
})
const Sender = Schema.String.check(isNumber)

/** Twilio Programmable Messaging. */
const Twilio = Schema.Struct({
  name: Schema.Literal("twilio"),
  accountSid: Schema.String.check(
    Schema.isPattern(/^AC[0-9a-fA-F]{32}$/, { expected: "an Account SID (AC and 32 hexadecimal digits)" }),
  ),
  authToken: Secret,
  /** The other of Twilio's two tokens: webhooks signed with either are taken while the primary one is being changed. */
  secondaryAuthToken: Schema.optionalKey(Secret),
  from: Schema.optionalKey(Sender),
  messagingServiceSid: Schema.optionalKey(
    Schema.String.check(
      Schema.isPattern(/^MG[0-9a-fA-F]{32}$/, {
        expected: "a Messaging Service SID (MG and 32 hexadecimal digits)",
      }),
    ),
  ),
  apiBaseUrl: apiBaseUrl("https://api.twilio.com"),
}).check(
  Schema.makeFilter((s) =>
    s.from === undefined && s.messagingServiceSid === undefined
      ? "twilio needs `from` or `messagingServiceSid`"
      : true,
  ),
)
export type TwilioSettings = typeof Twilio.Type

const ed25519Key = Schema.makeFilter((text: string) =>
  Buffer.from(text, "base64").length === 32
    ? true
    : "publicKey must be the 32-byte public key in base64, as the Telnyx portal shows it",
)

/** Telnyx Messaging. */
const Telnyx = Schema.Struct({
  name: Schema.Literal("telnyx"),
  apiKey: Secret,
  publicKey: Schema.String.check(ed25519Key),
  /** The account's key of before: webhooks that it signed are taken as long as it stands here. */
  previousPublicKey: Schema.optionalKey(Schema.String.check(ed25519Key)),
  from: Schema.optionalKey(Sender),
  messagingProfileId: Schema.optionalKey(Schema.NonEmptyString),
  apiBaseUrl: apiBaseUrl("https://api.telnyx.com"),
}).check(
  Schema.makeFilter((s) =>
    s.from === undefined && s.messagingProfileId === undefined
      ? "telnyx needs `from` or `messagingProfileId`"
      : true,
  ),
)
export type TelnyxSettings = typeof Telnyx.Type

/** Vonage Messages API. */
const Vonage = Schema.Struct({
  name: Schema.Literal("vonage"),
  apiKey: Schema.NonEmptyString,
  /** With `apiKey`: HTTP Basic. */
  apiSecret: Schema.optionalKey(Secret),
  /** With `privateKey` (PEM): a signed token per call. */
  applicationId: Schema.optionalKey(Schema.NonEmptyString),
  privateKey: Schema.optionalKey(Secret),
  /** Signs the webhooks (dashboard, API settings). */
  signatureSecret: Secret,
  /** The one before: webhooks that it signed are taken as long as it stands here. */
  previousSignatureSecret: Schema.optionalKey(Secret),
  from: Sender,
  apiBaseUrl: apiBaseUrl("https://api.nexmo.com"),
}).check(
  Schema.makeFilter((s) =>
    s.apiSecret !== undefined || (s.applicationId !== undefined && s.privateKey !== undefined)
      ? true
      : "vonage needs `apiSecret`, or `applicationId` with `privateKey`",
  ),
)
export type VonageSettings = typeof Vonage.Type

/** Plivo Messaging. */
const Plivo = Schema.Struct({
  name: Schema.Literal("plivo"),
  authId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9]{5,40}$/, { expected: "an Auth ID" })),
  authToken: Secret,
  /** The one before: webhooks that it signed are taken as long as it stands here. */
  previousAuthToken: Schema.optionalKey(Secret),
  from: Sender,
  /**
   * Which signature webhooks must carry. `v3` covers the whole form. Plivo's messaging pages describe `v2`, which covers
   * only the URL: choose it when your webhooks come without a V3 header.
   */
  signature: Schema.Literals(["v3", "v2"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("v3" as const))),
  apiBaseUrl: apiBaseUrl("https://api.plivo.com"),
})
export type PlivoSettings = typeof Plivo.Type

const Host = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9.-]{1,253}$/, { expected: "a host name such as media.example.com" }),
)

/** One SMS account. Every secret decodes to a `Redacted`. */
export const SmsSettings = Schema.Struct({
  provider: Schema.Union([Twilio, Telnyx, Vonage, Plivo]),
  /** Further whole-message words that opt a customer out, in any language. */
  optOutWords: Schema.Array(Schema.NonEmptyString.check(Schema.isMaxLength(30))).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed([])),
  ),
  /** True when the provider answers HELP and INFO by itself, as it must in the United States; the AI then does not. */
  providerAnswersHelp: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  /** Send files as MMS where the country has it; else, and elsewhere, as links. */
  mms: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  /** Largest file taken from a customer, in bytes. */
  maxMediaBytes: Schema.Int.check(Schema.isBetween({ minimum: 1_000, maximum: 20_971_520 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(10_485_760)),
  ),
  /** Further hosts from which customers' files may be fetched, without credentials, when a provider moves them. */
  mediaHosts: Schema.Array(Host).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** Milliseconds to wait for an answer of the provider. */
  timeoutMs: Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 120_000 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(15_000)),
  ),
})
export type SmsSettings = typeof SmsSettings.Type
