/** The Authorization header of an account. OAuth tokens are fetched once for all callers and renewed early. */
import { Clock, Effect, Redacted, Schema, Semaphore } from "effect"
import { Base64 } from "effect/encoding"
import type { HttpClient } from "effect/http"
import type { AccountAccess, OAuthClientCredentials } from "./Connection.ts"
import { type ErrorBody, readErrorBody } from "./ErrorBody.ts"
import { CallFailure } from "./Failure.ts"
import { retryAfterMs } from "./Headers.ts"
import { exchange } from "./Transport.ts"
import { jsonText } from "./Json.ts"

export interface Credentials {
  /** The header's value, or null for anonymous access. */
  readonly header: Effect.Effect<string | null, CallFailure>
  /** Zendesk refused this value. True when another try with a fresh one makes sense. */
  refused(header: string | null): Effect.Effect<boolean>
  /** How many tokens were fetched, and when the present one ends (epoch milliseconds). */
  readonly state: Effect.Effect<{ readonly fetched: number; readonly expiresAt: number | null }>
}

const defaultLifetime = 1_800
/** Zendesk's two global scopes. Narrower ones exist, but which of them each endpoint wants is not documented. */
const defaultScope = "read write"
/** Renewed this long before the end, so that no request is under way when the token ends. */
const earlyMs = 60_000
const path = "/oauth/tokens"

const TokenAnswer = Schema.fromJsonString(
  Schema.Struct({
    access_token: Schema.NonEmptyString,
    expires_in: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  }),
)
const decodeToken = Schema.decodeUnknownEffect(TokenAnswer)

interface Token {
  readonly header: string
  readonly expiresAt: number
}

const tokenFailure = (
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
    // The call that needed the token was never sent, whatever happened to this one.
    neverSent: true,
    retryAfterMs: more.retryAfterMs ?? null,
    body: more.body ?? null,
    detail: `fetching an access token: ${detail}`,
  })

const refusedToken = (status: number, text: string, after: number | null): CallFailure => {
  const body = readErrorBody(text)
  const transient = status >= 500 || status === 408 || status === 429
  // An HTML 404 is no answer of an OAuth server at all: there is no account at this subdomain.
  const kind = transient || (status === 404 && body.html) ? "status" : "credentials"
  return tokenFailure(kind, `${status} ${body.text}`, { status, retryAfterMs: after, body })
}

const fetchToken = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient,
  origin: string,
  auth: typeof OAuthClientCredentials.Type,
  timeoutMs: number,
) {
  const lifetime = auth.expiresIn ?? defaultLifetime
  const body = jsonText({
    grant_type: "client_credentials",
    client_id: auth.clientId,
    client_secret: Redacted.value(auth.clientSecret),
    scope: auth.scope ?? defaultScope,
    expires_in: lifetime,
  })
  const response = yield* exchange(client, {
    method: "POST",
    url: new URL(path, origin),
    path,
    headers: { accept: "application/json" },
    body: { bytes: new TextEncoder().encode(body), contentType: "application/json" },
    timeoutMs,
    maxBytes: 100_000,
  }).pipe(Effect.mapError((e) => tokenFailure(e.kind, e.detail, { status: e.status })))
  const text = new TextDecoder().decode(response.bytes)
  const now = yield* Clock.currentTimeMillis
  if (response.status < 200 || response.status >= 300) {
    return yield* refusedToken(response.status, text, retryAfterMs(response.headers, now))
  }
  const token = yield* decodeToken(text).pipe(
    Effect.mapError(() => tokenFailure("network", "the answer holds no token")),
  )
  const seconds = token.expires_in ?? lifetime
  const expiresAt = now + Math.max(seconds * 1_000 - earlyMs, (seconds * 1_000) / 2)
  return { header: `Bearer ${token.access_token}`, expiresAt } satisfies Token
})

const fixed = (header: string | null): Credentials => ({
  header: Effect.succeed(header),
  refused: () => Effect.succeed(false),
  state: Effect.succeed({ fetched: 0, expiresAt: null }),
})

const oauth = (
  client: HttpClient.HttpClient,
  origin: string,
  auth: typeof OAuthClientCredentials.Type,
  timeoutMs: number,
): Credentials => {
  const lock = Semaphore.makeUnsafe(1)
  let current: Token | null = null
  let fetched = 0
  // Callers that were queueing while a fetch failed share its failure instead of each asking again.
  let lastFailure: { readonly round: number; readonly failure: CallFailure } | null = null
  let round = 0

  const valid = Effect.map(Clock.currentTimeMillis, (now) =>
    current !== null && now < current.expiresAt ? current.header : null,
  )

  const renew = Effect.fnUntraced(function* (seenRound: number) {
    const already = yield* valid
    if (already !== null) return already
    if (lastFailure !== null && lastFailure.round > seenRound) return yield* lastFailure.failure
    const token = yield* fetchToken(client, origin, auth, timeoutMs).pipe(
      Effect.tapError((failure) =>
        Effect.sync(() => {
          round += 1
          lastFailure = { round, failure }
        }),
      ),
    )
    current = token
    fetched += 1
    return token.header
  })

  return {
    header: Effect.gen(function* () {
      const header = yield* valid
      if (header !== null) return header
      const seenRound = round
      return yield* lock.withPermit(renew(seenRound))
    }),
    refused: (header) =>
      Effect.sync(() => {
        // Another caller may have renewed it meanwhile; then the present one has not been refused.
        if (current !== null && current.header === header) current = null
        return true
      }),
    state: Effect.sync(() => ({ fetched, expiresAt: current?.expiresAt ?? null })),
  }
}

/** Makes the credentials of an account. `timeoutMs` limits the token request. */
export const makeCredentials = (
  client: HttpClient.HttpClient,
  origin: string,
  auth: AccountAccess["auth"],
  timeoutMs: number,
): Credentials => {
  switch (auth.type) {
    case "none":
      return fixed(null)
    case "api_token":
      return fixed(`Basic ${Base64.encode(`${auth.email}/token:${Redacted.value(auth.token)}`)}`)
    case "oauth_client_credentials":
      return oauth(client, origin, auth, timeoutMs)
  }
}
