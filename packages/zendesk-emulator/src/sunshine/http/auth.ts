import { createHmac, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import { asNumber, get, parseJson } from "../../world/json.ts"
import type { AppKey } from "../world/model.ts"
import type { MessagingStore } from "../world/MessagingStore.ts"

/** Who calls, as its key says. */
export interface KeyHolder {
  readonly keyId: string
  readonly scope: "app" | "integration"
  /** The integration of an integration key. */
  readonly integrationId: string | null
}

const same = (a: string | Buffer, b: string | Buffer): boolean => {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

const holder = (key: AppKey): KeyHolder => ({
  keyId: key.id,
  scope: key.integrationId === null ? "app" : "integration",
  integrationId: key.integrationId,
})

const basic = (store: MessagingStore, value: string): KeyHolder | undefined => {
  const decoded = Buffer.from(value, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  const key = store.keys.get(decoded.slice(0, Math.max(colon, 0)))
  return key !== undefined && same(decoded.slice(colon + 1), key.secret) ? holder(key) : undefined
}

const part = (text: string): unknown => parseJson(Buffer.from(text, "base64url").toString("utf8"))

/** HS256 only, `kid` names the key, `scope` must be the key's own; `exp` counts when there is one. */
const jwt = (store: MessagingStore, token: string, now: number): KeyHolder | undefined => {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".")
  if (rest.length > 0 || get(part(header), "alg") !== "HS256") return undefined
  const key = store.keys.get(String(get(part(header), "kid")))
  if (key === undefined) return undefined
  const expected = createHmac("sha256", key.secret).update(`${header}.${payload}`).digest()
  if (!same(Buffer.from(signature, "base64url"), expected)) return undefined
  const claims = part(payload)
  const expires = asNumber(get(claims, "exp"))
  if (expires !== undefined && expires * 1_000 <= now) return undefined
  const caller = holder(key)
  return get(claims, "scope") === caller.scope ? caller : undefined
}

export const keyHolder = (
  store: MessagingStore,
  headers: IncomingHttpHeaders,
  now: number,
): KeyHolder | undefined => {
  const value = headers.authorization ?? ""
  if (/^basic /i.test(value)) return basic(store, value.slice(6).trim())
  if (/^bearer /i.test(value)) return jwt(store, value.slice(7).trim(), now)
  return undefined
}
