/** ID tokens: signed by the provider, for us, for this very login, and not too old. OpenID Connect Core 1.0, 3.1.3.7. */
import { Clock, DateTime, Effect, Schema } from "effect"
import { createLocalJWKSet, errors, jwtVerify } from "jose"
import type { KeySet, Provider } from "./provider.ts"
import { SignOnFailed } from "./SignOnFailed.ts"

const Claims = Schema.Struct({
  sub: Schema.NonEmptyString,
  aud: Schema.Union([Schema.String, Schema.Array(Schema.String)]),
  azp: Schema.optionalKey(Schema.String),
  nonce: Schema.optionalKey(Schema.String),
  email: Schema.optionalKey(Schema.String),
  // Some providers write it as text.
  email_verified: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])])),
  name: Schema.optionalKey(Schema.String),
})
export type Claims = typeof Claims.Type
const decodeClaims = Schema.decodeUnknownEffect(Claims)

/** Signatures with a public key alone: with `HS256` our client secret would be one, and `none` is none. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

/** Clocks differ, by this at most. */
const toleranceSeconds = 60

interface Expected {
  readonly issuer: string
  readonly clientId: string
  readonly nonce: string
}

const refused = (detail: string) =>
  new SignOnFailed({ detail: `The provider's ID token is not good: ${detail}` })

/** What jose says against a token. */
class NotVerified extends Schema.TaggedError<NotVerified>("@opencx/runtime/access/oidc/NotVerified")(
  "NotVerified",
  { cause: Schema.Defect() },
) {
  get isKeyUnknown(): boolean {
    const { cause } = this
    return cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWSSignatureVerificationFailed
  }
}

const verifyWith = (token: string, keys: KeySet, { clientId, issuer }: Expected, now: number) =>
  Effect.tryPromise({
    try: async () =>
      jwtVerify(token, createLocalJWKSet({ keys: [...keys.keys] }), {
        issuer,
        audience: clientId,
        algorithms,
        requiredClaims: ["sub", "iat", "exp"],
        clockTolerance: toleranceSeconds,
        currentDate: DateTime.toDate(DateTime.makeUnsafe(now)),
      }),
    catch: (cause) => new NotVerified({ cause }),
  })

/** The claims of a token that is all of that. A key that we do not know yet is asked for once. */
export const verifyIdToken = Effect.fn("verifyIdToken")(function* (
  provider: Provider,
  token: string,
  expected: Expected,
) {
  const now = yield* Clock.currentTimeMillis
  const attempt = (fresh: boolean) =>
    Effect.flatMap(provider.keys(fresh), (keys) => verifyWith(token, keys, expected, now))
  const { payload } = yield* attempt(false).pipe(
    Effect.catchTag("NotVerified", (error) => (error.isKeyUnknown ? attempt(true) : Effect.fail(error))),
    Effect.catchTag("NotVerified", ({ cause }) =>
      Effect.fail(refused(cause instanceof Error ? cause.message : "it cannot be read")),
    ),
  )
  const claims = yield* decodeClaims(payload).pipe(Effect.mapError((error) => refused(error.message)))
  const others = typeof claims.aud === "string" ? [] : claims.aud.filter((one) => one !== expected.clientId)
  if ((others.length > 0 || claims.azp !== undefined) && claims.azp !== expected.clientId)
    return yield* refused("it was issued to another client")
  if (claims.nonce !== expected.nonce) return yield* refused("it belongs to another login")
  return claims
})
