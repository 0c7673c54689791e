/** The Authorization header of an account. OAuth tokens are fetched once for all callers and renewed early. */
import { Clock, Effect, Redacted, Semaphore } from "effect"
import { Base64 } from "effect/encoding"
import type { HttpClient } from "effect/http"
import { currentToken } from "./Authorization.ts"
import { type AccountAccess, defaultScope, type OAuthClientCredentials } from "./Connection.ts"
import type { CallFailure } from "./Failure.ts"
import { requestToken, tokenFailure, type TokenServer } from "./tokenRequest.ts"
import type { TokenVault } from "./TokenVault.ts"

export interface Credentials {
  /** The header's value, or null for anonymous access. */
  readonly header: Effect.Effect<string | null, CallFailure>
  /** Zendesk refused this value. True when another try with a fresh one makes sense. */
  refused(header: string | null): Effect.Effect<boolean>
  /** How many tokens were fetched, and when the present one ends (epoch milliseconds). */
  readonly state: Effect.Effect<{ readonly fetched: number; readonly expiresAt: number | null }>
}

const defaultLifetime = 1_800
/** Renewed this long before the end, so that no request is under way when the token ends. */
const earlyMs = 60_000

interface Token {
  readonly header: string
  /** When the next one is wanted, epoch milliseconds. */
  readonly expiresAt: number
}

const fetchToken = Effect.fnUntraced(function* (
  server: TokenServer,
  auth: typeof OAuthClientCredentials.Type,
) {
  const lifetime = auth.expiresIn ?? defaultLifetime
  const token = yield* requestToken(server, {
    grant_type: "client_credentials",
    client_id: auth.clientId,
    client_secret: Redacted.value(auth.clientSecret),
    scope: auth.scope ?? defaultScope,
    expires_in: lifetime,
  })
  const now = yield* Clock.currentTimeMillis
  const seconds = token.expires_in ?? lifetime
  const expiresAt = now + Math.max(seconds * 1_000 - earlyMs, (seconds * 1_000) / 2)
  return { header: `Bearer ${token.access_token}`, expiresAt } satisfies Token
})

const fixed = (header: string | null): Credentials => ({
  header: Effect.succeed(header),
  refused: () => Effect.succeed(false),
  state: Effect.succeed({ fetched: 0, expiresAt: null }),
})

/** Tokens that are renewed by `next`; it hears of a header that Zendesk has refused. */
const renewing = (next: (refused: string | null) => Effect.Effect<Token, CallFailure>): Credentials => {
  const lock = Semaphore.makeUnsafe(1)
  let current: Token | null = null
  let refusedHeader: string | null = null
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
    const token = yield* next(refusedHeader).pipe(
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
        refusedHeader = header
        return true
      }),
    state: Effect.sync(() => ({ fetched, expiresAt: current?.expiresAt ?? null })),
  }
}

/** Makes the credentials of an account. `timeoutMs` limits the token request; `vault` keeps what a person authorized. */
export const makeCredentials = (
  client: HttpClient.HttpClient,
  origin: string,
  auth: AccountAccess["auth"],
  timeoutMs: number,
  vault: TokenVault | undefined,
): Credentials => {
  const server = { http: client, origin, timeoutMs }
  switch (auth.type) {
    case "none":
      return fixed(null)
    case "api_token":
      return fixed(`Basic ${Base64.encode(`${auth.email}/token:${Redacted.value(auth.token)}`)}`)
    case "oauth_client_credentials":
      return renewing(() => fetchToken(server, auth))
    case "oauth_authorization_code":
      return vault === undefined
        ? renewing(() => Effect.fail(tokenFailure("credentials", "there is no place where tokens are kept")))
        : renewing((refused) => currentToken({ server, auth, vault }, refused))
  }
}
