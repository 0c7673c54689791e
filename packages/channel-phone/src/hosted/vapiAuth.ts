/** The three ways in which Vapi proves that a request is its own. */
import { createHmac } from "node:crypto"
import type { Account, RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Redacted } from "effect"
import { sameSecret } from "../secrets.ts"
import type { VapiSettings } from "../settings/hosted.ts"
import { checkSize, rejected } from "./shared.ts"

const TOLERANCE_MS = 300_000

type Hmac = Extract<VapiSettings["auth"], { readonly _tag: "hmac" }>

/** Seconds, milliseconds or a date; the plan's format is not fixed. NaN for anything else. */
const timeOf = (text: string): number => {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1_000
  return /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text)
}

const verifyHmac = Effect.fnUntraced(function* (request: RawRequest, auth: Hmac) {
  const timestamp = request.headers[auth.timestampHeader.toLowerCase()] ?? ""
  const dated = auth.payload === "timestamp.body"
  const hmac = createHmac("sha256", Redacted.value(auth.secret))
  if (dated) hmac.update(`${timestamp}.`)
  const given = (request.headers[auth.header.toLowerCase()] ?? "").replace(/^sha256=/i, "").toLowerCase()
  if (!sameSecret(hmac.update(request.body).digest("hex"), given))
    return yield* rejected(
      `the signature in ${auth.header} does not fit; check secret and payload format at Vapi`,
    )
  if (dated && !(Math.abs((yield* Clock.currentTimeMillis) - timeOf(timestamp)) <= TOLERANCE_MS))
    return yield* rejected("the signature is older than five minutes; check this server's clock")
})

export const verifyVapi = Effect.fn("channel-phone.verifyVapi")(function* (
  request: RawRequest,
  account: Account<VapiSettings>,
): Effect.fn.Return<void, SignatureRejected> {
  yield* checkSize(request)
  const { auth } = account.settings
  switch (auth._tag) {
    case "bearer": {
      const given = /^Bearer\s+(.+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? ""
      if (sameSecret(Redacted.value(auth.token), given)) return
      return yield* rejected("the bearer token does not fit")
    }
    case "header":
      if (sameSecret(Redacted.value(auth.value), request.headers[auth.name.toLowerCase()] ?? "")) return
      return yield* rejected(`the secret in ${auth.name} does not fit`)
    case "hmac":
      return yield* verifyHmac(request, auth)
  }
})
