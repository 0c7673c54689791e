/** Twilio's Messages resource: create, and list for finding a message whose answer was lost. */
import { DateTime, Effect, Option, Redacted, Schema } from "effect"
import type { TwilioSettings } from "../../settings.ts"
import { ask } from "../ask.ts"
import { basicAuth } from "../secrets.ts"
import { doubtful } from "../SendProblem.ts"
import type { Part } from "../SmsProvider.ts"
import { twilioErrors } from "./errors.ts"

const Created = Schema.fromJsonString(Schema.Struct({ sid: Schema.NonEmptyString }))
const Refused = Schema.fromJsonString(
  Schema.Struct({
    code: Schema.optionalKey(Schema.NullOr(Schema.Number)),
    message: Schema.optionalKey(Schema.NullOr(Schema.String)),
  }),
)
const Listed = Schema.fromJsonString(
  Schema.Struct({
    messages: Schema.Array(
      Schema.Struct({
        sid: Schema.String,
        body: Schema.NullOr(Schema.String),
        direction: Schema.String,
        date_created: Schema.NullOr(Schema.String),
      }),
    ),
  }),
)

export const twilioAuth = (settings: TwilioSettings): string =>
  basicAuth(settings.accountSid, Redacted.value(settings.authToken))

const messagesUrl = (settings: TwilioSettings): string =>
  `${settings.apiBaseUrl.replace(/\/+$/, "")}/2010-04-01/Accounts/${settings.accountSid}/Messages.json`

const formOfPart = (part: Part, settings: TwilioSettings): string => {
  const form = new URLSearchParams({ To: part.to, From: part.from })
  // With a service, `From` picks the sender out of its pool: the answer comes from the number that was written to.
  if (settings.messagingServiceSid !== undefined)
    form.set("MessagingServiceSid", settings.messagingServiceSid)
  if (part.text.length > 0) form.set("Body", part.text)
  for (const { url } of part.media) form.append("MediaUrl", url)
  form.set("StatusCallback", part.callbackUrl)
  return form.toString()
}

const said = (text: string) => {
  const refused = Option.getOrNull(Schema.decodeUnknownOption(Refused)(text))
  return {
    code: refused?.code == null ? null : String(refused.code),
    message: refused?.message ?? null,
  }
}

const call = (
  settings: TwilioSettings,
  timeoutMs: number,
  method: "GET" | "POST",
  url: string,
  body?: string,
) =>
  ask({
    provider: "Twilio",
    table: twilioErrors,
    method,
    url,
    authorization: twilioAuth(settings),
    contentType: "application/x-www-form-urlencoded",
    ...(body === undefined ? {} : { body }),
    maxBytes: 2_000_000,
    timeoutMs,
    said,
  })

/** Creates a message. */
export const sendByTwilio = Effect.fn("channel-sms.sendByTwilio")(function* (
  part: Part,
  settings: TwilioSettings,
  timeoutMs: number,
) {
  const text = yield* call(settings, timeoutMs, "POST", messagesUrl(settings), formOfPart(part, settings))
  const created = yield* Schema.decodeUnknownEffect(Created)(text).pipe(
    Effect.mapError(() => doubtful("Twilio's answer to a new message cannot be read")),
  )
  return created.sid
})

const millis = (date: string | null): number | null =>
  date === null ? null : Option.getOrNull(Option.map(DateTime.make(date), DateTime.toEpochMillis))

/** Outer whitespace may be lost on the way, and trial accounts put a sentence before every text. */
const sameBody = (a: string | null, b: string): boolean =>
  (a ?? "").replace(/^Sent from your Twilio trial account - /, "").trim() === b.trim()

/** Looks through the newest 100 messages to the customer for this text. Creation times have whole seconds. */
export const findAtTwilio = Effect.fn("channel-sms.findAtTwilio")(function* (
  part: Part,
  after: number,
  settings: TwilioSettings,
  timeoutMs: number,
) {
  const query = new URLSearchParams({ To: part.to, From: part.from, PageSize: "100" })
  const text = yield* call(settings, timeoutMs, "GET", `${messagesUrl(settings)}?${query}`)
  const { messages } = yield* Schema.decodeUnknownEffect(Listed)(text).pipe(
    Effect.mapError(() => doubtful("Twilio's list of messages cannot be read")),
  )
  const found = messages.filter((m) => {
    const at = millis(m.date_created)
    return (
      m.direction.startsWith("outbound") &&
      sameBody(m.body, part.text) &&
      at !== null &&
      at >= Math.floor(after / 1000) * 1000
    )
  })
  return found.map((m) => m.sid)
})
