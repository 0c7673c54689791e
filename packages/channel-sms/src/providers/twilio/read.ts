/** Twilio's webhooks → provider events. Inbound messages and status callbacks come to the same URL. */
import { MalformedInput, type RawRequest } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { Consent } from "../../optout/words.ts"
import { bodyText, firstValues, formOf, isJson } from "../form.ts"
import { explain } from "../SendProblem.ts"
import type { ProviderEvent, RemoteMedia, StatusNews } from "../SmsProvider.ts"
import { twilioErrors } from "./errors.ts"

// Twilio adds parameters without notice; only these are looked at.
const Inbound = Schema.Struct({
  MessageSid: Schema.NonEmptyString,
  From: Schema.NonEmptyString,
  To: Schema.NonEmptyString,
  Body: Schema.optionalKey(Schema.String),
  NumMedia: Schema.optionalKey(Schema.String),
  OptOutType: Schema.optionalKey(Schema.String),
})
const Status = Schema.Struct({
  MessageSid: Schema.NonEmptyString,
  MessageStatus: Schema.NonEmptyString,
  ErrorCode: Schema.optionalKey(Schema.String),
  ErrorMessage: Schema.optionalKey(Schema.String),
})
const Json = Schema.fromJsonString(
  Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number, Schema.Boolean, Schema.Null])),
)

const malformed = (detail: string) =>
  new MalformedInput({ detail, hint: "this URL takes Twilio's webhooks for messages and their status" })

type Fields = Readonly<Record<string, string>>

const fieldsOf = Effect.fnUntraced(function* (request: RawRequest) {
  if (!isJson(request)) return firstValues(formOf(request))
  const values = yield* Schema.decodeUnknownEffect(Json)(bodyText(request)).pipe(
    Effect.mapError(() => malformed("the body is no JSON object of plain values")),
  )
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  )
})

const statuses: Readonly<Record<string, StatusNews["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
}

const mediaOf = (fields: Fields): ReadonlyArray<RemoteMedia> => {
  const count = Math.min(10, Math.max(0, Number.parseInt(fields["NumMedia"] ?? "0", 10) || 0))
  return Array.from({ length: count }, (_, i) => ({
    url: fields[`MediaUrl${i}`] ?? "",
    contentType: fields[`MediaContentType${i}`] ?? null,
  }))
}

const consents: Readonly<Record<string, Consent>> = { STOP: "out", START: "in", HELP: "help" }

const inbound = Effect.fnUntraced(function* (fields: Fields) {
  const message = yield* Schema.decodeUnknownEffect(Inbound)({
    ...fields,
    // The older name of the same id.
    MessageSid: fields["MessageSid"] ?? fields["SmsMessageSid"] ?? fields["SmsSid"],
  }).pipe(Effect.mapError((error) => malformed(error.message)))
  return {
    _tag: "Inbound",
    id: message.MessageSid,
    from: message.From,
    to: message.To,
    text: message.Body ?? "",
    media: mediaOf(fields),
    at: null,
    consent: consents[(message.OptOutType ?? "").toUpperCase()] ?? null,
  } satisfies ProviderEvent
})

const news = Effect.fnUntraced(function* (fields: Fields, token: string | null) {
  const status = yield* Schema.decodeUnknownEffect(Status)({
    ...fields,
    MessageSid: fields["MessageSid"] ?? fields["SmsSid"],
    MessageStatus: fields["MessageStatus"] ?? fields["SmsStatus"],
  }).pipe(Effect.mapError((error) => malformed(error.message)))
  const word = status.MessageStatus.toLowerCase()
  const code = status.ErrorCode === undefined || status.ErrorCode === "" ? null : status.ErrorCode
  const meaning = statuses[word] ?? null
  return {
    _tag: "Status",
    id: status.MessageSid,
    word,
    status: meaning,
    explanation:
      meaning === "failed" ? explain("Twilio", twilioErrors, code, status.ErrorMessage ?? null) : null,
    token,
    at: null,
  } satisfies ProviderEvent
})

const isInbound = (fields: Fields): boolean => {
  const word = (fields["MessageStatus"] ?? fields["SmsStatus"] ?? "received").toLowerCase()
  return word === "received" || word === "receiving"
}

export const readTwilio = Effect.fn("channel-sms.readTwilio")(function* (
  request: RawRequest,
  token: string | null,
) {
  const fields = yield* fieldsOf(request)
  const event: ProviderEvent =
    token === null && isInbound(fields) ? yield* inbound(fields) : yield* news(fields, token)
  return [event]
})
