/** The settings of one WhatsApp number: what an operator writes in the configuration. */
import { Effect, Schema } from "effect"
import { isSafeBase } from "./edge/hosts.ts"

const Secret = Schema.RedactedFromValue(Schema.NonEmptyString)

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

const BaseUrl = Schema.String.check(
  Schema.makeFilter((url) =>
    isSafeBase(url) && !url.endsWith("/")
      ? true
      : "apiBaseUrl must be an https address (http only on loopback) without a slash at the end",
  ),
)

const digits = (name: string) =>
  Schema.String.check(
    Schema.isPattern(/^\d{5,30}$/, { expected: `${name}: the digits that Meta's dashboard shows` }),
  )

/** What both providers share. */
const common = {
  /** A message that is nothing but STOP (and a few like it) opts the customer out. */
  optOutWords: withDefault(Schema.Boolean, true),
  /** Largest file taken in, in bytes. */
  maxMediaBytes: withDefault(
    Schema.Int.check(Schema.isBetween({ minimum: 1024, maximum: 104_857_600 })),
    26_214_400,
  ),
  /** Milliseconds to wait for each answer of the provider. */
  timeoutMs: withDefault(Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 120_000 })), 30_000),
}

const MetaTemplate = Schema.Struct({
  name: Schema.String.check(
    Schema.isPattern(/^[a-z0-9_]{1,512}$/, { expected: "a template name as in WhatsApp Manager" }),
  ),
  /** As approved: `en`, `en_US`, `de`. */
  language: Schema.NonEmptyString,
  /** True: the body has exactly one variable, and it takes the reply. False: a fixed text such as "you have an answer". */
  bodyParameter: withDefault(Schema.Boolean, true),
})

/** A number on Meta's Cloud API. */
export const MetaSettings = Schema.Struct({
  provider: Schema.Literal("meta"),
  phoneNumberId: digits("phoneNumberId"),
  wabaId: Schema.optionalKey(digits("wabaId")),
  accessToken: Secret,
  appSecret: Secret,
  /** Taken as well, while the secret is being rotated. */
  secondAppSecret: Schema.optionalKey(Secret),
  verifyToken: Secret,
  graphVersion: withDefault(
    Schema.String.check(Schema.isPattern(/^v\d{1,3}\.\d{1,2}$/, { expected: "a version such as v25.0" })),
    "v25.0",
  ),
  apiBaseUrl: withDefault(BaseUrl, "https://graph.facebook.com"),
  /** Sent when the 24-hour window is closed; without it the answer waits for the customer. */
  template: Schema.optionalKey(MetaTemplate),
  /** Blue ticks and "typing…" while an answer is being written. */
  markRead: withDefault(Schema.Boolean, true),
  ...common,
})
export type MetaSettings = typeof MetaSettings.Type

const WhatsappNumber = Schema.String.check(
  Schema.isPattern(/^(?:whatsapp:\+\d{5,20}|MG[0-9a-f]{32})$/, {
    expected: "from: whatsapp:+14155550100, or a Messaging Service (MG…)",
  }),
)

/** Whose business-scoped ids these are: the WhatsApp business account where it is known, else the number. */
export const scopeOf = (settings: MetaSettings): string => settings.wabaId ?? settings.phoneNumberId

/** A number on Twilio. */
export const TwilioSettings = Schema.Struct({
  provider: Schema.Literal("twilio"),
  accountSid: Schema.String.check(
    Schema.isPattern(/^AC[0-9a-f]{32}$/, { expected: "an Account SID (AC and 32 hex digits)" }),
  ),
  authToken: Secret,
  /** Webhooks signed with it are taken as well, while the token is being rotated. */
  secondAuthToken: Schema.optionalKey(Secret),
  from: WhatsappNumber,
  apiBaseUrl: withDefault(BaseUrl, "https://api.twilio.com"),
  template: Schema.optionalKey(
    Schema.Struct({
      contentSid: Schema.String.check(
        Schema.isPattern(/^HX[0-9a-f]{32}$/, { expected: "a Content SID (HX and 32 hex digits)" }),
      ),
      bodyParameter: withDefault(Schema.Boolean, true),
    }),
  ),
  ...common,
})
export type TwilioSettings = typeof TwilioSettings.Type

/** One WhatsApp account. Every secret decodes to a `Redacted`. */
export const WhatsappSettings = Schema.Union([MetaSettings, TwilioSettings])
export type WhatsappSettings = typeof WhatsappSettings.Type
