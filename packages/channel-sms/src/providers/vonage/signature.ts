/**
 * Vonage signs webhooks with a JWT (HS256, the account's signature secret) in `Authorization`; its `payload_hash` is the
 * SHA-256 of the body. Source: developer.vonage.com, signed webhooks.
 */
import { createHash } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Redacted, Schema } from "effect"
import { compactVerify } from "jose"
import type { VonageSettings } from "../../settings.ts"
import { sameSecret } from "../secrets.ts"

const Claims = Schema.fromJsonString(
  Schema.Struct({
    iat: Schema.Number,
    payload_hash: Schema.String,
    api_key: Schema.optionalKey(Schema.String),
  }),
)

/**
 * Vonage repeats a webhook for a day. The hash binds the token to one body and ids are counted once, so that an old request
 * can do nothing new; the limit only keeps very old ones out.
 */
const MAX_AGE_S = 90_000
const MAX_AHEAD_S = 300

const rejected = (detail: string) => new SignatureRejected({ detail })

/** The token, opened with whichever secret signed it. */
const opened = (token: string, secrets: ReadonlyArray<Redacted.Redacted<string>>) =>
  Effect.firstSuccessOf(
    secrets.map((secret) =>
      Effect.tryPromise({
        try: () =>
          compactVerify(token, new TextEncoder().encode(Redacted.value(secret)), { algorithms: ["HS256"] }),
        catch: () =>
          rejected("the token's signature does not fit; check the signature secret of this Vonage account"),
      }),
    ),
  )

const claimsOf = Effect.fnUntraced(function* (
  token: string,
  { previousSignatureSecret, signatureSecret }: VonageSettings,
) {
  const previous = previousSignatureSecret === undefined ? [] : [previousSignatureSecret]
  const verified = yield* opened(token, [signatureSecret, ...previous])
  return yield* Schema.decodeUnknownEffect(Claims)(new TextDecoder().decode(verified.payload)).pipe(
    Effect.mapError(() => rejected("the token has no iat or payload_hash; switch on signed webhooks")),
  )
})

export const verifyVonage = Effect.fnUntraced(function* (request: RawRequest, settings: VonageSettings) {
  const token = /^Bearer\s+([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers["authorization"] ?? "")?.[1]
  if (token === undefined)
    // Vonage: now and then a callback comes unsigned, and is signed when it comes again after a 5xx.
    return yield* new SignatureRejected({
      detail: "the request is not signed; switch on signed webhooks in the Vonage dashboard",
      comeAgain: true,
    })
  const claims = yield* claimsOf(token, settings)
  const hash = createHash("sha256").update(request.body).digest("hex")
  if (!sameSecret(hash, claims.payload_hash.toLowerCase()))
    return yield* rejected("the body is not the one that was signed")
  if (claims.api_key !== undefined && claims.api_key !== settings.apiKey)
    return yield* rejected("the token is for another Vonage account")
  const age = (yield* Clock.currentTimeMillis) / 1000 - claims.iat
  if (age > MAX_AGE_S || age < -MAX_AHEAD_S)
    return yield* rejected(`the token is ${Math.round(age)} s old; check this server's clock`)
})
