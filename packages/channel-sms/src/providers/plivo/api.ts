/** Plivo's Message resource: create, and list. The list has no texts, so a lost message is found by number and time. */
import { DateTime, Effect, Option, Redacted, Schema } from "effect"
import type { PlivoSettings } from "../../settings.ts"
import { countSegments } from "../../text/segments.ts"
import { ask } from "../ask.ts"
import { basicAuth } from "../secrets.ts"
import { doubtful } from "../SendProblem.ts"
import type { Part } from "../SmsProvider.ts"
import { plivoErrors } from "./errors.ts"

const NewMessage = Schema.fromJsonString(
  Schema.Struct({
    src: Schema.String,
    dst: Schema.String,
    text: Schema.optionalKey(Schema.String),
    type: Schema.Literals(["sms", "mms"]),
    media_urls: Schema.optionalKey(Schema.Array(Schema.String)),
    url: Schema.String,
    method: Schema.Literal("POST"),
  }),
)
const encode = Schema.encodeSync(NewMessage)
const Created = Schema.fromJsonString(
  Schema.Struct({ message_uuid: Schema.NonEmptyArray(Schema.NonEmptyString) }),
)
const Refused = Schema.fromJsonString(Schema.Struct({ error: Schema.String }))
const Listed = Schema.fromJsonString(
  Schema.Struct({
    objects: Schema.Array(
      Schema.Struct({
        message_uuid: Schema.String,
        message_direction: Schema.String,
        to_number: Schema.String,
        message_time: Schema.String,
        units: Schema.optionalKey(Schema.NullOr(Schema.Number)),
      }),
    ),
  }),
)

export const plivoAuth = (settings: PlivoSettings): string =>
  basicAuth(settings.authId, Redacted.value(settings.authToken))

const messagesUrl = (settings: PlivoSettings): string =>
  `${settings.apiBaseUrl.replace(/\/+$/, "")}/v1/Account/${settings.authId}/Message/`

/** Numbers without the plus, as Plivo writes them. */
const bare = (address: string): string => address.replace(/^\+(?=\d)/, "")

const said = (text: string) => ({
  code: null,
  message: Option.getOrNull(Schema.decodeUnknownOption(Refused)(text))?.error ?? null,
})

const call = (
  settings: PlivoSettings,
  timeoutMs: number,
  method: "GET" | "POST",
  url: string,
  body?: string,
) =>
  ask({
    provider: "Plivo",
    table: plivoErrors,
    method,
    url,
    authorization: plivoAuth(settings),
    contentType: "application/json",
    ...(body === undefined ? {} : { body }),
    maxBytes: 1_000_000,
    timeoutMs,
    said,
  })

export const sendByPlivo = Effect.fn("channel-sms.sendByPlivo")(function* (
  part: Part,
  settings: PlivoSettings,
  timeoutMs: number,
) {
  const body = encode({
    src: bare(part.from),
    dst: bare(part.to),
    ...(part.text.length > 0 ? { text: part.text } : {}),
    type: part.media.length > 0 ? "mms" : "sms",
    ...(part.media.length > 0 ? { media_urls: part.media.map((m) => m.url) } : {}),
    url: part.callbackUrl,
    method: "POST",
  })
  const text = yield* call(settings, timeoutMs, "POST", messagesUrl(settings), body)
  const created = yield* Schema.decodeUnknownEffect(Created)(text).pipe(
    Effect.mapError(() => doubtful("Plivo's answer to a new message cannot be read")),
  )
  return created.message_uuid[0]
})

/** `2026-11-21 10:00:00.123456+00:00` */
const millis = (time: string): number | null =>
  Option.getOrNull(
    Option.map(DateTime.make(time.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1")), DateTime.toEpochMillis),
  )

/** The newest messages to the customer: one of the right size and time that nothing else accounts for is ours. */
export const findAtPlivo = Effect.fn("channel-sms.findAtPlivo")(function* (
  part: Part,
  after: number,
  settings: PlivoSettings,
  timeoutMs: number,
) {
  const query = new URLSearchParams({
    to_number: bare(part.to),
    from_number: bare(part.from),
    message_direction: "outbound",
    limit: "20",
  })
  const text = yield* call(settings, timeoutMs, "GET", `${messagesUrl(settings)}?${query}`)
  const { objects } = yield* Schema.decodeUnknownEffect(Listed)(text).pipe(
    Effect.mapError(() => doubtful("Plivo's list of messages cannot be read")),
  )
  const { segments } = countSegments(part.text)
  const found = objects.filter((m) => {
    const at = millis(m.message_time)
    const sameSize = part.media.length > 0 || m.units == null || m.units === segments
    return (
      m.message_direction === "outbound" && sameSize && at !== null && at >= Math.floor(after / 1000) * 1000
    )
  })
  return found.map((m) => m.message_uuid)
})
