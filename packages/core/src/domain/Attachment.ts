/** Files that travel with messages. Bytes live in the blob store; everything else carries a reference. */
import { Schema } from "effect"
import { BlobId } from "./Ids.ts"

/** `size` in bytes. `fileName` is already safe: no path, no control characters, never empty. */
export const Attachment = Schema.Struct({
  blobId: BlobId,
  fileName: Schema.NonEmptyString,
  contentType: Schema.NonEmptyString,
  size: Schema.Int,
})
export type Attachment = typeof Attachment.Type

const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\\/:*?"<>|]+/g

/** At most this many UTF-16 units, never half a character. */
const clip = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, "")

/** Makes a foreign file name safe to store, to show and to send on: no path, no control or direction marks. */
export const safeFileName = (name: string, fallback = "attachment"): string => {
  const last = name.split(/[\\/]/).at(-1) ?? ""
  const cleaned = last
    .toWellFormed()
    .replace(unsafe, "_")
    .replace(/^[\s.]+|\s+$/g, "")
  if (cleaned.length <= 150) return cleaned.length === 0 ? fallback : cleaned
  const dot = cleaned.lastIndexOf(".")
  const extension = dot > 0 && cleaned.length - dot <= 12 ? cleaned.slice(dot) : ""
  return clip(cleaned, 150 - extension.length) + extension
}
