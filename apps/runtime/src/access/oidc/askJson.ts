/** One question to the sign-on provider: bounded in time and bytes, and no redirect, which our secret would follow. */
import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { readBounded } from "../../http/readBounded.ts"
import { SignOnFailed } from "./SignOnFailed.ts"

const limit = "10 seconds"

/** Unpacked. Key sets and user infos are some kilobytes. */
const maxBytes = 1_000_000

const tooLarge = { message: `an answer of more than ${maxBytes} bytes` }

/** A JSON document of the provider's, checked; whatever goes wrong is said with `what`. */
export const askJson = <S extends Schema.ConstraintDecoder<unknown>>(
  request: HttpClientRequest.HttpClientRequest,
  schema: S,
  what: string,
): Effect.Effect<S["Type"], SignOnFailed, HttpClient.HttpClient | S["DecodingServices"]> =>
  Effect.gen(function* () {
    const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    const response = yield* client.execute(HttpClientRequest.acceptJson(request))
    const bytes = yield* readBounded(response, maxBytes, tooLarge)
    return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(bytes.toString("utf8"))
  }).pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.timeoutOrElse({
      duration: limit,
      orElse: () => Effect.fail({ message: `no answer within ${limit}` }),
    }),
    Effect.mapError(({ message }) => new SignOnFailed({ detail: `${what}: ${message.slice(0, 500)}` })),
  )
