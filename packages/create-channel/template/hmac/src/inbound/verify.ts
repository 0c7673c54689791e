/**
 * Proof that a webhook comes from the provider: HMAC-SHA256 over `<timestamp>.<raw bytes>`. Over the bytes as they came:
 * JSON that was parsed and written again is not what was signed.
 */
import { createHmac, timingSafeEqual } from "node:crypto"
import { type Account, type RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Redacted } from "effect"
import type { Settings } from "../settings.ts"

/** Older (or newer) requests are replays, or the clock of this machine is wrong. */
const WINDOW_SECONDS = 300

const rejected = (detail: string) => new SignatureRejected({ detail })

const same = (given: string, expected: Buffer): boolean => {
  const bytes = Buffer.from(given, "hex")
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}

export const verify = Effect.fnUntraced(function* (request: RawRequest, { settings }: Account<Settings>) {
  const timestamp = request.headers["x-acme-timestamp"] ?? ""
  if (!/^\d{1,12}$/.test(timestamp)) return yield* rejected("The request carries no timestamp.")
  const now = (yield* Clock.currentTimeMillis) / 1000
  if (Math.abs(now - Number(timestamp)) > WINDOW_SECONDS)
    return yield* rejected("The request is too old, or this machine's clock is wrong.")
  const expected = createHmac("sha256", Redacted.value(settings.webhookSecret))
    .update(`${timestamp}.`)
    .update(request.body)
    .digest()
  const [, given = ""] = /^v1=([0-9a-f]{64})$/.exec(request.headers["x-acme-signature"] ?? "") ?? []
  if (!same(given, expected)) return yield* rejected("The signature does not fit the body.")
})
