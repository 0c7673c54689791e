/** Who calls: the site, the page's origin, the address, and the visitor behind a token. */
import { callerNetwork } from "@opencx/core"
import { Clock, Effect, Option } from "effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { type Claims } from "../identity/tokens.ts"
import { threadRef, type Visitor, visitorOf } from "../identity/visitor.ts"
import { Refusal } from "./Refusal.ts"
import type { Site, Sites } from "./Site.ts"

export interface Call {
  readonly site: Site
  readonly request: HttpServerRequest
  readonly query: URLSearchParams
  /** Of the caller, as far as known. */
  readonly address: string
  /** Epoch ms when the call came. */
  readonly now: number
}

export const queryOf = (request: HttpServerRequest): URLSearchParams =>
  new URL(request.url, "http://local").searchParams

/** The site that a request names, when its page is one of the site's. */
export const siteFor = (sites: Sites, request: HttpServerRequest): Effect.Effect<Site, Refusal> => {
  const site = sites.get(queryOf(request).get("site") ?? "")
  if (site === undefined) {
    return Effect.fail(
      new Refusal({
        status: 404,
        code: "unknown_site",
        detail: "No site has this key; copy the snippet again.",
      }),
    )
  }
  const { origin } = request.headers
  if (origin === undefined ? mayLackOrigin(request) : site.origins.has(origin)) return Effect.succeed(site)
  return Effect.fail(
    new Refusal({
      status: 403,
      code: "foreign_origin",
      detail: `Add ${origin ?? "the page's origin"} to the site's \`origins\` to use the widget there.`,
    }),
  )
}

/** Browsers leave `Origin` out only when a page reads from its own host. */
const mayLackOrigin = ({ headers, method }: HttpServerRequest): boolean =>
  method === "GET" && ["same-origin", undefined].includes(headers["sec-fetch-site"])

/** The caller's address; behind proxies the one that the outermost of ours saw. */
const addressOf = (site: Site, request: HttpServerRequest): string => {
  const { proxies } = site.settings
  const direct = Option.getOrElse(request.remoteAddress, () => "unknown")
  if (proxies === 0) return direct
  const hops = (request.headers["x-forwarded-for"] ?? "").split(",").map((hop) => hop.trim())
  return hops.at(-proxies) || direct
}

const slowDown = (retryAfter: number) =>
  new Refusal({ status: 429, code: "slow_down", detail: "Too many calls; wait a moment.", retryAfter })

/** Counts a call; fails when there were too many. */
export const limit = (
  site: Site,
  key: string,
  perMinute: number,
  now: number,
): Effect.Effect<void, Refusal> => {
  const wait = site.buckets.take(key, perMinute, now)
  return wait === 0 ? Effect.void : Effect.fail(slowDown(wait))
}

/** The call of a page that may use the site; counted by address. */
export const open = Effect.fnUntraced(function* (sites: Sites, request: HttpServerRequest) {
  const site = yield* siteFor(sites, request)
  const now = yield* Clock.currentTimeMillis
  const address = addressOf(site, request)
  yield* limit(
    site,
    `address:${callerNetwork(address) ?? address}`,
    site.settings.limits.addressPerMinute,
    now,
  )
  const call: Call = { site, request, query: queryOf(request), address, now }
  return call
})

const noToken = new Refusal({
  status: 401,
  code: "token_refused",
  detail: "The session token is missing, expired or not of this site; begin a new session.",
})

/** The claims of the bearer token; null when there is none that holds. */
export const claimsOf = ({ now, request, site }: Call): Claims | null => {
  const bearer = /^Bearer (.+)$/i.exec(request.headers["authorization"] ?? "")?.[1]
  return bearer === undefined ? null : site.tokens.open(bearer, now)
}

/** The person behind claims; fails when their thread has become somebody else's. */
export const admit = Effect.fnUntraced(function* (site: Site, claims: Claims | null) {
  if (claims === null) return yield* noToken
  const visitor = visitorOf(claims, site.settings.siteKey)
  yield* site.owners.check(threadRef(site.account, visitor), visitor)
  return visitor
})

/** The visitor who calls, counted. */
export const visitorFor = Effect.fnUntraced(function* (call: Call, kind: "message" | "call" = "call") {
  const visitor: Visitor = yield* admit(call.site, claimsOf(call))
  const { callsPerMinute, messagesPerMinute } = call.site.settings.limits
  const perMinute = kind === "message" ? messagesPerMinute : callsPerMinute
  yield* limit(call.site, `${kind}:${visitor.id}`, perMinute, call.now)
  return visitor
})
