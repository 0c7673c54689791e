/**
 * `X-Twilio-Signature`: base64 of HMAC-SHA1 over the URL that Twilio called and every parameter it posted, sorted by name.
 * With a JSON body the URL names the body's SHA-256 and is signed alone. Source: Twilio's webhook security documentation.
 */
import { createHash, createHmac } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import type { TwilioSettings } from "../../settings.ts"
import { type FormValues, formOf } from "../form.ts"
import { sameSecret } from "../secrets.ts"

/** What is signed: the URL, then name and value of each parameter; repeated parameters once per distinct value. */
const signedText = (url: string, form: FormValues): string =>
  url +
  [...form.keys()]
    .sort()
    .flatMap((name) => [...new Set(form.get(name))].sort().map((value) => name + value))
    .join("")

export const twilioSignature = (authToken: string, url: string, form: FormValues): string =>
  createHmac("sha1", authToken).update(signedText(url, form)).digest("base64")

/** Twilio has signed URLs with and without the standard port, depending on age and kind of the webhook. */
const spellings = (url: string): ReadonlyArray<string> => {
  const parts = /^(https?):\/\/([^/?#:]+)(?::(\d+))?([^]*)$/.exec(url)
  if (parts === null) return [url]
  const [, scheme = "", host = "", , rest = ""] = parts
  const standard = scheme === "https" ? "443" : "80"
  const port = parts[3] ?? standard
  if (port !== standard) return [url]
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${standard}${rest}`]
}

const bodyHash = (url: string): string | null =>
  URL.canParse(url) ? new URL(url).searchParams.get("bodySHA256") : null

const rejected = (detail: string) => Effect.fail(new SignatureRejected({ detail }))

/** Checks the signature with both tokens of the account. */
export const verifyTwilio = (
  request: RawRequest,
  settings: TwilioSettings,
): Effect.Effect<void, SignatureRejected> => {
  const given = request.headers["x-twilio-signature"] ?? ""
  if (given.length === 0) return rejected("the X-Twilio-Signature header is missing")
  const hash = bodyHash(request.url)
  const actual = createHash("sha256").update(request.body).digest("hex")
  if (hash !== null && !sameSecret(hash.toLowerCase(), actual))
    return rejected("the body is not the one that bodySHA256 names")
  const form: FormValues = hash === null ? formOf(request) : new Map()
  const tokens = [settings.authToken, settings.secondaryAuthToken].flatMap((t) =>
    t === undefined ? [] : [Redacted.value(t)],
  )
  const fits = tokens.flatMap((token) =>
    spellings(request.url).map((url) => sameSecret(twilioSignature(token, url, form), given)),
  )
  return fits.includes(true)
    ? Effect.void
    : rejected(
        "the signature does not fit; check the Auth Token (not an API key), and that Twilio calls exactly the URL that this account shows",
      )
}
