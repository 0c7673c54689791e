/**
 * Identity tokens that a site's own server signs (RFC 7519, RFC 8725): HS256, RS256 or EdDSA, each key with its one
 * algorithm, so that a public key can never serve as a shared secret.
 */
import { DateTime, Effect, Redacted, Schema } from "effect"
import { decodeProtectedHeader, jwtVerify } from "jose"
import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto"
import { Refusal } from "../http/Refusal.ts"
import type { IdentityKey, WidgetSettings } from "../settings.ts"

/** Clocks of two servers may differ by so much, in seconds. */
const skew = 60
/** Longest life of a token, in seconds. */
const maxLife = 3_600
const maxChars = 8_192

const Claims = Schema.Struct({
  sub: Schema.NonEmptyString.check(Schema.isMaxLength(255)),
  exp: Schema.Number,
  iat: Schema.optionalKey(Schema.Number),
  name: Schema.optionalKey(Schema.NullOr(Schema.String.check(Schema.isMaxLength(200)))),
  email: Schema.optionalKey(Schema.NullOr(Schema.String.check(Schema.isMaxLength(320)))),
  email_verified: Schema.optionalKey(Schema.Unknown),
})

/** Whom the site names. `email` only when the site has verified it. */
export interface Subject {
  readonly sub: string
  readonly name: string | null
  readonly email: string | null
}

const refused = (detail: string) => new Refusal({ status: 401, code: "identity_refused", detail })

const keyObject = ({ alg, key }: IdentityKey): KeyObject =>
  alg === "HS256"
    ? createSecretKey(Buffer.from(Redacted.value(key), "utf8"))
    : createPublicKey(Redacted.value(key))

const keyFor = (jwt: string, keys: ReadonlyArray<IdentityKey>): Effect.Effect<IdentityKey, Refusal> =>
  Effect.try({
    try: () => decodeProtectedHeader(jwt),
    catch: () => refused("The token cannot be read."),
  }).pipe(
    Effect.flatMap(({ alg, kid }) => {
      const key = kid === undefined && keys.length === 1 ? keys[0] : keys.find((k) => k.kid === kid)
      if (key === undefined) return Effect.fail(refused("The token's `kid` names no key of this site."))
      return key.alg === alg
        ? Effect.succeed(key)
        : Effect.fail(refused(`The key "${key.kid}" is for ${key.alg} alone.`))
    }),
  )

const emailShape = /^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}$/

const verifiedEmail = (claims: typeof Claims.Type): string | null =>
  claims.email_verified === true && typeof claims.email === "string" && emailShape.test(claims.email)
    ? claims.email.toLowerCase()
    : null

/** What is wrong with a token's times beyond what the library looks at; null when nothing. Seconds. */
const timeFault = ({ exp, iat }: typeof Claims.Type, now: number): string | null => {
  if (iat !== undefined && iat > now + skew) return "The token's `iat` lies in the future."
  const from = iat ?? now
  return exp - from > maxLife + skew || exp - now > maxLife + skew
    ? "The token lives longer than one hour."
    : null
}

/** Checks an identity token of a site at `now` (epoch ms). */
export const verifyIdentity = Effect.fnUntraced(function* (
  jwt: string,
  settings: WidgetSettings,
  now: number,
) {
  if (settings.identity.length === 0) return yield* refused("This site has no identity keys.")
  if (jwt.length > maxChars) return yield* refused("The token is too long.")
  const key = yield* keyFor(jwt, settings.identity)
  const { payload } = yield* Effect.tryPromise({
    try: () =>
      jwtVerify(jwt, keyObject(key), {
        algorithms: [key.alg],
        audience: settings.siteKey,
        ...(settings.issuer === undefined ? {} : { issuer: settings.issuer }),
        clockTolerance: skew,
        currentDate: DateTime.toDate(DateTime.makeUnsafe(now)),
        requiredClaims: ["sub", "exp", "aud"],
      }),
    catch: (error) =>
      refused(`The token is not valid${error instanceof Error ? ` (${error.message})` : ""}.`),
  })
  const claims = yield* Schema.decodeUnknownEffect(Claims)(payload).pipe(
    Effect.mapError(() => refused("The token's claims have the wrong shape; see the JWT recipe.")),
  )
  const fault = timeFault(claims, now / 1000)
  if (fault !== null) return yield* refused(fault)
  const subject: Subject = { sub: claims.sub, name: claims.name ?? null, email: verifiedEmail(claims) }
  return subject
})
