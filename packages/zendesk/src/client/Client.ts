/** Calls to one Zendesk account: credentials, rate budget, circuit breaker, time limits, tolerant reading. */
import { Clock, Effect, type Schema } from "effect"
import { HttpClient } from "effect/http"
import { failureOf, jsonOver, outcomeOf, readingTwice, statusFailure } from "./Answer.ts"
import { within } from "./CallsEndAt.ts"
import { type Breaker, type BreakerState, makeBreaker } from "./Breaker.ts"
import { type AccountAccess, originOf } from "./Connection.ts"
import { type Credentials, makeCredentials } from "./Credentials.ts"
import { download } from "./Download.ts"
import { type CallFailure, isOutage } from "./Failure.ts"
import { rateHeaders } from "./Headers.ts"
import { type BudgetState, makeRateBudget, type Priority, type RateBudget } from "./RateBudget.ts"
import type { TokenVault } from "./TokenVault.ts"
import { exchange, type WireResponse } from "./Transport.ts"

/** Zendesk counts Support and Help Center calls separately, each with the plan's whole limit. */
export type Pool = "support" | "help_center"

/** One call. `path` starts with a slash; values in it must be encoded already. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** JSON text, sent byte for byte. */
  readonly json?: string
  readonly bytes?: { readonly content: Uint8Array; readonly contentType: string }
  readonly headers?: Readonly<Record<string, string>>
  readonly pool?: Pool
  readonly priority?: Priority
  readonly timeoutMs?: number
}

/** Time limits and thresholds; the defaults are meant for production. */
export interface ClientLimits {
  /** For the headers, and again for the body of an answer. Default 10 s. */
  readonly timeoutMs: number
  /** The same for uploads and downloads. Default 60 s. */
  readonly transferTimeoutMs: number
  /** Largest JSON answer that is read. Default 20 MB. */
  readonly maxJsonBytes: number
  /** How long a live call may wait for the rate budget before it fails with `RateLimited`. Default 65 s. */
  readonly maxWaitMs: number
  /** Outages in a row that open the circuit breaker, and how long it stays open. Default 5 and 30 s. */
  readonly breakerThreshold: number
  readonly breakerOpenMs: number
}

const defaults: ClientLimits = {
  timeoutMs: 10_000,
  transferTimeoutMs: 60_000,
  maxJsonBytes: 20_000_000,
  maxWaitMs: 65_000,
  breakerThreshold: 5,
  breakerOpenMs: 30_000,
}

/** A sync may sleep through several windows. */
const backfillMaxWaitMs = 15 * 60_000
/** Pause after a 429 that names none. */
const unnamedPauseMs = 5_000

/** How an account is doing, for metrics and health pages. Holds no secrets. */
export interface ZendeskHealth {
  readonly breaker: BreakerState
  readonly pools: Readonly<Record<Pool, BudgetState>>
  /** Calls made since the start, how many failed, and how many tokens were fetched. */
  readonly calls: number
  readonly failures: number
  readonly tokensFetched: number
  /** Epoch milliseconds; null when there is no token. */
  readonly tokenExpiresAt: number | null
}

/** One account's client. Share one per account: the budget, the breaker and the token live in it. */
export interface ZendeskClient {
  /** `https://acme.zendesk.com` */
  readonly origin: string
  /** Makes the call; anything but 2xx is a `CallFailure`. Writes are never repeated here, broken GETs once. */
  request(call: Call): Effect.Effect<WireResponse, CallFailure>
  /** Makes the call and decodes the JSON answer. */
  json<A>(schema: Schema.ConstraintDecoder<A>, call: Call): Effect.Effect<A, CallFailure>
  /** Reads a file by its URL, within `maxBytes`. Credentials go to this account's own host only. */
  download(url: string, maxBytes: number): Effect.Effect<Uint8Array, CallFailure>
  readonly limits: ClientLimits
  readonly health: Effect.Effect<ZendeskHealth>
}

interface Parts {
  readonly http: HttpClient.HttpClient
  readonly origin: string
  readonly limits: ClientLimits
  readonly credentials: Credentials
  readonly breaker: Breaker
  readonly budgets: Readonly<Record<Pool, RateBudget>>
  readonly counters: { calls: number; failures: number }
}

/** We do not call; nothing was sent. */
const refusal = (call: Call, kind: CallFailure["kind"], detail: string, wait: number): CallFailure =>
  failureOf(call, kind, detail, { neverSent: true, retryAfterMs: wait })

const resting = (call: Call, wait: number): CallFailure =>
  refusal(call, "breaker_open", "Zendesk failed repeatedly; not calling it for now", wait)

const urlOf = (origin: string, call: Call): URL => {
  const url = new URL(origin + call.path)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  return url
}

const bodyOf = (call: Call) => {
  if (call.bytes !== undefined) return { bytes: call.bytes.content, contentType: call.bytes.contentType }
  return call.json === undefined
    ? null
    : { bytes: new TextEncoder().encode(call.json), contentType: "application/json" }
}

