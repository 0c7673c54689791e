/** Amazon SNS over HTTPS: whose message it is, and that it is whole. Facts: SNS developer guide, "Verifying the signatures of Amazon SNS messages". */
import { createVerify, X509Certificate } from "node:crypto"
import { SignatureRejected } from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import type { FetchText } from "./fetchText.ts"

export const SnsMessage = Schema.Struct({
  Type: Schema.String,
  MessageId: Schema.String,
  TopicArn: Schema.String,
  Message: Schema.String,
  Timestamp: Schema.String,
  SignatureVersion: Schema.String,
  Signature: Schema.String,
  SigningCertURL: Schema.String,
  Subject: Schema.optionalKey(Schema.NullOr(Schema.String)),
  SubscribeURL: Schema.optionalKey(Schema.NullOr(Schema.String)),
  Token: Schema.optionalKey(Schema.NullOr(Schema.String)),
})
export type SnsMessage = typeof SnsMessage.Type

export const decodeSns = Schema.decodeUnknownEffect(Schema.fromJsonString(SnsMessage))

const signedFields = (message: SnsMessage): ReadonlyArray<keyof SnsMessage> =>
  message.Type === "Notification"
    ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]

/** Name and value of each signed field on lines of their own. */
export const stringToSign = (message: SnsMessage): string =>
  signedFields(message)
    .flatMap((field) => {
      const value = message[field]
      return value === undefined || value === null ? [] : [`${field}\n${value}\n`]
    })
    .join("")

/** The host that SNS speaks from in a region. */
export const snsHost = (region: string): string =>
  `sns.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`

const certificateUrl = (value: string, region: string): string | null => {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  const plain = url.protocol === "https:" && url.port === "" && url.username === "" && url.search === ""
  return plain &&
    url.host === snsHost(region) &&
    /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/.test(url.pathname)
    ? url.href
    : null
}

const rejected = (detail: string) => new SignatureRejected({ detail })

/** Certificates by URL; a handful, kept for the life of the process. */
export type CertificateCache = Map<string, X509Certificate>

const certificate = Effect.fnUntraced(function* (url: string, fetchText: FetchText, cache: CertificateCache) {
  const known = cache.get(url)
  if (known !== undefined) return known
  const pem = yield* fetchText(url).pipe(
    Effect.mapError((e) => rejected(`the signing certificate could not be read: ${e.message}`)),
  )
  const parsed = yield* Effect.try({
    try: () => new X509Certificate(pem),
    catch: () => rejected("the signing certificate is none"),
  })
  if (cache.size >= 20) cache.clear()
  cache.set(url, parsed)
  return parsed
})

/** Checks topic, certificate address, certificate dates and signature (version 1: SHA-1, 2: SHA-256). */
export const verifySns = Effect.fn("channel-email.verifySns")(function* (
  message: SnsMessage,
  expected: { readonly topicArn: string; readonly region: string },
  fetchText: FetchText,
  cache: CertificateCache,
) {
  if (message.TopicArn !== expected.topicArn)
    return yield* rejected(`the message is for topic ${message.TopicArn.slice(0, 200)}`)
  const url = certificateUrl(message.SigningCertURL, expected.region)
  if (url === null) return yield* rejected("SigningCertURL is not the one of SNS in the account's region")
  const algorithm =
    message.SignatureVersion === "2" ? "RSA-SHA256" : message.SignatureVersion === "1" ? "RSA-SHA1" : null
  if (algorithm === null)
    return yield* rejected(`signature version ${message.SignatureVersion.slice(0, 10)} is unknown`)
  const cert = yield* certificate(url, fetchText, cache)
  const now = yield* Clock.currentTimeMillis
  if (now < Date.parse(cert.validFrom) || now > Date.parse(cert.validTo)) {
    cache.delete(url)
    return yield* rejected("the signing certificate is not valid today; check this server's clock")
  }
  const good = createVerify(algorithm)
    .update(stringToSign(message), "utf8")
    .verify(cert.publicKey, message.Signature, "base64")
  if (!good) return yield* rejected("the SNS signature does not fit")
})

/** The confirmation address, built by us: the one in the message is never followed. */
export const confirmationUrl = (message: SnsMessage, region: string): string =>
  `https://${snsHost(region)}/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(message.TopicArn)}&Token=${encodeURIComponent(message.Token ?? "")}`
