/** One request to Zendesk's OAuth server, whatever the grant. */
import { Clock, Effect, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { type ErrorBody, readErrorBody } from "./ErrorBody.ts"
import { CallFailure } from "./Failure.ts"
import { retryAfterMs } from "./Headers.ts"
import { jsonText } from "./Json.ts"
import { exchange } from "./Transport.ts"

const path = "/oauth/tokens"

const TokenAnswer = Schema.fromJsonString(
  Schema.Struct({
    access_token: Schema.NonEmptyString,
    expires_in: Schema.optionalKey(Schema.NullOr(Schema.Number)),
    refresh_token: Schema.optionalKey(Schema.NullOr(Schema.NonEmptyString)),
    refresh_token_expires_in: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  }),
)
export type TokenAnswer = typeof TokenAnswer.Type
const decodeToken = Schema.decodeUnknownEffect(TokenAnswer)

/** A failure to get a token: the call that needed it was never sent, whatever happened to this one. */
export const tokenFailure = (
  kind: CallFailure["kind"],
  detail: string,
  more: {
    readonly status?: number | null
    readonly retryAfterMs?: number | null
    readonly body?: ErrorBody
  } = {},
) =>
  new CallFailure({
    kind,
    method: "POST",
    path,
    status: more.status ?? null,
    neverSent: true,
    retryAfterMs: more.retryAfterMs ?? null,
    body: more.body ?? null,
    // No "token: …": redaction takes what follows for the token itself.
    detail: `no access token could be had (${detail})`,
  })

const refusedToken = (status: number, text: string, after: number | null): CallFailure => {
  const body = readErrorBody(text)
  const transient = status >= 500 || status === 408 || status === 429
  // An HTML 404 is no answer of an OAuth server at all: there is no account at this subdomain.
  const kind = transient || (status === 404 && body.html) ? "status" : "credentials"
  return tokenFailure(kind, `${status} ${body.text}`, { status, retryAfterMs: after, body })
}

/** The way to one account's OAuth server. */
export interface TokenServer {
  readonly http: HttpClient.HttpClient
  /** `https://acme.zendesk.com` */
  readonly origin: string
  readonly timeoutMs: number
}

/** Asks for a token. `parameters` hold secrets: they go into the body and nowhere else. */
export const requestToken = Effect.fnUntraced(function* (
  { http, origin, timeoutMs }: TokenServer,
  parameters: Readonly<Record<string, string | number>>,
) {
  const response = yield* exchange(http, {
    method: "POST",
    url: new URL(path, origin),
    path,
    headers: { accept: "application/json" },
    body: { bytes: new TextEncoder().encode(jsonText(parameters)), contentType: "application/json" },
    timeoutMs,
    maxBytes: 100_000,
  }).pipe(Effect.mapError((e) => tokenFailure(e.kind, e.detail, { status: e.status })))
  const text = new TextDecoder().decode(response.bytes)
  if (response.status < 200 || response.status >= 300) {
    const now = yield* Clock.currentTimeMillis
    return yield* refusedToken(response.status, text, retryAfterMs(response.headers, now))
  }
  return yield* decodeToken(text).pipe(
    Effect.mapError(() => tokenFailure("network", "the answer holds no token")),
  )
})
