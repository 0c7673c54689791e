/** `Blobs` in memory. */
import { Effect, Layer } from "effect"
import { BlobId, type OrgId } from "../domain/Ids.ts"
import { Blobs } from "../ports/Blobs.ts"
import { sha256 } from "./sha256.ts"

/** `Blobs` in memory; ids are SHA-256 in hexadecimal. */
export const blobsMemory: Layer.Layer<Blobs> = Layer.sync(Blobs, () => {
  const blobs = new Map<string, Uint8Array>()
  const place = (orgId: OrgId, id: string) => `${orgId}|${id}`
  return Blobs.of({
    put: (orgId, bytes) =>
      Effect.gen(function* () {
        const copy = new Uint8Array(bytes)
        const id = yield* sha256(copy)
        blobs.set(place(orgId, id), copy)
        return BlobId.make(id)
      }),
    get: (orgId, id) => Effect.sync(() => blobs.get(place(orgId, id)) ?? null),
  })
})
