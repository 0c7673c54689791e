/** Request bodies: bounded in bytes and in time, and read through a Schema. */
import { Effect, Schema } from "effect"
import * as ByteSize from "effect/ByteSize"
import { type HttpServerRequest, MaxBodySize } from "effect/http/HttpServerRequest"
import { Refusal } from "./Refusal.ts"

/** JSON of a call, in bytes: the longest text in the widest characters, and some context. */
export const maxJsonBytes = 64_000

const tooLarge = (limit: number) =>
  new Refusal({ status: 413, code: "too_large", detail: `The body is larger than ${limit} bytes.` })

const broken = new Refusal({
  status: 400,
  code: "broken_body",
  detail: "The body ended early; send it again.",
})

const tooSlow = new Refusal({ status: 408, code: "too_slow", detail: "The body took too long." })

/** How long a sender may take for a body. */
export const bodyTimeout = "30 seconds"

/** All bytes of the body. */
export const rawBody = (
  request: HttpServerRequest,
  limit: number,
): Effect.Effect<Uint8Array<ArrayBuffer>, Refusal> => {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Effect.fail(tooLarge(limit))
  return request.arrayBuffer.pipe(
    Effect.provideService(MaxBodySize, ByteSize.bytes(limit)),
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.mapError((error) => (/size|large|limit/i.test(String(error.message)) ? tooLarge(limit) : broken)),
    Effect.timeoutOrElse({ duration: bodyTimeout, orElse: () => Effect.fail(tooSlow) }),
  )
}

export const unreadable = (detail: string) => new Refusal({ status: 400, code: "unreadable", detail })

/** JSON text of the shape `schema`. */
export const readJson = <A, I>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return (text: string): Effect.Effect<A, Refusal> =>
    decode(text).pipe(Effect.mapError((error) => unreadable(String(error.message).slice(0, 500))))
}

/** The body as JSON of the shape `schema`. */
export const jsonBody = <A, I>(schema: Schema.Codec<A, I>) => {
  const read = readJson(schema)
  return (request: HttpServerRequest): Effect.Effect<A, Refusal> =>
    Effect.flatMap(rawBody(request, maxJsonBytes), (bytes) => read(new TextDecoder().decode(bytes)))
}
