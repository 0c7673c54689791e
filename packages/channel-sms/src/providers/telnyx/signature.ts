/**
 * Telnyx signs `<timestamp>|<raw body>` with Ed25519; the timestamp may be 300 s away from now. Source: Telnyx's webhook
 * documentation and its SDK 7.24.0.
 */
import { createPublicKey, verify } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect } from "effect"
import type { TelnyxSettings } from "../../settings.ts"

/** A raw Ed25519 key as an SPKI document (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex")
const TOLERANCE_S = 300

const fits = (signature: Buffer, signed: Buffer, publicKey: string): boolean => {
  if (signature.length !== 64) return false
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, "base64")])
  try {
    return verify(null, signed, createPublicKey({ key: der, format: "der", type: "spki" }), signature)
  } catch {
    // 32 bytes need not be a point of the curve.
    return false
  }
}

const rejected = (detail: string) => new SignatureRejected({ detail })

export const verifyTelnyx = Effect.fnUntraced(function* (request: RawRequest, settings: TelnyxSettings) {
  const timestamp = request.headers["telnyx-timestamp"] ?? ""
  const signature = Buffer.from(request.headers["telnyx-signature-ed25519"] ?? "", "base64")
  if (!/^\d{9,11}$/.test(timestamp) || signature.length === 0)
    return yield* rejected("the telnyx-timestamp or telnyx-signature-ed25519 header is missing")
  const age = (yield* Clock.currentTimeMillis) / 1000 - Number(timestamp)
  if (Math.abs(age) > TOLERANCE_S)
    return yield* rejected(`the signature is ${Math.round(age)} s old; check this server's clock`)
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), request.body])
  const { previousPublicKey, publicKey } = settings
  const keys = previousPublicKey === undefined ? [publicKey] : [publicKey, previousPublicKey]
  if (!keys.some((key) => fits(signature, signed, key)))
    return yield* rejected("the signature does not fit; check the public key of this Telnyx account")
})
