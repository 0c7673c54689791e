/** Twilio's webhook signature, made as Twilio makes it. */
import { createHash, createHmac } from "node:crypto"

export type Pairs = ReadonlyArray<readonly [string, string]>

/** base64(HMAC-SHA1(token, URL + every name and value in order of the names)). */
export const signTwilioForm = (authToken: string, url: string, pairs: Pairs): string => {
  const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return createHmac("sha1", authToken)
    .update(url + sorted.map(([name, value]) => name + value).join(""))
    .digest("base64")
}

/** The URL and the signature of a webhook with a JSON body. */
export const signTwilioJson = (
  authToken: string,
  url: string,
  body: string,
): { readonly url: string; readonly signature: string } => {
  const hash = createHash("sha256").update(body).digest("hex")
  const signed = `${url}${url.includes("?") ? "&" : "?"}bodySHA256=${hash}`
  return { url: signed, signature: createHmac("sha1", authToken).update(signed).digest("base64") }
}
