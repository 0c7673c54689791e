/** Tokens that we hand out, and the digests of them that we keep. Node edge: `node:crypto`. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest()

/** What is kept of a token: nobody gets back from it. */
export const digestOf = (token: string): string => digest(token).toString("hex")

/** Compares without telling by time how much fits. */
export const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** 256 random bits, safe in URLs, headers and cookies. */
export const newToken = (): string => randomBytes(32).toString("base64url")

/** Marks our API keys, for people and for scanners of leaked secrets. */
export const keyPrefix = "opencx_key_"

export const newKey = (): string => keyPrefix + newToken()

/** Goes with a browser session and cannot be had without it. */
export const csrfOf = (sessionToken: string): string => digestOf(`csrf:${sessionToken}`)