/** One attempt with one Authorization header; also teaches the rate budget. */
const attempt = Effect.fnUntraced(function* (parts: Parts, call: Call, authorization: string | null) {
  const budget = parts.budgets[call.pool ?? "support"]
  parts.counters.calls += 1
  const response = yield* exchange(parts.http, {
    method: call.method,
    url: urlOf(parts.origin, call),
    path: call.path,
    headers: {
      accept: "application/json",
      ...call.headers,
      ...(authorization === null ? {} : { authorization }),
    },
    body: bodyOf(call),
    timeoutMs: call.timeoutMs ?? parts.limits.timeoutMs,
    maxBytes: parts.limits.maxJsonBytes,
  })
  const now = yield* Clock.currentTimeMillis
  const rate = rateHeaders(response.headers)
  yield* budget.learn(rate)
  if (response.status >= 200 && response.status < 300) return response
  const failure = statusFailure(call, response, now, ({ text }) => text)
  // With calls left in the minute, a 429 is about one endpoint or one ticket: the rest of the account may go on.
  const wholeAccount = response.status === 429 && (rate.remaining === null || rate.remaining === 0)
  if (wholeAccount) yield* budget.block(failure.retryAfterMs ?? rate.resetMs ?? unnamedPauseMs)
  return yield* failure
})

/** Breaker and budget around one attempt. */
const guarded = Effect.fnUntraced(function* (parts: Parts, call: Call, authorization: string | null) {
  const priority = call.priority ?? "live"
  const patience = yield* within(priority === "live" ? parts.limits.maxWaitMs : backfillMaxWaitMs)
  const missing = yield* parts.budgets[call.pool ?? "support"].acquire(priority, patience)
  if (missing !== null)
    return yield* refusal(call, "rate_budget", "the account's rate limit is used up", missing)
  const wait = yield* parts.breaker.enter
  if (wait !== null) return yield* resting(call, wait)
  return yield* attempt(parts, call, authorization).pipe(
    Effect.onExit((exit) => parts.breaker.settle(outcomeOf(exit))),
  )
})

const authorized = Effect.fnUntraced(function* (parts: Parts, call: Call) {
  const header = yield* parts.credentials.header.pipe(
    Effect.tapError((failure) => (isOutage(failure) ? parts.breaker.settle("outage") : Effect.void)),
  )
  const first = yield* Effect.result(guarded(parts, call, header))
  if (first._tag === "Success") return first.success
  // A 401 means that nothing was done, so that also a write may be sent again with a fresh token.
  const fresh = first.failure.status === 401 && (yield* parts.credentials.refused(header))
  if (!fresh) return yield* first.failure
  const renewed = yield* parts.credentials.header
  return yield* guarded(parts, call, renewed)
})

const makeRequest = (parts: Parts) =>
  Effect.fn("Zendesk.request")(
    function* (call: Call) {
      const wait = yield* openFor(parts.breaker)
      if (wait !== null) return yield* resting(call, wait)
      return yield* readingTwice(call, authorized(parts, call))
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

/** Milliseconds that the breaker stays open, without taking the probe; so that no token is fetched for nothing. */
const openFor = (breaker: Breaker): Effect.Effect<number | null> =>
  Effect.gen(function* () {
    const state = yield* breaker.state
    const now = yield* Clock.currentTimeMillis
    return state.openUntil !== null && now < state.openUntil ? state.openUntil - now : null
  })

const healthOf = (parts: Parts): Effect.Effect<ZendeskHealth> =>
  Effect.gen(function* () {
    const token = yield* parts.credentials.state
    return {
      breaker: yield* parts.breaker.state,
      pools: {
        support: yield* parts.budgets.support.state,
        help_center: yield* parts.budgets.help_center.state,
      },
      calls: parts.counters.calls,
      failures: parts.counters.failures,
      tokensFetched: token.fetched,
      tokenExpiresAt: token.expiresAt,
    }
  })

/** Says once that the account still uses a credential that will stop working. */
const warnAboutApiToken = (account: AccountAccess) =>
  account.auth.type === "api_token"
    ? Effect.logWarning(
        "This account signs in with an API token. Zendesk ends all API tokens on 2027-04-30, and no new one can be made since 2026-10-27: move to an OAuth client (auth.type oauth_client_credentials).",
      ).pipe(Effect.annotateLogs({ subdomain: account.subdomain }))
    : Effect.void

/**
 * Makes the client of one account. Make one per account and hand it to `makeTicketing` and `makeHelpCenterSync`, so
 * that they share the rate budget, the breaker and the token. `vault` is needed for `oauth_authorization_code`. Dies on a subdomain or base URL that the connection
 * Schema would have refused.
 */
export const makeZendeskClient = Effect.fn("makeZendeskClient")(function* (
  account: AccountAccess,
  limits: Partial<ClientLimits> = {},
  vault?: TokenVault,
) {
  const http = yield* HttpClient.HttpClient
  const all = { ...defaults, ...limits }
  const origin = originOf(account)
  yield* warnAboutApiToken(account)
  const ceiling = account.requestsPerMinute ?? null
  const parts: Parts = {
    http,
    origin,
    limits: all,
    credentials: makeCredentials(http, origin, account.auth, all.timeoutMs, vault),
    breaker: makeBreaker(all.breakerThreshold, all.breakerOpenMs),
    budgets: { support: makeRateBudget(ceiling), help_center: makeRateBudget(ceiling) },
    counters: { calls: 0, failures: 0 },
  }
  const request = makeRequest(parts)
  const client: ZendeskClient = {
    origin,
    request,
    json: jsonOver(request),
    download: (url, maxBytes) =>
      download(
        { http, origin, credentials: parts.credentials, timeoutMs: all.transferTimeoutMs },
        url,
        maxBytes,
      ),
    limits: all,
    health: healthOf(parts),
  }
  return client
})
