import { randomBytes } from "node:crypto"
import { isoMillis } from "./edge.ts"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const encode = (value: number, length: number): string => {
  let rest = value
  let out = ""
  for (let i = 0; i < length; i++) {
    out = (crockford[rest % 32] ?? "0") + out
    rest = Math.floor(rest / 32)
  }
  return out
}

/** ULID: 48 bits of time, 80 random bits; ids of webhooks and invocations have this form. */
export const ulid = (now: number): string =>
  encode(now, 10) + Array.from(randomBytes(16), (byte) => crockford[byte % 32] ?? "0").join("")

export const secretToken = (bytes = 32): string => randomBytes(bytes).toString("hex")

export const urlToken = (bytes = 18): string => randomBytes(bytes).toString("base64url")

/** `2026-11-21T07:11:00Z`: Zendesk's times have whole seconds. */
export const iso = (ms: number): string => `${isoMillis(ms).slice(0, 19)}Z`
