/** Comparing secrets and signatures without telling by time how much of them fits. */
import { timingSafeEqual } from "node:crypto"

export const sameSecret = (expected: string, given: string): boolean => {
  const left = Buffer.from(expected)
  const right = Buffer.from(given)
  return left.length === right.length && timingSafeEqual(left, right)
}
