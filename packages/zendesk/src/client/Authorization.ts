/**
 * An authorization that a person gave (authorization code with PKCE), kept alive by refreshing. Zendesk's refresh tokens are
 * good once and rotate, so that the answer to a refresh must not be lost:
 * - a refresh is written down before it is sent, and its answer before it is used, without being interrupted in between;
 * - it is done at half of the access token's life: when the answer is lost all the same, the old access token (whose end is
 *   not known to move) still works, and there is time to connect again;
 * - whoever finds the refresh token used looks whether another process has kept newer tokens.
 */
import type { StoreError } from "@opencx/core"
import { Clock, DateTime, Effect, Redacted, Result, Schedule } from "effect"
import type { OAuthAuthorizationCode } from "./Connection.ts"
import type { CallFailure } from "./Failure.ts"
import type { StoredTokens, TokenVault } from "./TokenVault.ts"
import { requestToken, type TokenAnswer, tokenFailure, type TokenServer } from "./tokenRequest.ts"

/** Seconds; Zendesk allows up to 172,800. Long, because half of it is the time to notice a lost refresh. */
const defaultLifetime = 86_400
/** Seconds; Zendesk's longest. */
const refreshLifetime = 7_776_000
/** Where a token cannot be renewed now and still works: the next try. */
const againMs = 60_000
/** Milliseconds between looks for tokens that another process may be about to keep. */
const looks = [0, 200, 500, 1_000]

const connectAgain = "Connect again: opencx connect zendesk."

type Auth = typeof OAuthAuthorizationCode.Type

/** What a client needs: the header, and when to ask for the next one (epoch milliseconds). */
interface Usable {
  readonly header: string
  readonly expiresAt: number
}

/** The parameters that name the client. */
const clientOf = (auth: Auth) => ({
  client_id: auth.clientId,
  ...(auth.clientSecret === undefined ? {} : { client_secret: Redacted.value(auth.clientSecret) }),
})

const lifetimes = (auth: Auth) => ({
  expires_in: auth.expiresIn ?? defaultLifetime,
  refresh_token_expires_in: refreshLifetime,
})

/** An answer as it is kept. */
const kept = (answer: TokenAnswer, auth: Auth, origin: string, now: number): StoredTokens => {
  const lifetimeMs = (answer.expires_in ?? auth.expiresIn ?? defaultLifetime) * 1_000
  const refreshSeconds = answer.refresh_token_expires_in ?? null
  return {
    origin,
    accessToken: answer.access_token,
    expiresAt: now + lifetimeMs,
    renewAt: now + lifetimeMs / 2,
    refreshToken: answer.refresh_token ?? null,
    refreshExpiresAt: refreshSeconds === null ? null : now + refreshSeconds * 1_000,
  }
}

/** Exchanges the code of the consent page for the first tokens. `redirectUri` is the one that the page was opened with. */
export const redeemCode = Effect.fnUntraced(function* (
  server: TokenServer,
  auth: Auth,
  given: {
    readonly code: string
    readonly verifier: string
    readonly redirectUri: string
    readonly scope: string
  },
) {
  const answer = yield* requestToken(server, {
    grant_type: "authorization_code",
    code: given.code,
    ...clientOf(auth),
    redirect_uri: given.redirectUri,
    code_verifier: given.verifier,
    scope: given.scope,
    ...lifetimes(auth),
  })
  return kept(answer, auth, server.origin, yield* Clock.currentTimeMillis)
})

const unkept = (error: StoreError): CallFailure =>
  tokenFailure("network", `the stored authorization cannot be read: ${error.message}`)

const headerOf = ({ accessToken }: StoredTokens): string => `Bearer ${accessToken}`

const usable = (tokens: StoredTokens): Usable => ({ header: headerOf(tokens), expiresAt: tokens.renewAt })

/** For people. */
const timeOf = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

interface Parts {
  readonly server: TokenServer
  readonly auth: Auth
  readonly vault: TokenVault
}

