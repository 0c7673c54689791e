/** The settings of one site: what an operator writes in the configuration. */
import { Effect, Redacted, Schema } from "effect"
import { createPublicKey } from "node:crypto"
import { locales } from "./locales/index.ts"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"])

const originFault = (text: string): string | true => {
  const url = URL.parse(text)
  if (url === null || url.origin !== text || text.includes("*"))
    return "an origin is scheme and host alone: https://www.acme.example"
  return url.protocol === "https:" || (url.protocol === "http:" && loopback.has(url.hostname))
    ? true
    : "an origin must be https (http only on this machine)"
}

const Origin = Schema.String.check(Schema.makeFilter(originFault))

const Locale = Schema.String.check(
  Schema.makeFilter((code) =>
    Object.hasOwn(locales, code) ? true : `is none of the languages ${Object.keys(locales).join(", ")}`,
  ),
)

const keyFault = (alg: "HS256" | "RS256" | "EdDSA", key: string): string | true => {
  if (alg === "HS256") {
    return Buffer.byteLength(key) >= 32 ? true : "an HS256 key must have at least 32 bytes"
  }
  if (/PRIVATE KEY/.test(key)) return `${alg} wants the public key here; keep the private one on your server`
  try {
    const made = createPublicKey(key)
    const { asymmetricKeyDetails, asymmetricKeyType } = made
    if (alg === "EdDSA") return asymmetricKeyType === "ed25519" ? true : "EdDSA wants an Ed25519 public key"
    return asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
      ? true
      : "RS256 wants an RSA public key of at least 2048 bits"
  } catch {
    return `the key with alg ${alg} is no public key in PEM form`
  }
}

const IdentityKey = Schema.Struct({
  /** Names the key in a token's header, so that keys can be rotated. */
  kid: Schema.NonEmptyString.check(Schema.isMaxLength(100)),
  alg: Schema.Literals(["HS256", "RS256", "EdDSA"]),
  /** HS256: the shared secret. RS256 and EdDSA: the public key as PEM. */
  key: Schema.RedactedFromValue(Schema.NonEmptyString),
}).check(Schema.makeFilter(({ alg, key }) => keyFault(alg, Redacted.value(key))))
export type IdentityKey = typeof IdentityKey.Type

/** A CSS value without anything that could load something. */
const CssValue = Schema.String.check(
  Schema.isPattern(/^(?!.*url\()[#\w(),.%\s/'"-]{1,120}$/i, { expected: "a plain CSS value without url()" }),
)

const Theme = Schema.Struct({
  accent: Schema.optionalKey(CssValue),
  "on-accent": Schema.optionalKey(CssValue),
  surface: Schema.optionalKey(CssValue),
  text: Schema.optionalKey(CssValue),
  muted: Schema.optionalKey(CssValue),
  border: Schema.optionalKey(CssValue),
  bubble: Schema.optionalKey(CssValue),
  radius: Schema.optionalKey(CssValue),
  font: Schema.optionalKey(CssValue),
  "z-index": Schema.optionalKey(CssValue),
})

/** What customers may send unless a site says otherwise. */
const usualTypes: ReadonlyArray<string> = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/heic",
  "application/pdf",
  "text/plain",
  "text/csv",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]

const MediaType = Schema.String.check(
  Schema.isPattern(/^[a-z]+\/(\*|[a-z0-9.+-]+)$/, { expected: "a media type such as image/png or image/*" }),
)

const Attachments = Schema.Struct({
  enabled: withDefault(Schema.Boolean, true),
  /** Per file, in bytes. */
  maxBytes: withDefault(between(1_024, 25_000_000), 10_000_000),
  /** Per message. */
  maxFiles: withDefault(between(1, 10), 5),
  /** By content, whatever the file's name says. */
  types: withDefault(Schema.Array(MediaType), usualTypes),
})

const FieldRule = Schema.Literals(["off", "optional", "required"])

const Prechat = Schema.Struct({ name: withDefault(FieldRule, "off"), email: withDefault(FieldRule, "off") })

const Limits = Schema.Struct({
  /** Messages that one visitor may send. */
  messagesPerMinute: withDefault(between(1, 10_000), 20),
  /** Other calls by one visitor. */
  callsPerMinute: withDefault(between(1, 10_000), 120),
  /** All calls from one address; several people may share it. */
  addressPerMinute: withDefault(between(1, 100_000), 600),
  /** Open streams of one visitor. */
  streams: withDefault(between(1, 100), 8),
})

/** One site. Every secret decodes to a `Redacted`. */
export const WidgetSettings = Schema.Struct({
  /** Public: names the site in the snippet. The `aud` of identity tokens. */
  siteKey: Schema.String.check(
    Schema.isPattern(/^[A-Za-z0-9_-]{8,64}$/, { expected: "8 to 64 letters, digits, - and _" }),
  ),
  /** Exactly these pages may use the widget. */
  origins: Schema.Array(Origin).check(Schema.isMinLength(1)),
  /** Heading of the panel. Default: the organization's name. */
  title: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(80))),
  /** Own words by language (`*`: every language) and key. */
  texts: withDefault(
    Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.String.check(Schema.isMaxLength(500)))),
    {},
  ),
  /** Language when the visitor's is none of ours. */
  locale: withDefault(Locale, "en"),
  theme: withDefault(Theme, {}),
  position: withDefault(Schema.Literals(["end", "start"]), "end"),
  attachments: withDefault(Attachments, {}),
  /** Keys of the site's identity tokens; none: nobody can be identified. */
  identity: withDefault(Schema.Array(IdentityKey), []),
  /** When set, the `iss` that identity tokens must carry. */
  issuer: Schema.optionalKey(Schema.NonEmptyString),
  /** Asked before the first message. */
  prechat: withDefault(Prechat, {}),
  /** What must be agreed to before the first message: plain text with Markdown links. */
  consent: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(1_000))),
  /** Ask for an e-mail address when a human was asked for and none came. */
  askEmail: withDefault(Schema.Boolean, true),
  askEmailAfterSeconds: withDefault(between(1, 86_400), 60),
  /** Ask for a rating when a conversation has ended. */
  csat: withDefault(Schema.Boolean, true),
  limits: withDefault(Limits, {}),
  /** Reverse proxies in front of the runtime: how many entries at the end of `X-Forwarded-For` are theirs. */
  proxies: withDefault(between(0, 10), 0),
})
export type WidgetSettings = typeof WidgetSettings.Type
