/** The three calls of Twilio's REST API that this channel makes. */
import { Effect, Redacted, Schema } from "effect"
import { Fault } from "../failures.ts"
import { type ApiAnswer, callApi } from "../http.ts"

/** Credentials of an account and where its API is. */
export interface RestAccount {
  readonly accountSid: string
  readonly authToken: Redacted.Redacted<string>
  readonly apiBaseUrl: string
}

/** Twilio answered. `code` is its own error code, where it gave one. */
export interface Refused {
  readonly _tag: "Refused"
  readonly status: number
  readonly code: number | null
  readonly message: string
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | null
}

const MAX = 1_048_576

const ErrorBody = Schema.fromJsonString(
  Schema.Struct({
    code: Schema.optionalKey(Schema.NullOr(Schema.Number)),
    message: Schema.optionalKey(Schema.String),
  }),
)
const decodeError = Schema.decodeUnknownOption(ErrorBody)

const refused = (answer: ApiAnswer): Refused => {
  const body = decodeError(answer.text)
  const seconds = Number(answer.retryAfter ?? "")
  return {
    _tag: "Refused",
    status: answer.status,
    code: body._tag === "Some" ? (body.value.code ?? null) : null,
    message: body._tag === "Some" ? (body.value.message ?? "").slice(0, 200) : "",
    retryAfterMs: answer.retryAfter !== null && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null,
  }
}

const request = (account: RestAccount, path: string, body: URLSearchParams | null) => {
  const { accountSid, apiBaseUrl, authToken } = account
  const credentials = Buffer.from(`${accountSid}:${Redacted.value(authToken)}`).toString("base64")
  return callApi({
    provider: "Twilio",
    method: body === null ? "GET" : "POST",
    url: `${apiBaseUrl}/2010-04-01/Accounts/${accountSid}/${path}`,
    headers: { authorization: `Basic ${credentials}`, accept: "application/json" },
    body,
    maxBytes: MAX,
  })
}

const read = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return (answer: ApiAnswer): Effect.Effect<S["Type"] | Refused, Fault> =>
    answer.status >= 200 && answer.status < 300
      ? decode(answer.text).pipe(
          Effect.mapError(() => new Fault({ message: "Twilio's answer cannot be read" })),
        )
      : Effect.succeed(refused(answer))
}

const readMessage = read(Schema.Struct({ sid: Schema.NonEmptyString }))
const readMessages = read(
  Schema.Struct({
    messages: Schema.Array(
      Schema.Struct({
        sid: Schema.NonEmptyString,
        body: Schema.NullOr(Schema.String),
        /** RFC 2822. */
        date_created: Schema.NullOr(Schema.String),
      }),
    ),
  }),
)
const readCall = read(Schema.Struct({ status: Schema.String }))

/** One SMS. A `Fault` leaves open whether it went out. */
export const createMessage = (
  account: RestAccount,
  form: Readonly<Record<"To" | "From" | "Body" | "StatusCallback", string>>,
) => Effect.flatMap(request(account, "Messages.json", new URLSearchParams(form)), readMessage)

/** The newest messages between two numbers. */
export const listMessages = (account: RestAccount, from: string, to: string) =>
  Effect.flatMap(
    request(account, `Messages.json?${new URLSearchParams({ To: to, From: from, PageSize: "50" })}`, null),
    readMessages,
  )

/** How a call stands: `in-progress`, `completed`, … */
export const callStatus = (account: RestAccount, callSid: string) =>
  Effect.flatMap(request(account, `Calls/${encodeURIComponent(callSid)}.json`, null), readCall)
