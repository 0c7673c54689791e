/** Telnyx's webhooks → provider events: `message.received`, and `message.sent` and `message.finalized` for our own. */
import { MalformedInput, type RawRequest } from "@opencx/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Consent } from "../../optout/words.ts"
import { bodyText } from "../form.ts"
import { explain } from "../SendProblem.ts"
import type { ProviderEvent, StatusNews } from "../SmsProvider.ts"
import { telnyxErrors } from "./errors.ts"

const Event = Schema.fromJsonString(
  Schema.Struct({
    data: Schema.Struct({
      event_type: Schema.String,
      id: Schema.NonEmptyString,
      occurred_at: Schema.optionalKey(Schema.NullOr(Schema.String)),
      payload: Schema.Unknown,
    }),
  }),
)

const Media = Schema.Struct({
  url: Schema.NullOr(Schema.String),
  content_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
})
const Received = Schema.Struct({
  id: Schema.NonEmptyString,
  from: Schema.Struct({ phone_number: Schema.NonEmptyString }),
  to: Schema.Array(Schema.Struct({ phone_number: Schema.NonEmptyString })),
  text: Schema.optionalKey(Schema.NullOr(Schema.String)),
  media: Schema.optionalKey(Schema.NullOr(Schema.Array(Media))),
  /** START, STOP or HELP, when Telnyx itself has answered. */
  autoresponse_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
})
const Reported = Schema.Struct({
  id: Schema.NonEmptyString,
  to: Schema.Array(Schema.Struct({ status: Schema.String })),
  errors: Schema.optionalKey(
    Schema.NullOr(
      Schema.Array(
        Schema.Struct({
          code: Schema.Union([Schema.String, Schema.Number]),
          title: Schema.optionalKey(Schema.NullOr(Schema.String)),
        }),
      ),
    ),
  ),
})

const malformed = (detail: string) =>
  new MalformedInput({ detail, hint: "this URL takes Telnyx's messaging webhooks, API version 2" })

/** Epoch milliseconds of an ISO time. */
const millis = (iso: string | null | undefined): number | null =>
  iso == null ? null : Option.getOrNull(Option.map(DateTime.make(iso), DateTime.toEpochMillis))

/** `START`, `STOP`, `HELP`; also spelled `opt_in` and `opt_out` in older payloads. */
const consentOfType = (type: string): Consent => {
  if (/^(?:stop|opt[_-]?out)/i.test(type)) return "out"
  if (/^(?:start|opt[_-]?in)/i.test(type)) return "in"
  return /^help/i.test(type) ? "help" : null
}

const received = Effect.fnUntraced(function* (payload: unknown, at: number | null) {
  const message = yield* Schema.decodeUnknownEffect(Received)(payload).pipe(
    Effect.mapError((error) => malformed(error.message)),
  )
  const to = message.to[0]
  if (to === undefined) return yield* malformed("the message names no receiver")
  return {
    _tag: "Inbound",
    id: message.id,
    from: message.from.phone_number,
    to: to.phone_number,
    text: message.text ?? "",
    media: (message.media ?? []).slice(0, 10).map((m) => ({
      url: m.url ?? "",
      contentType: m.content_type ?? null,
    })),
    at,
    consent: consentOfType(message.autoresponse_type ?? ""),
  } satisfies ProviderEvent
})

const statuses: Readonly<Record<string, StatusNews["status"]>> = {
  sent: "sent",
  // The carrier gave no receipt, as some never do: it went out.
  delivery_unconfirmed: "sent",
  delivered: "delivered",
  sending_failed: "failed",
  delivery_failed: "failed",
  expired: "failed",
}

const reported = Effect.fnUntraced(function* (payload: unknown, at: number | null, token: string | null) {
  const report = yield* Schema.decodeUnknownEffect(Reported)(payload).pipe(
    Effect.mapError((error) => malformed(error.message)),
  )
  const word = report.to[0]?.status ?? "unknown"
  const status = statuses[word] ?? null
  const error = report.errors?.[0]
  return {
    _tag: "Status",
    id: report.id,
    word,
    status,
    explanation:
      status === "failed"
        ? explain(
            "Telnyx",
            telnyxErrors,
            error === undefined ? null : String(error.code),
            error?.title ?? null,
          )
        : null,
    token,
    at,
  } satisfies ProviderEvent
})

export const readTelnyx = Effect.fn("channel-sms.readTelnyx")(function* (
  request: RawRequest,
  token: string | null,
) {
  const { data } = yield* Schema.decodeUnknownEffect(Event)(bodyText(request)).pipe(
    Effect.mapError(() => malformed("the body is no Telnyx event")),
  )
  const at = millis(data.occurred_at)
  const event = yield* Effect.gen(function* () {
    switch (data.event_type) {
      case "message.received":
        return yield* received(data.payload, at)
      case "message.sent":
      case "message.finalized":
        return yield* reported(data.payload, at, token)
      default:
        return { _tag: "Unused", key: data.id, why: `Telnyx event ${data.event_type.slice(0, 60)}` } as const
    }
  })
  return [event satisfies ProviderEvent]
})
