/** Sunshine's webhooks carry their secret in plain as `X-API-Key`; there is no signature and no timestamp. */
import { createHash, timingSafeEqual } from "node:crypto"
import { SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"

/** Name of the header, in lower case. */
export const messagingKeyHeader = "x-api-key"

/** `secrets`: the present one, and the previous one while it is rotated. Empty when none is known. */
export interface KeyedRequest {
  readonly header: string | undefined
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
}

const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest()

/**
 * Succeeds when the key is one of ours. Compares digests in constant time, and with every secret, so that neither length
 * nor which one it was can be told from the time. Without a known secret the signed URL is what counts.
 */
export const verifyMessagingKey = (request: KeyedRequest): Effect.Effect<void, SignatureRejected> => {
  if (request.secrets.length === 0) return Effect.void
  if (request.header === undefined)
    return Effect.fail(
      new SignatureRejected({
        detail: "the request carries no X-API-Key. Check that it comes from the Sunshine webhook.",
      }),
    )
  const given = digest(request.header)
  const matches = request.secrets.map((secret) => timingSafeEqual(given, digest(Redacted.value(secret))))
  return matches.includes(true)
    ? Effect.void
    : Effect.fail(
        new SignatureRejected({
          detail: "the X-API-Key does not match. Copy the webhook's secret from Zendesk into the settings.",
        }),
      )
}
