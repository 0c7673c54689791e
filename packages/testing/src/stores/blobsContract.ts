import { assert, it } from "@effect/vitest"
import { BlobId, Blobs } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { orgA, orgB } from "./samples.ts"

/** Registers what every `Blobs` does: bytes as they were, within the organization. */
export const blobsContract = (name: string, layer: Layer.Layer<Blobs, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Blobs: ${name}`, (it) => {
    it.effect("keeps bytes as they are, within the organization", () =>
      Effect.gen(function* () {
        const blobs = yield* Blobs
        const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256)
        const id = yield* blobs.put(orgA, bytes)
        assert.strictEqual(yield* blobs.put(orgA, bytes.slice()), id)
        const back = yield* blobs.get(orgA, id)
        assert.isTrue(back !== null && Buffer.compare(back, bytes) === 0)
        assert.isNull(yield* blobs.get(orgB, id))
        assert.isNull(yield* blobs.get(orgA, BlobId.make("unknown")))
        const empty = yield* blobs.put(orgA, new Uint8Array(0))
        assert.strictEqual((yield* blobs.get(orgA, empty))?.byteLength, 0)
      }),
    )
  })
