/** Comparing secrets in a time that tells nothing about them. */
import { createHash, timingSafeEqual } from "node:crypto"

export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())
