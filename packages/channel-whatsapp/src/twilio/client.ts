/** Calls to Twilio's REST API, and what their failures mean. */
import type { SendFailure } from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import { http, type Reply } from "../edge/http.ts"
import { ambiguous, hold, permanent, retry } from "../outbound/failure.ts"
import { heldUntilTheyWrite } from "../outbound/window.ts"
import type { TwilioSettings } from "../settings.ts"
import { classOf, explainCode } from "./errors.ts"
import { basicOf } from "./media.ts"

const MAX_ANSWER = 1_048_576
const THROTTLED_MS = 30_000

const Sent = Schema.fromJsonString(Schema.Struct({ sid: Schema.NonEmptyString }))
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
        body: Schema.optionalKey(Schema.NullOr(Schema.String)),
        direction: Schema.optionalKey(Schema.NullOr(Schema.String)),
        date_created: Schema.optionalKey(Schema.NullOr(Schema.String)),
        num_media: Schema.optionalKey(Schema.NullOr(Schema.String)),
      }),
    ),
  }),
)
const decodeSent = Schema.decodeUnknownOption(Sent)
const decodeRefused = Schema.decodeUnknownOption(Refused)
const decodeListed = Schema.decodeUnknownOption(Listed)

const text = (reply: Reply): string => new TextDecoder().decode(reply.body)

const messagesUrl = (settings: TwilioSettings, query = ""): string =>
  `${settings.apiBaseUrl}/2010-04-01/Accounts/${settings.accountSid}/Messages.json${query}`

/** Milliseconds; null when Twilio does not say. */
const retryAfterOf = (reply: Reply): number | null => {
  const seconds = Number(reply.headers["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null
}

const failureOf = (reply: Reply): SendFailure => {
  const refused = Option.getOrNull(decodeRefused(text(reply)))
  const code = refused?.code ?? null
  const details = refused?.message ?? null
  const detail = `Twilio answered ${reply.status}${code === null ? "" : `, code ${code}`}: ${details ?? ""}`
  if (reply.status === 429) return retry(detail, retryAfterOf(reply) ?? THROTTLED_MS)
  // Out of order, not full: the engine's own growing pauses, so that a short outage does not cost half a minute.
  if (reply.status === 503) return retry(detail, retryAfterOf(reply))
  if (reply.status >= 500) return code === null ? ambiguous(detail) : retry(detail)
  if (code === null) return permanent(String(reply.status), explainCode(null, `status ${reply.status}`, null))
  const kind = classOf(code)
  if (kind === "window") return hold(heldUntilTheyWrite(null))
  return kind === "throttle"
    ? retry(detail, retryAfterOf(reply) ?? THROTTLED_MS)
    : permanent(String(code), explainCode(code, details, null))
}

/** Creates a message; answers with its SID. */
export const create = Effect.fnUntraced(function* (settings: TwilioSettings, form: URLSearchParams) {
  const body = new TextEncoder().encode(form.toString())
  const reply = yield* http({
    method: "POST",
    url: messagesUrl(settings),
    headers: {
      authorization: basicOf(settings),
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(body.length),
    },
    body,
    maxBytes: MAX_ANSWER,
    timeoutMs: settings.timeoutMs,
  }).pipe(
    Effect.mapError((error) =>
      error.reached
        ? ambiguous(`no answer from Twilio (${error.detail})`)
        : retry(`Twilio cannot be reached: ${error.detail}`),
    ),
  )
  if (reply.status < 200 || reply.status > 299) return yield* failureOf(reply)
  const sent = Option.getOrNull(decodeSent(text(reply)))
  if (sent === null) return yield* ambiguous("Twilio's answer to a message cannot be read")
  return sent.sid
})

export interface ListedMessage {
  readonly sid: string
  readonly body: string
  readonly files: number
  /** Epoch ms; null when it cannot be read. */
  readonly createdAt: number | null
}

/** The newest messages from us to `to`; null when the list cannot be had. */
export const listSent = Effect.fnUntraced(function* (settings: TwilioSettings, to: string) {
  const query = new URLSearchParams({ To: to, PageSize: "50" })
  const reply = yield* http({
    method: "GET",
    url: messagesUrl(settings, `?${query.toString()}`),
    headers: { authorization: basicOf(settings) },
    body: null,
    maxBytes: MAX_ANSWER,
    timeoutMs: settings.timeoutMs,
  }).pipe(Effect.option)
  const listed = Option.filter(reply, (r) => r.status === 200).pipe(
    Option.flatMap((r) => decodeListed(text(r))),
    Option.getOrNull,
  )
  if (listed === null) return null
  return listed.messages
    .filter(({ direction }) => direction?.startsWith("outbound") ?? true)
    .map((m): ListedMessage => {
      const createdAt = Date.parse(m.date_created ?? "")
      return {
        sid: m.sid,
        body: m.body ?? "",
        files: Number(m.num_media ?? 0) || 0,
        createdAt: Number.isNaN(createdAt) ? null : createdAt,
      }
    })
})
