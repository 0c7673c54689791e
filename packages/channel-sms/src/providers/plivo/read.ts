/** Plivo's webhooks → provider events: forms with `Text` or `Media0` for messages, with `Status` for reports. */
import { MalformedInput, type RawRequest } from "@opencx/core"
import { Effect, Schema } from "effect"
import { firstValues, formOf } from "../form.ts"
import { explain } from "../SendProblem.ts"
import type { ProviderEvent, RemoteMedia, StatusNews } from "../SmsProvider.ts"
import { plivoErrors } from "./errors.ts"

const Inbound = Schema.Struct({
  MessageUUID: Schema.NonEmptyString,
  From: Schema.NonEmptyString,
  To: Schema.NonEmptyString,
  Text: Schema.optionalKey(Schema.String),
  /** Body of an MMS. */
  Body: Schema.optionalKey(Schema.String),
})
const Status = Schema.Struct({
  MessageUUID: Schema.NonEmptyString,
  Status: Schema.NonEmptyString,
  ErrorCode: Schema.optionalKey(Schema.String),
})

const malformed = (detail: string) =>
  new MalformedInput({ detail, hint: "this URL takes Plivo's message and status webhooks, by POST" })

const statuses: Readonly<Record<string, StatusNews["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  rejected: "failed",
}

const mediaOf = (fields: Readonly<Record<string, string>>): ReadonlyArray<RemoteMedia> =>
  Array.from({ length: 10 }, (_, i) => fields[`Media${i}`] ?? "")
    .filter((url) => url.length > 0)
    .map((url) => ({ url, contentType: null }))

const news = Effect.fnUntraced(function* (fields: Readonly<Record<string, string>>, token: string | null) {
  const report = yield* Schema.decodeUnknownEffect(Status)(fields).pipe(
    Effect.mapError((error) => malformed(error.message)),
  )
  const word = report.Status.toLowerCase()
  const status = statuses[word] ?? null
  const code = report.ErrorCode === undefined || /^0*$/.test(report.ErrorCode) ? null : report.ErrorCode
  return {
    _tag: "Status",
    id: report.MessageUUID,
    word,
    status,
    explanation: status === "failed" ? explain("Plivo", plivoErrors, code, null) : null,
    token,
    at: null,
  } satisfies ProviderEvent
})

export const readPlivo = Effect.fn("channel-sms.readPlivo")(function* (
  request: RawRequest,
  token: string | null,
) {
  const fields = firstValues(formOf(request))
  if (fields["Status"] !== undefined && (token !== null || fields["Text"] === undefined))
    return [yield* news(fields, token)]
  const message = yield* Schema.decodeUnknownEffect(Inbound)(fields).pipe(
    Effect.mapError((error) => malformed(error.message)),
  )
  const event: ProviderEvent = {
    _tag: "Inbound",
    id: message.MessageUUID,
    from: message.From,
    to: message.To,
    text: message.Text ?? message.Body ?? "",
    media: mediaOf(fields),
    at: null,
    consent: null,
  }
  return [event]
})
