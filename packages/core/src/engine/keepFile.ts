/** Bytes from outside, kept: in the blob store, under a name that is safe to show and to send on. */
import { Effect } from "effect"
import { type Attachment, safeFileName } from "../domain/Attachment.ts"
import type { OrgId } from "../domain/Ids.ts"
import { Blobs } from "../ports/Blobs.ts"

/** The reference to a file whose bytes are now stored. The same bytes twice are stored once. */
export const keepFile = Effect.fnUntraced(function* (
  orgId: OrgId,
  file: { readonly fileName: string; readonly contentType: string },
  bytes: Uint8Array,
) {
  const blobs = yield* Blobs
  const attachment: Attachment = {
    blobId: yield* blobs.put(orgId, bytes),
    fileName: safeFileName(file.fileName),
    contentType: file.contentType,
    size: bytes.length,
  }
  return attachment
})
