/** Zendesk's webhook signature: base64 of HMAC-SHA256 over the timestamp header followed by the raw body. */
import { createHmac, timingSafeEqual } from "node:crypto"
import { SignatureRejected } from "@opencx/core"
import { DateTime, Effect, Option, Redacted } from "effect"

/** Names of the headers that belong to the signature, in lower case. */
export const signatureHeaders = {
  signature: "x-zendesk-webhook-signature",
  timestamp: "x-zendesk-webhook-signature-timestamp",
  /** Unique per delivery; whether a retry keeps it is not documented. */
  invocation: "x-zendesk-webhook-invocation-id",
} as const

/**
 * Zendesk documents no tolerance and does not say whether retries are signed anew, so the window has to be longer than
 * its retries last. Replays inside the window are harmless: the signal only makes us look.
 */
export const minimumToleranceMs = 10 * 60_000

/** `now` and `toleranceMs` in milliseconds; a tolerance under 10 minutes counts as 10 minutes. */
export interface SignedRequest {
  readonly secret: Redacted.Redacted<string>
  readonly timestampHeader: string | undefined
  readonly rawBody: Uint8Array
  readonly signatureHeader: string | undefined
  readonly now: number
  readonly toleranceMs?: number
}

const reject = (detail: string) => Effect.fail(new SignatureRejected({ detail }))

/** Succeeds when the request was signed with `secret` over these very bytes, and recently. Compares in constant time. */
export const verifySignature = (request: SignedRequest): Effect.Effect<void, SignatureRejected> => {
  const { timestampHeader, signatureHeader } = request
  if (timestampHeader === undefined || signatureHeader === undefined) {
    return reject("the request carries no Zendesk signature. Check that it comes from a Zendesk webhook.")
  }
  const expected = createHmac("sha256", Redacted.value(request.secret))
    .update(timestampHeader, "utf8")
    .update(request.rawBody)
    .digest()
  const given = Buffer.from(signatureHeader, "base64")
  if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) {
    return reject(
      "the signature does not match. Copy the webhook's signing secret from Zendesk into the settings.",
    )
  }
  const signedAt = DateTime.make(timestampHeader)
  if (Option.isNone(signedAt)) return reject("the signature's timestamp cannot be read")
  const age = Math.abs(request.now - DateTime.toEpochMillis(signedAt.value))
  const tolerance = Math.max(request.toleranceMs ?? minimumToleranceMs, minimumToleranceMs)
  return age > tolerance
    ? reject(`the signature is ${Math.round(age / 1_000)} s away from our clock. Check the server's time.`)
    : Effect.void
}
