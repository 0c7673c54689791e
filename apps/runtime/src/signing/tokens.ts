/**
 * Signed texts: webhook URLs that only we can have made, and tokens in email addresses. Keyed by a secret of this
 * installation that has nothing to do with any Zendesk or provider credential, so rotating those never changes a URL.
 */
import { createHmac, timingSafeEqual } from "node:crypto"

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

const base32 = (bytes: Uint8Array): string => {
  let bits = 0
  let value = 0
  let out = ""
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      out += alphabet[(value >>> (bits - 5)) & 31]
      bits -= 5
    }
    value &= 0xff
  }
  return out
}

/** The first `bytes` bytes of the MAC; 5 bytes give 8 characters. */
const mac = (key: Uint8Array, parts: ReadonlyArray<string>, bytes: number): string => {
  const hmac = createHmac("sha256", key)
  // Length-prefixed, so that no two different lists give the same input.
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part};`)
  return base32(hmac.digest().subarray(0, bytes))
}

const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Segments of a signed URL path: what it is for, and the MAC. */
export interface UrlSigner {
  sign(purpose: string, parts: ReadonlyArray<string>): string
  /** The parts, or null when the token was not made by us for this purpose. */
  open(purpose: string, token: string): ReadonlyArray<string> | null
}

/** Tokens that were opened before. An installation has a handful; what nobody signed is never remembered. */
const maxOpened = 1000

/** `part.part.mac`; parts may hold `A-Za-z0-9_-` only. The MAC has 160 bits. */
export const makeUrlSigner = (key: Uint8Array): UrlSigner => {
  const opened = new Map<string, ReadonlyArray<string>>()
  const sign = (purpose: string, parts: ReadonlyArray<string>) =>
    [...parts, mac(key, ["url", purpose, ...parts], 20)].join(".")
  return {
    sign,
    open: (purpose, token) => {
      const known = opened.get(`${purpose} ${token}`)
      if (known !== undefined) return known
      const parts = token.split(".").slice(0, -1)
      if (token.length > 1000 || parts.length === 0 || !same(sign(purpose, parts), token)) return null
      if (opened.size >= maxOpened) opened.clear()
      opened.set(`${purpose} ${token}`, parts)
      return parts
    },
  }
}

// Tokens in an email's local part may hold only letters and digits: `-` becomes `xd`, `x` becomes `xx`.
const escapeDashes = (text: string): string => text.replaceAll("x", "xx").replaceAll("-", "xd")
const unescapeDashes = (text: string): string =>
  text.replace(/x([xd])/g, (_, c: string) => (c === "d" ? "-" : "x"))

const macChars = 16

/** Tokens bound to one channel account; 80 bits of MAC, `a-z0-9` only, insensitive to case. */
export const makeAccountSigner = (key: Uint8Array, orgId: string, accountId: string) => {
  const seal = (purpose: string, text: string) => mac(key, ["account", orgId, accountId, purpose, text], 10)
  return {
    sign: (purpose: string, text: string): string => seal(purpose, text) + escapeDashes(text),
    open: (purpose: string, token: string): string | null => {
      const lower = token.toLowerCase()
      if (lower.length <= macChars || lower.length > 250) return null
      const text = unescapeDashes(lower.slice(macChars))
      // Compared as a whole, so that a text has one token and no other spelling of it passes.
      return same(seal(purpose, text) + escapeDashes(text), lower) ? text : null
    },
  }
}
