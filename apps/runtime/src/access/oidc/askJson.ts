/** One question to the sign-on provider: bounded in time and bytes, and no redirect, which our secret would follow. */
import { Effect, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, type HttpClientResponse } from "effect/http"
import { SignOnFailed } from "./SignOnFailed.ts"

const limit = "10 seconds"

/** Unpacked. Key sets and user infos are some kilobytes. */
const maxBytes = 1_000_000

const textOf = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return Stream.runForEach(response.stream, (chunk) => {
      size += chunk.byteLength
      chunks.push(chunk)
      return size > maxBytes
        ? Effect.fail({ message: `an answer of more than ${maxBytes} bytes` })
        : Effect.void
    }).pipe(Effect.map(() => Buffer.concat(chunks).toString("utf8")))
  })

/** A JSON document of the provider's, checked; whatever goes wrong is said with `what`. */
export const askJson = <S extends Schema.ConstraintDecoder<unknown>>(
  request: HttpClientRequest.HttpClientRequest,
  schema: S,
  what: string,
): Effect.Effect<S["Type"], SignOnFailed, HttpClient.HttpClient | S["DecodingServices"]> =>
  Effect.gen(function* () {
    const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    const response = yield* client.execute(HttpClientRequest.acceptJson(request))
    return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(yield* textOf(response))
  }).pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.timeoutOrElse({
      duration: limit,
      orElse: () => Effect.fail({ message: `no answer within ${limit}` }),
    }),
    Effect.mapError(({ message }) => new SignOnFailed({ detail: `${what}: ${message.slice(0, 500)}` })),
  )
