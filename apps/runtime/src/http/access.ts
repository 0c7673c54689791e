/** Who may see sessions and metrics: people who know the operator token; where none is set, this machine alone. */
import { Effect } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { createHash, timingSafeEqual } from "node:crypto"
import { Settings } from "../layers/Settings.ts"
import { loginPage } from "./pages/login.ts"
import { rawBody } from "./body.ts"
import { htmlAnswer } from "./pages/html.ts"

const cookieName = "opencx_operator"

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** The cookie holds a digest, so that the token itself does not lie in browsers. */
const cookieValue = (token: string): string => digest(`cookie:${token}`).toString("hex")

const loopback = new Set(["127.0.0.1", "::1", "[::1]", "localhost"])

const hostOf = (request: HttpServerRequest): string =>
  (request.headers["host"] ?? "").replace(/:\d+$/, "").toLowerCase()

/**
 * Asked by this machine under its own name. A page of another site whose name was made to point here (DNS rebinding) has
 * that site's Host; what a proxy passes on from elsewhere carries a forwarding header.
 */
const isLocal = (request: HttpServerRequest): boolean =>
  loopback.has(hostOf(request)) &&
  ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].every(
    (name) => request.headers[name] === undefined,
  )

/** True when this request may see what operators see. */
export const allowed = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const { config } = yield* Settings
  const token = config.operatorToken
  if (token === undefined) return loopback.has(config.http.host) && isLocal(request)
  const bearer = /^Bearer (.+)$/i.exec(request.headers["authorization"] ?? "")?.[1]
  const cookie = request.cookies[cookieName]
  return (
    (bearer !== undefined && same(bearer, token)) ||
    (cookie !== undefined && same(cookie, cookieValue(token)))
  )
})

/** A browser's form post must come from our own pages. */
export const fromOwnPages = Effect.fnUntraced(function* (request: HttpServerRequest) {
  if (request.headers["authorization"] !== undefined) return true
  const { origin, "sec-fetch-site": site } = request.headers
  if (site !== undefined) return site === "same-origin" || site === "none"
  const { publicUrl } = yield* Settings
  return (
    origin === undefined ||
    origin === new URL(publicUrl).origin ||
    origin === `http://${request.headers["host"]}`
  )
})

/** Only paths of our own, never another site. Browsers drop tabs and line breaks before they look for `//`. */
const safeNext = (next: string | null): string =>
  next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/sessions"

/** Sends people who are not logged in to the login page, with the way back. */
export const toLogin = (request: HttpServerRequest) =>
  HttpServerResponse.redirect(`/login?next=${encodeURIComponent(safeNext(request.url))}`, { status: 303 })

const showLogin = HttpRouter.add("GET", "/login", (request) =>
  Effect.gen(function* () {
    const { config } = yield* Settings
    const query = new URL(request.url, "http://local").searchParams
    return htmlAnswer(
      loginPage({
        next: safeNext(query.get("next")),
        failed: false,
        tokenSet: config.operatorToken !== undefined,
      }),
    )
  }),
)

const doLogin = HttpRouter.add("POST", "/login", (request) =>
  Effect.gen(function* () {
    const { config, publicUrl } = yield* Settings
    const form = new URLSearchParams(new TextDecoder().decode(yield* rawBody(request, 10_000)))
    const next = safeNext(form.get("next"))
    const token = config.operatorToken
    if (token === undefined || !same(form.get("token") ?? "", token)) {
      return htmlAnswer(loginPage({ next, failed: true, tokenSet: token !== undefined }), 401)
    }
    return HttpServerResponse.redirect(next, { status: 303 }).pipe(
      HttpServerResponse.setCookieUnsafe(cookieName, cookieValue(token), {
        httpOnly: true,
        sameSite: "lax",
        secure: publicUrl.startsWith("https:"),
        path: "/",
        maxAge: "12 hours",
      }),
    )
  }).pipe(
    Effect.catchTags({
      BodyTooLarge: () => Effect.succeed(HttpServerResponse.empty({ status: 413 })),
      BodyBroken: () => Effect.succeed(HttpServerResponse.empty({ status: 400 })),
    }),
  ),
)

export const LoginRoutes = [showLogin, doLogin] as const
