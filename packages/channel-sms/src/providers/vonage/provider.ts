/** Vonage Messages API, version 1. It has no list of messages; status webhooks echo our `client_ref`. */
import { createPrivateKey, randomBytes } from "node:crypto"
import { Clock, Effect, Option, Redacted, Schema } from "effect"
import { SignJWT } from "jose"
import type { SmsSettings, VonageSettings } from "../../settings.ts"
import { ask } from "../ask.ts"
import { basicAuth } from "../secrets.ts"
import { doubtful, refused } from "../SendProblem.ts"
import type { Part, SmsProvider } from "../SmsProvider.ts"
import { vonageErrors } from "./errors.ts"
import { readVonage, vonageCode } from "./read.ts"
import { verifyVonage } from "./signature.ts"

const NewMessage = Schema.fromJsonString(
  Schema.Struct({
    channel: Schema.Literals(["sms", "mms"]),
    message_type: Schema.Literals(["text", "image"]),
    to: Schema.String,
    from: Schema.String,
    text: Schema.optionalKey(Schema.String),
    image: Schema.optionalKey(Schema.Struct({ url: Schema.String })),
    client_ref: Schema.String,
    webhook_url: Schema.String,
    webhook_version: Schema.Literal("v1"),
  }),
)
const encode = Schema.encodeSync(NewMessage)
const Created = Schema.fromJsonString(Schema.Struct({ message_uuid: Schema.NonEmptyString }))
const Refused = Schema.fromJsonString(
  Schema.Struct({
    type: Schema.optionalKey(Schema.String),
    title: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])),
    detail: Schema.optionalKey(Schema.NullOr(Schema.String)),
  }),
)

/** Numbers without the plus, as Vonage writes them. */
const bare = (address: string): string => address.replace(/^\+(?=\d)/, "")

/** A token of 15 minutes for an application, else the account's key and secret. */
const authorization = Effect.fnUntraced(function* (settings: VonageSettings) {
  const { applicationId, privateKey } = settings
  if (applicationId === undefined || privateKey === undefined)
    return basicAuth(
      settings.apiKey,
      settings.apiSecret === undefined ? "" : Redacted.value(settings.apiSecret),
    )
  const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const token = yield* Effect.tryPromise({
    try: () =>
      new SignJWT({ application_id: applicationId })
        .setProtectedHeader({ alg: "RS256", typ: "JWT" })
        .setIssuedAt(now)
        .setExpirationTime(now + 900)
        .setJti(randomBytes(16).toString("hex"))
        .sign(createPrivateKey(Redacted.value(privateKey))),
    catch: () =>
      refused(
        "private-key",
        "The private key of our Vonage application cannot be used, so no text message can be sent. An administrator must correct the SMS account's settings.",
      ),
  })
  return `Bearer ${token}`
})

const bodyOf = (part: Part): string => {
  const common = {
    to: bare(part.to),
    from: bare(part.from),
    client_ref: part.token,
    webhook_url: part.callbackUrl,
    webhook_version: "v1" as const,
  }
  const [picture] = part.media
  if (picture === undefined)
    return encode({ channel: "sms", message_type: "text", text: part.text, ...common })
  return encode({ channel: "mms", message_type: "image", image: { url: picture.url }, ...common })
}

const said = (text: string) => {
  const refusal = Option.getOrNull(Schema.decodeUnknownOption(Refused)(text))
  return { code: vonageCode(refusal?.type, refusal?.title), message: refusal?.detail ?? null }
}

const send = Effect.fn("channel-sms.sendByVonage")(function* (
  part: Part,
  settings: VonageSettings,
  timeoutMs: number,
) {
  const text = yield* ask({
    provider: "Vonage",
    table: vonageErrors,
    method: "POST",
    url: `${settings.apiBaseUrl.replace(/\/+$/, "")}/v1/messages`,
    authorization: yield* authorization(settings),
    contentType: "application/json",
    body: bodyOf(part),
    maxBytes: 1_000_000,
    timeoutMs,
    said,
  })
  const created = yield* Schema.decodeUnknownEffect(Created)(text).pipe(
    Effect.mapError(() => doubtful("Vonage's answer to a new message cannot be read")),
  )
  return created.message_uuid
})

export const vonageProvider = (settings: VonageSettings, common: SmsSettings): SmsProvider => ({
  title: "Vonage",
  verify: (request) => verifyVonage(request, settings),
  read: (request, token) => readVonage(request, token),
  answer: { status: 200, contentType: "application/json", body: "{}" },
  media: {
    api: settings.apiBaseUrl,
    path: "/v3/media/",
    apiHosts: ["api.nexmo.com", "api-us.nexmo.com", "api-eu.nexmo.com", "api-ap.nexmo.com"],
    authorization: authorization(settings).pipe(Effect.orElseSucceed(() => "")),
    openHosts: common.mediaHosts,
  },
  mediaBudgetMs: 4_000,
  // An SMS of the Messages API holds 1,000 characters.
  textLimit: { gsm: 1000, unicode: 1000 },
  mms: {
    maxFiles: 1,
    fits: (contentType, size) => /^image\/(?:jpeg|png|gif)$/.test(contentType) && size <= 600_000,
    maxTotalBytes: 600_000,
    withText: false,
  },
  send: (part) => send(part, settings, common.timeoutMs),
  find: null,
})
