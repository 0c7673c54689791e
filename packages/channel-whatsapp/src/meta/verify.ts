/** Meta's two proofs: the challenge when the webhook is set up, and the signature of every call. */
import { createHmac } from "node:crypto"
import { type HookAnswer, type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import { parseUrl } from "../edge/hosts.ts"
import { sameSecret } from "../edge/secrets.ts"
import type { MetaSettings } from "../settings.ts"

/** `X-Hub-Signature-256` is an HMAC over the raw bytes; Meta escapes non-ASCII before it signs, so never over a re-encoding. */
export const verifyMeta = (
  request: RawRequest,
  settings: MetaSettings,
): Effect.Effect<void, SignatureRejected> =>
  Effect.suspend(() => {
    const given = request.headers["x-hub-signature-256"] ?? ""
    const secrets = [settings.appSecret, settings.secondAppSecret].filter((s) => s !== undefined)
    const fits = secrets.map((secret) => {
      const hmac = createHmac("sha256", Redacted.value(secret)).update(request.body).digest("hex")
      return sameSecret(given, `sha256=${hmac}`)
    })
    return fits.includes(true)
      ? Effect.void
      : Effect.fail(
          new SignatureRejected({
            detail: "X-Hub-Signature-256 is missing or does not fit; check the app secret of this Meta app",
          }),
        )
  })

const plain = (status: number, body: string): HookAnswer => ({ status, contentType: "text/plain", body })

/** Answers Meta's challenge when it knows our verify token. */
export const handshakeMeta = (request: RawRequest, settings: MetaSettings): HookAnswer => {
  const query = parseUrl(request.url)?.searchParams
  const challenge = query?.get("hub.challenge") ?? ""
  const known = sameSecret(query?.get("hub.verify_token") ?? "", Redacted.value(settings.verifyToken))
  return known && query?.get("hub.mode") === "subscribe" && challenge.length > 0 && challenge.length <= 500
    ? plain(200, challenge)
    : plain(403, "")
}
