/** Rate limits of every route, by the caller's address. What a caller may do without proof is counted, and nothing else. */
import { Cause, Clock, Effect, type Types } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { isHttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { IpNetwork } from "effect/net"
import { Settings } from "../../layers/Settings.ts"
import { Buckets } from "./Buckets.ts"
import { classOf, isRefusal } from "./classes.ts"
import { callerOf } from "./clientAddress.ts"

type Answer = HttpServerResponse.HttpServerResponse
type Handle = Effect.Effect<Answer, Types.unhandled>

/** Ten wrong guesses a minute do not find a token of 16 characters, and a person who mistypes is not kept out for long. */
const loginFailuresPerMinute = 10

const slowDown = (seconds: number): Answer =>
  HttpServerResponse.jsonUnsafe(
    { error: "slow_down", detail: `Too many requests from your address; come again in ${seconds} s.` },
    { status: 429, headers: { "retry-after": String(seconds) } },
  )

const isNoRoute = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some(
    (reason) =>
      Cause.isFailReason(reason) &&
      isHttpServerError(reason.error) &&
      reason.error.reason._tag === "RouteNotFound",
  )

/** A path without a route below a guarded name: looking for one counts like a refusal. */
const routed = (handle: Handle, buckets: Buckets, caller: string, now: number): Handle =>
  Effect.catchCause(handle, (cause) => {
    const wait = isNoRoute(cause) ? buckets.take(caller, now) : 0
    return wait === 0 ? Effect.failCause(cause) : Effect.succeed(slowDown(wait))
  })

const makeLimits = Effect.gen(function* () {
  const { config } = yield* Settings
  const { callsPerMinute, refusalsPerMinute, trustedProxies } = config.http
  const trusted = trustedProxies.map(IpNetwork.fromStringUnsafe)
  const calls = new Buckets({ perMinute: callsPerMinute })
  const refusals = new Buckets({ perMinute: refusalsPerMinute })
  const logins = new Buckets({ perMinute: loginFailuresPerMinute })

  /** The answer, unless it is a refusal too many. */
  const counted = (answer: Answer, path: string, buckets: Buckets, caller: string, now: number): Answer => {
    if (!isRefusal(path, answer.status, answer.headers["location"])) return answer
    const wait = buckets.take(caller, now)
    return wait === 0 ? answer : slowDown(wait)
  }

  return (handle: Handle) =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest
      const { method, url } = request
      const caller = callerOf(request, trusted)
      const now = yield* Clock.currentTimeMillis
      switch (classOf(method, url)) {
        case "open": {
          const wait = calls.take(caller, now)
          return wait === 0 ? yield* handle : slowDown(wait)
        }
        case "login": {
          const wait = logins.wait(caller, now)
          return wait === 0 ? counted(yield* handle, url, logins, caller, now) : slowDown(wait)
        }
        case "guarded":
          return counted(yield* routed(handle, refusals, caller, now), url, refusals, caller, now)
      }
    })
})

/** Holds callers back on every route of the router. */
export const RateLimits = HttpRouter.middleware(makeLimits, { global: true })
