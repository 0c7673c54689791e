/** Cheap checks before a mail is parsed: a hostile mail must cost little. */

const LF = 10
const marker = new TextEncoder().encode("content-type:")
/** More parts than any mail client makes; a mail of half a million empty parts would take minutes to parse. */
export const MAX_PARTS = 1_000

const startsWithMarker = (raw: Uint8Array, at: number): boolean => {
  for (let i = 0; i < marker.length; i++) {
    const byte = raw[at + i]
    if (byte === undefined) return false
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte
    if (lower !== marker[i]) return false
  }
  return true
}

/** Lines that begin a `Content-Type` header: an upper bound of the number of parts. */
export const countParts = (raw: Uint8Array): number => {
  let count = startsWithMarker(raw, 0) ? 1 : 0
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) {
    if (startsWithMarker(raw, at + 1)) count++
  }
  return count
}
