/**
 * X-Twilio-Signature: base64(HMAC-SHA1(auth token, URL followed by every sorted parameter name and value)). Over all that
 * came, since Twilio adds parameters without notice. Test vectors of Twilio's own library are in the tests.
 */
import { createHmac } from "node:crypto"
import { SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import { sameSecret } from "../secrets.ts"

/** Form parameters as they came; a name may have several values. */
export type Params = ReadonlyMap<string, ReadonlyArray<string>>

export const parseForm = (body: Uint8Array): Params => {
  const params = new Map<string, Array<string>>()
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    const values = params.get(name)
    if (values === undefined) params.set(name, [value])
    else values.push(value)
  }
  return params
}

export const signatureOf = (authToken: string, url: string, params: Params): string => {
  const hmac = createHmac("sha1", authToken).update(url)
  for (const name of [...params.keys()].sort())
    for (const value of [...new Set(params.get(name))].sort()) hmac.update(name + value)
  return hmac.digest("base64")
}

const standardPorts: Readonly<Record<string, string>> = { http: "80", https: "443", ws: "80", wss: "443" }

/** Twilio signs the URL with or without its standard port; both are the same place. */
const spellings = (url: string): ReadonlyArray<string> => {
  const parts = /^([a-z]+):\/\/([^/?#:]+|\[[^\]]+\])(?::(\d+))?([/?#].*)?$/i.exec(url)
  if (parts === null) return [url]
  const [, scheme = "", host = "", port, rest = ""] = parts
  const standard = standardPorts[scheme.toLowerCase()]
  if (standard === undefined || (port !== undefined && port !== standard)) return [url]
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${standard}${rest}`]
}

/** The account's token, and the other one while they are rotated. */
export interface SigningTokens {
  readonly authToken: Redacted.Redacted<string>
  readonly secondAuthToken?: Redacted.Redacted<string> | null | undefined
}

/** Fails unless Twilio signed this URL with these parameters. `url` is the configured public one. */
export const verifyTwilio = (
  signature: string | undefined,
  url: string,
  params: Params,
  tokens: SigningTokens,
): Effect.Effect<void, SignatureRejected> =>
  Effect.suspend(() => {
    if (signature === undefined || signature.length > 100)
      return Effect.fail(new SignatureRejected({ detail: "there is no X-Twilio-Signature" }))
    const keys = [tokens.authToken, tokens.secondAuthToken ?? null].filter((t) => t !== null)
    const good = keys.some((key) =>
      spellings(url).some((u) => sameSecret(signatureOf(Redacted.value(key), u, params), signature)),
    )
    return good
      ? Effect.void
      : Effect.fail(
          new SignatureRejected({
            detail:
              "X-Twilio-Signature does not fit; check authToken, and that publicUrl is what Twilio calls",
          }),
        )
  })
