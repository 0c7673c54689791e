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

const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|]+/g

/** Makes a foreign file name safe to store, to show and to send on: no path, no control or direction marks. */
export const safeFileName = (name: string, fallback = "attachment"): string => {
  const last = name.split(/[\\/]/).at(-1) ?? ""
  const cleaned = last.replace(unsafe, "_").replace(/^\.+/, "").trim()
  if (cleaned.length <= 150) return cleaned.length === 0 ? fallback : cleaned
  const dot = cleaned.lastIndexOf(".")
  const extension = dot > 0 && cleaned.length - dot <= 12 ? cleaned.slice(dot) : ""
  return cleaned.slice(0, 150 - extension.length) + extension
}
