/** Comparing secrets and signatures. */
import { createHash, timingSafeEqual } from "node:crypto"

/** Equal, in a time that tells nothing about either. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())

export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
