/** Answers of others, read no further than a bound, as they come out of any packing. */
import { Effect, Stream } from "effect"
import type { HttpClientResponse } from "effect/http"

/** All bytes of the body; fails with `tooLarge` as soon as there are more than `most`. */
export const readBounded = <E>(response: HttpClientResponse.HttpClientResponse, most: number, tooLarge: E) =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return Stream.runForEach(response.stream, (chunk) => {
      size += chunk.byteLength
      chunks.push(chunk)
      return size > most ? Effect.fail(tooLarge) : Effect.void
    }).pipe(Effect.map(() => Buffer.concat(chunks)))
  })
