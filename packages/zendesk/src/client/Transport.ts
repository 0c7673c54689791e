/** One HTTP exchange: time limits, a cap on what is read, and no redirect followed behind our back. */
import { Effect, Stream } from "effect"
import {
  FetchHttpClient,
  HttpClient,
  type HttpClientError,
  HttpClientRequest,
  type HttpClientResponse,
} from "effect/http"
import { within } from "./CallsEndAt.ts"
import { CallFailure } from "./Failure.ts"

/** A request as it goes on the wire. `path` is what logs show: it never holds a query, which may hold an address. */
export interface WireRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly url: URL
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** A form goes out as `multipart/form-data`, read from its parts as it is sent. */
  readonly body: { readonly bytes: Uint8Array; readonly contentType: string } | FormData | null
  /** Milliseconds until the response headers must be there, and again until the body must be. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** A response, read to its end. Header names are lower-case. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Uint8Array
}

/** Nothing can have reached the other side when the connection was never made. */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined

/** All system error codes in an error and its causes. */
const codesOf = (error: unknown, depth = 0): ReadonlyArray<string> => {
  if (depth > 5 || error === undefined) return []
  const code = property(error, "code")
  const nested = property(error, "errors")
  return [
    ...(typeof code === "string" ? [code] : []),
    ...codesOf(property(error, "cause"), depth + 1),
    ...(Array.isArray(nested) ? nested.flatMap((one: unknown) => codesOf(one, depth + 1)) : []),
  ]
}

const failure = (
  request: WireRequest,
  kind: CallFailure["kind"],
  detail: string,
  more: { readonly status?: number; readonly neverSent?: boolean } = {},
): CallFailure =>
  new CallFailure({
    kind,
    method: request.method,
    path: request.path,
    status: more.status ?? null,
    neverSent: more.neverSent ?? false,
    retryAfterMs: null,
    body: null,
    detail,
  })

const ofClientError = (request: WireRequest) => (error: HttpClientError.HttpClientError) => {
  const local = error.reason._tag === "InvalidUrlError" || error.reason._tag === "EncodeError"
  const codes = codesOf(error.reason.cause)
  const neverSent = local || (codes.length > 0 && codes.every((code) => neverConnected.test(code)))
  const detail = codes.length > 0 ? codes.join(", ") : neverSent ? "could not be sent" : "connection broke"
  return failure(request, "network", detail, { neverSent })
}

const concat = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}

const readBody = Effect.fnUntraced(function* (
  request: WireRequest,
  response: HttpClientResponse.HttpClientResponse,
) {
  const tooLarge = failure(request, "too_large", `the answer is larger than ${request.maxBytes} bytes`, {
    status: response.status,
  })
  const announced = Number(response.headers["content-length"] ?? 0)
  const chunks: Array<Uint8Array> = []
  let size = 0
  const read = Stream.runForEach(response.stream, (chunk) => {
    size += chunk.byteLength
    if (size > request.maxBytes) return Effect.fail(tooLarge)
    chunks.push(chunk)
    return Effect.void
  }).pipe(
    Effect.catchTag("HttpClientError", (error) =>
      error.reason._tag === "EmptyBodyError" ? Effect.void : Effect.fail(ofClientError(request)(error)),
    ),
  )
  if (announced > request.maxBytes) return yield* tooLarge
  yield* read
  return concat(chunks, size)
})

const timeout =
  (request: WireRequest, what: string) =>
  <A>(effect: Effect.Effect<A, CallFailure>): Effect.Effect<A, CallFailure> =>
    Effect.flatMap(within(request.timeoutMs), (duration) =>
      Effect.timeoutOrElse(effect, {
        duration,
        orElse: () => Effect.fail(failure(request, "timeout", `no ${what} within ${duration} ms`)),
      }),
    )

const tooLate = (request: WireRequest): CallFailure =>
  failure(request, "timeout", "not asked, because the time for all questions together was over", {
    neverSent: true,
  })

const toClientRequest = (request: WireRequest): HttpClientRequest.HttpClientRequest => {
  const bare = HttpClientRequest.make(request.method)(request.url, { headers: request.headers })
  if (request.body === null) return bare
  return request.body instanceof FormData
    ? HttpClientRequest.bodyFormData(bare, request.body)
    : HttpClientRequest.bodyUint8Array(bare, request.body.bytes, request.body.contentType)
}

/**
 * Sends one request and reads the whole answer. Redirects come back as answers: whoever wants to follow one decides
 * what goes along. Trace headers stay at home, they mean nothing to Zendesk.
 */
export const exchange = (
  client: HttpClient.HttpClient,
  request: WireRequest,
): Effect.Effect<WireResponse, CallFailure> =>
  Effect.gen(function* () {
    if ((yield* within(request.timeoutMs)) === 0) return yield* tooLate(request)
    const response = yield* client
      .execute(toClientRequest(request))
      .pipe(Effect.mapError(ofClientError(request)), timeout(request, "response"))
    const bytes = yield* readBody(request, response).pipe(timeout(request, "complete answer"))
    return { status: response.status, headers: response.headers, bytes }
  }).pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false),
  )
