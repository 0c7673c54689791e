/**
 * Proof that a webhook comes from the provider: a token in the `Authorization` header that only the two of us know. It says
 * nothing about the body and nothing about the time, so that a replay is only harmless because its dedup keys are known.
 * Where the provider can sign, use that instead.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import { type Account, type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import type { Settings } from "../settings.ts"

/** Digests have one length, and comparing them tells nothing about the token. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

export const verify = Effect.fnUntraced(function* (request: RawRequest, { settings }: Account<Settings>) {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers["authorization"] ?? "") ?? []
  if (token === undefined || !timingSafeEqual(digest(token), digest(Redacted.value(settings.webhookSecret))))
    return yield* new SignatureRejected({ detail: "The request carries no token of ours." })
})
