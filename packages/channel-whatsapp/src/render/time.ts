/** Points in time, in words for people. */
import { DateTime } from "effect"

/** `14:05 UTC on 2026-11-21`; epoch milliseconds in. */
export const timeInWords = (ms: number): string => {
  const iso = DateTime.formatIso(DateTime.makeUnsafe(ms))
  return `${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`
}
