import { Effect } from "effect"
import { Hex } from "effect/encoding"

/** SHA-256 in hexadecimal. */
export const sha256 = (bytes: Uint8Array<ArrayBuffer>): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", bytes)),
    (digest) => Hex.encode(new Uint8Array(digest)),
  )
