/**
 * Sealing with AES-256-GCM. Node edge: `node:crypto`. An envelope is `v1.<key id>.<iv>.<ciphertext>.<tag>`, the last
 * three in base64url; scope and name are authenticated with it, so that no envelope can be moved to another place.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/** Bytes of a master key. */
export const keyLength = 32

const ivLength = 12
const tagLength = 16

/** Where a secret belongs. */
export interface Label {
  readonly scope: string
  readonly name: string
}

/** One master key, split by purpose: the key itself never encrypts anything. */
export interface KeyRing {
  readonly id: string
  readonly sealing: Uint8Array
  readonly derive: (purpose: string) => Uint8Array
}

const hkdf = (key: Uint8Array, info: string, length: number): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), info, length))

export const keyRing = (key: Uint8Array): KeyRing => ({
  id: Buffer.from(hkdf(key, "opencx/v1/key-id", 8)).toString("hex"),
  sealing: hkdf(key, "opencx/v1/secrets", keyLength),
  derive: (purpose) => hkdf(key, `opencx/v1/purpose/${purpose}`, keyLength),
})

/** Lengths keep the two parts apart: `a` + `bc` is not `ab` + `c`. */
const additionalData = ({ scope, name }: Label): Uint8Array =>
  Buffer.from(`v1|${scope.length}|${scope}|${name.length}|${name}`, "utf8")

export const seal = (ring: KeyRing, label: Label, plain: string): string => {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv("aes-256-gcm", ring.sealing, iv, { authTagLength: tagLength })
  cipher.setAAD(additionalData(label))
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()])
  const parts = [iv, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"))
  return ["v1", ring.id, ...parts].join(".")
}

/** The id of the key that sealed this; null when it is no envelope that we know. */
export const keyIdOf = (envelope: string): string | null => {
  const [version, keyId, ...rest] = envelope.split(".")
  return version === "v1" && keyId !== undefined && rest.length === 3 ? keyId : null
}

/** The plain text; null when envelope, label and key do not belong together. */
export const open = (ring: KeyRing, label: Label, envelope: string): string | null => {
  const [iv, sealed, tag] = envelope
    .split(".")
    .slice(2)
    .map((part) => Buffer.from(part, "base64url"))
  if (iv?.length !== ivLength || sealed === undefined || tag?.length !== tagLength) return null
  const decipher = createDecipheriv("aes-256-gcm", ring.sealing, iv, { authTagLength: tagLength })
  decipher.setAAD(additionalData(label))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8")
  } catch {
    return null // the tag does not fit
  }
}

/** A master key as text: 64 hexadecimal digits, or base64 (also base64url) of 32 bytes. Null when it is neither. */
export const parseKey = (text: string): Uint8Array | null => {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return new Uint8Array(Buffer.from(trimmed, "hex"))
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null
  const bytes = new Uint8Array(Buffer.from(trimmed, "base64"))
  return bytes.length === keyLength ? bytes : null
}

/** A new master key, as text for a key file. */
export const newKeyText = (): string => randomBytes(keyLength).toString("base64")