/** Keeps new tokens before anybody uses them. A store that is down for good costs the next start the authorization. */
const keep = ({ vault }: Parts, tokens: StoredTokens) =>
  Effect.andThen(vault.write(tokens), vault.noteBegun(null)).pipe(
    Effect.retry(Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 6 }))),
    Effect.catch((error) =>
      Effect.logError(
        `Zendesk's new tokens could not be kept (${error.message}). They work while this process runs; after that, connect again: opencx connect zendesk.`,
      ),
    ),
  )

const refresh = Effect.fnUntraced(function* (parts: Parts, refreshToken: string) {
  const { auth, server, vault } = parts
  yield* vault.noteBegun(yield* Clock.currentTimeMillis).pipe(Effect.mapError(unkept))
  const answer = yield* requestToken(server, {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    ...clientOf(auth),
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    ...lifetimes(auth),
  })
  const renewed = kept(answer, auth, server.origin, yield* Clock.currentTimeMillis)
  yield* keep(parts, renewed)
  return renewed
}, Effect.uninterruptible)

/** Tokens that somebody else has kept meanwhile; null when nobody has. */
const newerThan = Effect.fnUntraced(function* ({ vault }: Parts, tokens: StoredTokens) {
  for (const pause of looks) {
    yield* Effect.sleep(pause)
    const now = yield* vault.read.pipe(Effect.mapError(unkept))
    if (now !== null && now.accessToken !== tokens.accessToken) return now
  }
  return null
})

const ended = (why: string, begunAt: number | null): CallFailure => {
  const brokenOff =
    begunAt === null
      ? ""
      : ` A refresh begun at ${timeOf(begunAt)} was broken off before its answer was kept.`
  return tokenFailure("credentials", `${why}.${brokenOff} ${connectAgain}`)
}

/** The token that still works, for another while; else the failure. */
const whileItLasts = Effect.fnUntraced(function* (
  tokens: StoredTokens,
  refused: string | null,
  failure: CallFailure,
) {
  const now = yield* Clock.currentTimeMillis
  if (headerOf(tokens) === refused || tokens.expiresAt <= now) return yield* failure
  yield* Effect.logWarning(
    `Zendesk's access token could not be renewed and ends at ${timeOf(tokens.expiresAt)}: ${failure.detail}`,
  )
  return { header: headerOf(tokens), expiresAt: Math.min(now + againMs, tokens.expiresAt) } satisfies Usable
})

/**
 * The access token to use now, renewed when it is time. `refused`: a header that Zendesk has just refused. Callers take turns;
 * other processes on the same store are expected.
 */
export const currentToken = Effect.fnUntraced(function* (parts: Parts, refused: string | null) {
  const tokens = yield* parts.vault.read.pipe(Effect.mapError(unkept))
  if (tokens === null) return yield* tokenFailure("credentials", `nobody has connected yet. ${connectAgain}`)
  if (tokens.origin !== parts.server.origin)
    return yield* tokenFailure(
      "credentials",
      `the authorization is of ${tokens.origin}, and not of ${parts.server.origin}. ${connectAgain}`,
    )
  const now = yield* Clock.currentTimeMillis
  if (headerOf(tokens) !== refused && now < tokens.renewAt) return usable(tokens)
  if (tokens.refreshToken === null)
    return yield* whileItLasts(tokens, refused, ended("the authorization has no refresh token", null))
  // Read before our own note: what stands there is of a refresh that was broken off.
  const begunAt = yield* parts.vault.begun.pipe(Effect.mapError(unkept))
  const renewed = yield* Effect.result(refresh(parts, tokens.refreshToken))
  if (Result.isSuccess(renewed)) return usable(renewed.success)
  // An answer, even a bad one, leaves nothing open; only silence does.
  if (renewed.failure.status !== null) yield* Effect.ignore(parts.vault.noteBegun(begunAt))
  if (renewed.failure.kind !== "credentials") return yield* whileItLasts(tokens, refused, renewed.failure)
  const newer = yield* newerThan(parts, tokens)
  if (newer !== null) return usable(newer)
  const why = `Zendesk does not take the refresh token (${renewed.failure.detail})`
  return yield* whileItLasts(tokens, refused, ended(why, begunAt))
})
