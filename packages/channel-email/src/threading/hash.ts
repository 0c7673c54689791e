/** Short, stable names for long foreign texts. */
import { createHash } from "node:crypto"

/** 80 bits of SHA-256 as 16 characters of `0-9a-z`: short enough for an address's local part. */
export const shortHash = (...parts: ReadonlyArray<string>): string => {
  const hash = createHash("sha256")
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return BigInt(`0x${hash.digest("hex").slice(0, 20)}`)
    .toString(36)
    .padStart(16, "0")
}

/** SHA-256 of bytes, hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** A UUID as 25 characters of `0-9a-z`. */
export const packUuid = (uuid: string): string =>
  BigInt(`0x${uuid.replaceAll("-", "")}`)
    .toString(36)
    .padStart(25, "0")

/** The UUID that `packUuid` packed, or null. */
export const unpackUuid = (packed: string): string | null => {
  if (!/^[0-9a-z]{25}$/.test(packed)) return null
  let n = 0n
  for (const c of packed) n = n * 36n + BigInt(Number.parseInt(c, 36))
  const hex = n.toString(16).padStart(32, "0")
  if (hex.length !== 32) return null
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
