/**
 * Plivo signs with the Auth Token, HMAC-SHA256. V3 covers the URL with its sorted query and every posted value; V2 covers the
 * URL without query and a nonce alone. Sources: Plivo's signature validation pages and its SDK 4.79.0.
 */
import { createHash, createHmac } from "node:crypto"
import { type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Redacted } from "effect"
import type { PlivoSettings } from "../../settings.ts"
import { type FormValues, formOf, parsePairs } from "../form.ts"
import { sameSecret } from "../secrets.ts"

const pairs = (values: FormValues, join: (name: string, value: string) => string): ReadonlyArray<string> =>
  [...values.keys()].sort().flatMap((name) => [...(values.get(name) ?? [])].sort().map((v) => join(name, v)))

/** Scheme, host and path as they were called, and the query apart. */
const partsOf = (url: string): readonly [string, string] => {
  const bare = url.split("#")[0] ?? ""
  const mark = bare.indexOf("?")
  return mark === -1 ? [bare, ""] : [bare.slice(0, mark), bare.slice(mark + 1)]
}

/** V3 of a POST: `<base>?<sorted query>.<sorted names and values>.<nonce>`, the first dot only after a query. */
export const plivoSignatureV3 = (authToken: string, url: string, form: FormValues, nonce: string): string => {
  const [base, query] = partsOf(url)
  const sorted = pairs(parsePairs(query), (name, value) => `${name}=${value}`).join("&")
  const posted = pairs(form, (name, value) => name + value).join("")
  const mark = sorted.length > 0 || posted.length > 0 ? `?${sorted}` : ""
  const dot = sorted.length > 0 && posted.length > 0 ? "." : ""
  return createHmac("sha256", authToken).update(`${base}${mark}${dot}${posted}.${nonce}`).digest("base64")
}

export const plivoSignatureV2 = (authToken: string, url: string, nonce: string): string =>
  createHmac("sha256", authToken)
    .update(partsOf(url)[0] + nonce)
    .digest("base64")

/** Nonces of V2 and what came with them: a nonce serves one body only, because V2 does not cover the body. */
export class NonceMemory {
  private readonly seen = new Map<string, string>()
  private readonly limit: number
  constructor(limit = 20_000) {
    this.limit = limit
  }
  /** True when the nonce is new, or came with the same contents. */
  claim(nonce: string, contents: string): boolean {
    const before = this.seen.get(nonce)
    if (before !== undefined) return before === contents
    this.seen.set(nonce, contents)
    const oldest = this.seen.keys().next()
    if (this.seen.size > this.limit && oldest.done !== true) this.seen.delete(oldest.value)
    return true
  }
}

const rejected = (detail: string) => Effect.fail(new SignatureRejected({ detail }))

const tokensOf = ({ authToken, previousAuthToken }: PlivoSettings): ReadonlyArray<string> =>
  [authToken, previousAuthToken].flatMap((token) => (token === undefined ? [] : [Redacted.value(token)]))

/** Each header may hold several signatures, one per valid token. */
const fits = (
  request: RawRequest,
  headers: ReadonlyArray<string>,
  expected: ReadonlyArray<string>,
): boolean =>
  headers
    .flatMap((name) => (request.headers[name] ?? "").split(","))
    .flatMap((given) => expected.map((one) => sameSecret(given.trim(), one)))
    .includes(true)

const verifyV2 = (request: RawRequest, settings: PlivoSettings, nonces: NonceMemory) => {
  const nonce = request.headers["x-plivo-signature-v2-nonce"] ?? ""
  if (nonce.length === 0 || nonce.length > 200)
    return rejected("the X-Plivo-Signature-V2-Nonce header is missing")
  const expected = tokensOf(settings).map((token) => plivoSignatureV2(token, request.url, nonce))
  if (!fits(request, ["x-plivo-signature-v2", "x-plivo-signature-ma-v2"], expected))
    return rejected("the V2 signature does not fit; check the Auth Token")
  const contents = createHash("sha256").update(request.url).update("\n").update(request.body).digest("hex")
  return nonces.claim(`${settings.authId}/${nonce}`, contents)
    ? Effect.void
    : rejected("this nonce was already used for another message")
}

const verifyV3 = (request: RawRequest, settings: PlivoSettings) => {
  const nonce = request.headers["x-plivo-signature-v3-nonce"] ?? ""
  if (nonce.length === 0)
    return rejected(
      request.headers["x-plivo-signature-v2"] === undefined
        ? "the X-Plivo-Signature-V3-Nonce header is missing"
        : 'the request carries a V2 signature only; set `signature: "v2"` for this account if Plivo sends no other',
    )
  const form = formOf(request)
  const expected = tokensOf(settings).map((token) => plivoSignatureV3(token, request.url, form, nonce))
  return fits(request, ["x-plivo-signature-v3", "x-plivo-signature-ma-v3"], expected)
    ? Effect.void
    : rejected(
        "the signature does not fit; check the Auth Token, and that Plivo calls exactly the URL that this account shows",
      )
}

export const verifyPlivo = (
  request: RawRequest,
  settings: PlivoSettings,
  nonces: NonceMemory,
): Effect.Effect<void, SignatureRejected> =>
  settings.signature === "v2" ? verifyV2(request, settings, nonces) : verifyV3(request, settings)
