/** Raw request bodies, bounded; signatures are over these very bytes. */
import { Effect, Schema } from "effect"
import { type HttpServerRequest, MaxBodySize } from "effect/http/HttpServerRequest"
import * as ByteSize from "effect/ByteSize"

export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>("@opencx/runtime/BodyTooLarge")(
  "BodyTooLarge",
  {
    limit: Schema.Int,
  },
) {}

export class BodyBroken extends Schema.TaggedError<BodyBroken>("@opencx/runtime/BodyBroken")(
  "BodyBroken",
  {},
) {}

/** All bytes of the body, or a typed failure. `limit` in bytes. */
export const rawBody = (request: HttpServerRequest, limit: number) => {
  const announced = Number(request.headers["content-length"] ?? 0)
  if (announced > limit) return Effect.fail(new BodyTooLarge({ limit }))
  return request.arrayBuffer.pipe(
    Effect.provideService(MaxBodySize, ByteSize.bytes(limit)),
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.mapError((error) =>
      /size|large|limit/i.test(String(error.message)) ? new BodyTooLarge({ limit }) : new BodyBroken(),
    ),
  )
}

const maxFormBytes = 5_000

/** The fields of a small form of ours; none when it cannot be read. */
export const formOf = (request: HttpServerRequest) =>
  rawBody(request, maxFormBytes).pipe(
    Effect.map((bytes) => new URLSearchParams(new TextDecoder().decode(bytes))),
    Effect.orElseSucceed(() => new URLSearchParams()),
  )
