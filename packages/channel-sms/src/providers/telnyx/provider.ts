/** Telnyx Messaging, API version 2. It lists no messages, so a lost answer is only cleared up by its status webhook. */
import { Effect, Option, Redacted, Schema } from "effect"
import type { SmsSettings, TelnyxSettings } from "../../settings.ts"
import { ask } from "../ask.ts"
import { doubtful } from "../SendProblem.ts"
import type { Part, SmsProvider } from "../SmsProvider.ts"
import { telnyxErrors } from "./errors.ts"
import { readTelnyx } from "./read.ts"
import { verifyTelnyx } from "./signature.ts"

const NewMessage = Schema.fromJsonString(
  Schema.Struct({
    from: Schema.String,
    to: Schema.String,
    text: Schema.optionalKey(Schema.String),
    media_urls: Schema.optionalKey(Schema.Array(Schema.String)),
    messaging_profile_id: Schema.optionalKey(Schema.String),
    webhook_url: Schema.String,
  }),
)
const encode = Schema.encodeSync(NewMessage)
const Created = Schema.fromJsonString(Schema.Struct({ data: Schema.Struct({ id: Schema.NonEmptyString }) }))
const Refused = Schema.fromJsonString(
  Schema.Struct({
    errors: Schema.Array(
      Schema.Struct({
        code: Schema.Union([Schema.String, Schema.Number]),
        title: Schema.optionalKey(Schema.NullOr(Schema.String)),
        detail: Schema.optionalKey(Schema.NullOr(Schema.String)),
      }),
    ),
  }),
)

const said = (text: string) => {
  const error = Option.getOrNull(Schema.decodeUnknownOption(Refused)(text))?.errors[0]
  return {
    code: error === undefined ? null : String(error.code),
    message: error?.detail ?? error?.title ?? null,
  }
}

const send = Effect.fn("channel-sms.sendByTelnyx")(function* (
  part: Part,
  settings: TelnyxSettings,
  timeoutMs: number,
) {
  const text = yield* ask({
    provider: "Telnyx",
    table: telnyxErrors,
    method: "POST",
    url: `${settings.apiBaseUrl.replace(/\/+$/, "")}/v2/messages`,
    authorization: `Bearer ${Redacted.value(settings.apiKey)}`,
    contentType: "application/json",
    body: encode({
      from: part.from,
      to: part.to,
      ...(part.text.length > 0 ? { text: part.text } : {}),
      ...(part.media.length > 0 ? { media_urls: part.media.map((m) => m.url) } : {}),
      ...(settings.messagingProfileId === undefined
        ? {}
        : { messaging_profile_id: settings.messagingProfileId }),
      webhook_url: part.callbackUrl,
    }),
    maxBytes: 1_000_000,
    timeoutMs,
    said,
  })
  const created = yield* Schema.decodeUnknownEffect(Created)(text).pipe(
    Effect.mapError(() => doubtful("Telnyx's answer to a new message cannot be read")),
  )
  return created.data.id
})

export const telnyxProvider = (settings: TelnyxSettings, common: SmsSettings): SmsProvider => ({
  title: "Telnyx",
  verify: (request) => verifyTelnyx(request, settings),
  read: (request, token) => readTelnyx(request, token),
  answer: { status: 200, contentType: "application/json", body: "{}" },
  media: {
    api: settings.apiBaseUrl,
    // Files lie on open hosts only; nothing of the API itself is one.
    path: "/v2/media/",
    apiHosts: [],
    authorization: Effect.sync(() => `Bearer ${Redacted.value(settings.apiKey)}`),
    openHosts: [
      "media.telnyx.com",
      "us-central-1.telnyxstorage.com",
      "us-east-1.telnyxstorage.com",
      "us-west-1.telnyxstorage.com",
      ...common.mediaHosts,
    ],
  },
  // Telnyx wants its answer within two seconds.
  mediaBudgetMs: 1_400,
  // Ten segments.
  textLimit: { gsm: 1530, unicode: 670 },
  mms: {
    maxFiles: 10,
    fits: (contentType, size) =>
      size <= 1_000_000 &&
      /^(?:image|audio|video)\/|^text\/(?:vcard|x-vcard)$|^application\/pdf$/.test(contentType),
    maxTotalBytes: 1_000_000,
    withText: true,
  },
  send: (part) => send(part, settings, common.timeoutMs),
  find: null,
})
