/**
 * Calls to one Sunshine Conversations app: basic credentials, circuit breaker, time limits, tolerant reading. Zendesk
 * publishes no numbers and no headers for its rate limit here, so that there is no budget: a 429 goes to the caller.
 */
import { Clock, Effect, Redacted, type Schema } from "effect"
import { Base64 } from "effect/encoding"
import { HttpClient } from "effect/http"
import { failureOf, jsonOver, outcomeOf, readingTwice, statusFailure } from "../../client/Answer.ts"
import { type Breaker, type BreakerState, makeBreaker } from "../../client/Breaker.ts"
import { isLoopbackHost } from "../../client/Connection.ts"
import { download } from "../../client/Download.ts"
import type { CallFailure } from "../../client/Failure.ts"
import { exchange, type WireResponse } from "../../client/Transport.ts"
import { keyProblem, type SunshineAccess } from "../Connection.ts"

/** One call. `path` is below the app and starts with a slash; values in it must be encoded already. */
export interface SunshineCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly json?: string
  readonly form?: FormData
  readonly timeoutMs?: number
}

/** Time limits and thresholds; the defaults are meant for production. */
export interface SunshineLimits {
  /** For the headers, and again for the body of an answer. Default 10 s. */
  readonly timeoutMs: number
  /** The same for files. Default 60 s. */
  readonly transferTimeoutMs: number
  /** Largest JSON answer that is read. Default 5 MB: a page of 100 messages. */
  readonly maxJsonBytes: number
  /** Outages in a row that open the circuit breaker, and how long it stays open. Default 5 and 30 s. */
  readonly breakerThreshold: number
  readonly breakerOpenMs: number
  /**
   * Pauses before each look whether we have control, in milliseconds. Zendesk answers 200 before it is done and does not
   * say how long it takes. Default 150, 350, 1,000 and 2,000.
   */
  readonly controlPausesMs: ReadonlyArray<number>
}

const defaults: SunshineLimits = {
  timeoutMs: 10_000,
  transferTimeoutMs: 60_000,
  maxJsonBytes: 5_000_000,
  breakerThreshold: 5,
  breakerOpenMs: 30_000,
  controlPausesMs: [150, 350, 1_000, 2_000],
}

/** How an app is doing, for metrics and health pages. Holds no secrets. */
export interface SunshineHealth {
  readonly breaker: BreakerState
  readonly calls: number
  readonly failures: number
}

/** One app's client. Share one per app: the breaker lives in it. */
export interface SunshineClient {
  /** `https://acme.zendesk.com` */
  readonly origin: string
  readonly appId: string
  /** Makes the call; anything but 2xx is a `CallFailure`. Writes are never repeated here, broken GETs once. */
  request(call: SunshineCall): Effect.Effect<WireResponse, CallFailure>
  /** Makes the call and decodes the JSON answer. */
  json<A>(schema: Schema.ConstraintDecoder<A>, call: SunshineCall): Effect.Effect<A, CallFailure>
  /** Reads a message's file within `maxBytes`, from Zendesk's hosts only. The key goes with attachments of our own host only. */
  media(url: string, maxBytes: number): Effect.Effect<Uint8Array, CallFailure>
  readonly limits: SunshineLimits
  readonly health: Effect.Effect<SunshineHealth>
}

interface Parts {
  readonly http: HttpClient.HttpClient
  readonly access: SunshineAccess
  readonly limits: SunshineLimits
  readonly authorization: string
  readonly breaker: Breaker
  readonly counters: { calls: number; failures: number }
}

const urlOf = ({ appId, origin }: SunshineAccess, call: SunshineCall): URL => {
  const url = new URL(`${origin}/sc/v2/apps/${appId}${call.path}`)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  return url
}

const bodyOf = (call: SunshineCall) => {
  if (call.form !== undefined) return call.form
  return call.json === undefined
    ? null
    : { bytes: new TextEncoder().encode(call.json), contentType: "application/json" }
}

const attempt = Effect.fnUntraced(function* (parts: Parts, call: SunshineCall) {
  parts.counters.calls += 1
  const response = yield* exchange(parts.http, {
    method: call.method,
    url: urlOf(parts.access, call),
    path: call.path === "" ? "/" : call.path,
    headers: { accept: "application/json", authorization: parts.authorization },
    body: bodyOf(call),
    timeoutMs: call.timeoutMs ?? parts.limits.timeoutMs,
    maxBytes: parts.limits.maxJsonBytes,
  })
  if (response.status >= 200 && response.status < 300) return response
  const now = yield* Clock.currentTimeMillis
  return yield* statusFailure(call, response, now, ({ issues, text }) => issues[0]?.text ?? text)
})

const guarded = Effect.fnUntraced(function* (parts: Parts, call: SunshineCall) {
  const wait = yield* parts.breaker.enter
  if (wait !== null) {
    const detail = "Sunshine Conversations failed repeatedly; not calling it for now"
    return yield* failureOf(call, "breaker_open", detail, { neverSent: true, retryAfterMs: wait })
  }
  return yield* attempt(parts, call).pipe(Effect.onExit((exit) => parts.breaker.settle(outcomeOf(exit))))
})

const makeRequest = (parts: Parts) =>
  Effect.fn("Sunshine.request")(
    function* (call: SunshineCall) {
      const problem = keyProblem(parts.access.keyId)
      if (problem !== null) return yield* failureOf(call, "credentials", problem, { neverSent: true })
      return yield* readingTwice(call, guarded(parts, call))
    },
    (effect, call) =>
      effect.pipe(
        Effect.tapError(() =>
          Effect.sync(() => {
            parts.counters.failures += 1
          }),
        ),
        Effect.annotateSpans({ "zendesk.path": call.path, "http.request.method": call.method }),
      ),
  )

/** Hosts that Zendesk serves messages' files from, besides the account's own. */
const mediaHosts = /(?:^|\.)(?:zendesk\.com|zdusercontent\.com|zdassets\.com|smooch\.io)$/

const isMediaHost =
  (origin: string) =>
  (url: URL): boolean =>
    isLoopbackHost(new URL(origin).hostname)
      ? isLoopbackHost(url.hostname)
      : url.protocol === "https:" && url.port === "" && mediaHosts.test(url.hostname)

/** Makes the client of one app. Dies never; a key that cannot work fails each call without sending it. */
export const makeSunshineClient = Effect.fn("makeSunshineClient")(function* (
  access: SunshineAccess,
  limits: Partial<SunshineLimits> = {},
) {
  const http = yield* HttpClient.HttpClient
  const all = { ...defaults, ...limits }
  const authorization = `Basic ${Base64.encode(`${access.keyId}:${Redacted.value(access.secret)}`)}`
  const parts: Parts = {
    http,
    access,
    limits: all,
    authorization,
    breaker: makeBreaker(all.breakerThreshold, all.breakerOpenMs),
    counters: { calls: 0, failures: 0 },
  }
  const request = makeRequest(parts)
  const source = {
    http,
    origin: access.origin,
    credentials: { header: Effect.succeed(authorization), refused: () => Effect.succeed(false) },
    timeoutMs: all.transferTimeoutMs,
    mayStart: isMediaHost(access.origin),
    // A URL from a webhook must not make us read anything else with our key.
    needsKey: (url: URL) => url.pathname.startsWith("/sc/attachments/"),
  }
  const client: SunshineClient = {
    origin: access.origin,
    appId: access.appId,
    request,
    json: jsonOver(request),
    media: (url, maxBytes) => download(source, url, maxBytes),
    limits: all,
    health: Effect.map(parts.breaker.state, (breaker) => ({ breaker, ...parts.counters })),
  }
  return client
})
