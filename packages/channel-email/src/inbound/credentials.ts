/** Comparing secrets, and HTTP Basic. */
import { createHash, timingSafeEqual } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"

/** Equal, in a time that tells nothing about either. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())

/** Checks `Authorization: Basic …`. */
export const verifyBasic = (
  request: RawRequest,
  expected: {
    readonly username: string
    readonly password: Redacted.Redacted<string>
    readonly previousPassword?: Redacted.Redacted<string> | undefined
  },
): Effect.Effect<void, SignatureRejected> => {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]{1,2000})$/i.exec(request.headers["authorization"] ?? "")?.[1]
  const given = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8")
  const { password, previousPassword, username } = expected
  const passwords = previousPassword === undefined ? [password] : [password, previousPassword]
  return passwords.map((one) => sameSecret(given, `${username}:${Redacted.value(one)}`)).includes(true)
    ? Effect.void
    : Effect.fail(
        new SignatureRejected({
          detail: "Basic credentials are missing or wrong; put them into the webhook URL at the provider",
        }),
      )
}
