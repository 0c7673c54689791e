/** Twilio's form bodies, and the signature over them. */
import { createHmac } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import { sameSecret } from "../edge/secrets.ts"
import type { TwilioSettings } from "../settings.ts"

export const formOf = (request: RawRequest): URLSearchParams =>
  new URLSearchParams(new TextDecoder().decode(request.body))

/** Over the URL and every parameter, sorted; values of a repeated one sorted and once each. Twilio adds parameters at will. */
const signedText = (url: string, form: URLSearchParams): string =>
  url +
  [...new Set(form.keys())]
    .sort()
    .flatMap((key) => [...new Set(form.getAll(key))].sort().map((value) => key + value))
    .join("")

/** Twilio signs the URL with or without the standard port. */
const spellings = (url: string): ReadonlyArray<string> => {
  if (!URL.canParse(url)) return [url]
  const { protocol, port } = new URL(url)
  if (port !== "") return [url]
  const origin = /^[a-z]+:\/\/[^/?#]+/.exec(url)?.[0] ?? url
  return [url, `${origin}:${protocol === "https:" ? 443 : 80}${url.slice(origin.length)}`]
}

/** Checks `X-Twilio-Signature` with either token. */
export const verifyTwilio = (
  request: RawRequest,
  settings: TwilioSettings,
): Effect.Effect<void, SignatureRejected> =>
  Effect.suspend(() => {
    const given = request.headers["x-twilio-signature"] ?? ""
    const form = formOf(request)
    const tokens = [settings.authToken, settings.secondAuthToken].filter((t) => t !== undefined)
    const fits = tokens.flatMap((token) =>
      spellings(request.url).map((url) =>
        sameSecret(
          given,
          createHmac("sha1", Redacted.value(token)).update(signedText(url, form)).digest("base64"),
        ),
      ),
    )
    return fits.includes(true)
      ? Effect.void
      : Effect.fail(
          new SignatureRejected({
            detail:
              "X-Twilio-Signature is missing or does not fit; check the auth token, and that the public URL is the one in Twilio's console",
          }),
        )
  })
