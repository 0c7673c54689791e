/** `Blobs` in memory. */
import { Effect, Layer } from "effect"
import { Hex } from "effect/encoding"
import { BlobId, type OrgId } from "../domain/Ids.ts"
import { Blobs } from "../ports/Blobs.ts"

const sha256 = (bytes: Uint8Array<ArrayBuffer>) =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", bytes)),
    (digest) => Hex.encode(new Uint8Array(digest)),
  )

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
