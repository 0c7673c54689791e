/** Logging in and out: with the operator token, with a password, by a link that works once, by single sign-on. */
import { Tickets } from "@opencx/storage"
import { Effect, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { IpNetwork } from "effect/net"
import { Access } from "../access/Access.ts"
import { cookieFlags, cookieNames, cookieOfOperator } from "../access/cookies.ts"
import { followLink, logIn, sessionHours } from "../access/logIn.ts"
import { SignOn } from "../access/oidc/signOn.ts"
import { Password } from "../access/passwords.ts"
import { isOperatorToken } from "../access/operatorTokens.ts"
import { digestOf } from "../access/tokens.ts"
import { Email } from "../config/signIn.ts"
import { Settings } from "../layers/Settings.ts"
import { fromOwnPages, safeNext } from "./access.ts"
import { comeAgain } from "./answers.ts"
import { rawBody } from "./body.ts"
import { callerOf } from "./limits/clientAddress.ts"
import { htmlAnswer } from "./pages/html.ts"
import { linkPage, loginPage } from "./pages/login.ts"

const maxFormBytes = 10_000

const formOf = Effect.fnUntraced(function* (request: HttpServerRequest) {
  return new URLSearchParams(new TextDecoder().decode(yield* rawBody(request, maxFormBytes)))
})

const queryOf = (request: HttpServerRequest) => new URL(request.url, "http://local").searchParams

/** Whatever is not foreseen, an outage above all, is "come again"; a login that fails says nothing of why. */
const guarded = <E extends { readonly _tag: string }, R>(
  answer: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
) =>
  answer.pipe(
    Effect.catchIf(
      (error) => error._tag === "BodyTooLarge",
      () => Effect.succeed(HttpServerResponse.empty({ status: 413 })),
    ),
    Effect.catchCause((cause) => Effect.as(Effect.logError("A login route failed", cause), comeAgain)),
  )

interface Said {
  readonly next: string
  readonly problem: string | null
  readonly status: number
  readonly retryAfter?: number
}

/** The login page with what this installation offers. */
const shown = Effect.fnUntraced(function* ({ next, problem, retryAfter, status }: Said) {
  const { config } = yield* Settings
  const page = loginPage({
    next,
    problem,
    hasToken: config.operatorToken !== undefined,
    hasUsers: yield* (yield* Access).hasUsers,
    signOn: (yield* SignOn)?.name ?? null,
  })
  const answer = htmlAnswer(page, status)
  return retryAfter === undefined
    ? answer
    : HttpServerResponse.setHeader(answer, "retry-after", String(retryAfter))
})

const withSession = Effect.fnUntraced(function* (token: string, next: string) {
  const { publicUrl } = yield* Settings
  return HttpServerResponse.redirect(next, { status: 303 }).pipe(
    HttpServerResponse.setCookieUnsafe(
      cookieNames(publicUrl).session,
      token,
      cookieFlags(publicUrl, `${sessionHours} hours`),
    ),
  )
})

const byToken = Effect.fnUntraced(function* (given: string, next: string) {
  const { config, publicUrl } = yield* Settings
  if (!(yield* isOperatorToken(given, config)))
    return yield* shown({ next, problem: "That is not the operator token.", status: 401 })
  return HttpServerResponse.redirect(next, { status: 303 }).pipe(
    HttpServerResponse.setCookieUnsafe(
      cookieNames(publicUrl).operator,
      cookieOfOperator(given),
      cookieFlags(publicUrl, "12 hours"),
    ),
  )
})

/** Whose failures count together: as for every other limit, so that nobody gets more tries by writing a header. */
const callerOfRequest = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const { trustedProxies } = (yield* Settings).config.http
  return callerOf(request, trustedProxies.map(IpNetwork.fromStringUnsafe))
})

const byPassword = (request: HttpServerRequest, form: URLSearchParams, next: string) =>
  callerOfRequest(request).pipe(
    Effect.flatMap((address) =>
      logIn({ email: form.get("email") ?? "", password: form.get("password") ?? "", address }),
    ),
    Effect.flatMap((token) => withSession(token, next)),
    Effect.catchTags({
      WrongPassword: () =>
        shown({ next, problem: "Email address and password do not fit together.", status: 401 }),
      LockedOut: ({ seconds }) =>
        shown({
          next,
          problem: `Too many failed logins. Try again in ${seconds} seconds.`,
          status: 429,
          retryAfter: seconds,
        }),
    }),
  )

/** Another site must not log a browser in as somebody of its choice. */
const crossSite = HttpServerResponse.empty({ status: 403 })

const doLogin = HttpRouter.add("POST", "/login", (request) =>
  guarded(
    Effect.gen(function* () {
      const form = yield* formOf(request)
      const next = safeNext(form.get("next"))
      if (!(yield* fromOwnPages(request))) return crossSite
      return yield* form.has("email")
        ? byPassword(request, form, next)
        : byToken(form.get("token") ?? "", next)
    }),
  ),
)

const showLogin = HttpRouter.add("GET", "/login", (request) =>
  guarded(shown({ next: safeNext(queryOf(request).get("next")), problem: null, status: 200 })),
)

const doLogout = HttpRouter.add("POST", "/login/out", (request) =>
  guarded(
    Effect.gen(function* () {
      if (!(yield* fromOwnPages(request))) return crossSite
      const { publicUrl } = yield* Settings
      const names = cookieNames(publicUrl)
      const token = request.cookies[names.session]
      if (token !== undefined) yield* (yield* Tickets).sessions.end(digestOf(token))
      const over = cookieFlags(publicUrl, 0)
      return HttpServerResponse.redirect("/login", { status: 303 }).pipe(
        HttpServerResponse.setCookieUnsafe(names.session, "", over),
        HttpServerResponse.setCookieUnsafe(names.operator, "", over),
      )
    }),
  ),
)

/** Why a link does not work, alike for all reasons. */
const voidLink = () =>
  htmlAnswer(linkPage({ token: "", purpose: "void", problem: "This link is not good (any more)." }), 410)

const showLink = HttpRouter.add("GET", "/login/link", (request) =>
  guarded(
    Effect.gen(function* () {
      const token = queryOf(request).get("token") ?? ""
      const link = yield* (yield* Tickets).once.look(digestOf(token))
      if (link === null) return voidLink()
      const purpose = link.purpose === "setup" ? "setup" : "invite"
      return htmlAnswer(linkPage({ token, purpose, problem: null }))
    }),
  ),
)

const isPassword = Schema.is(Password)
const isEmail = Schema.is(Email)

/** What is wrong with the form, before the link is used up. */
const problemWith = (purpose: string, email: string, password: string, again: string): string | null => {
  if (purpose === "setup" && !isEmail(email)) return "That is no email address."
  if (!isPassword(password)) return "Choose a password of 10 to 500 characters."
  return password === again ? null : "The two passwords differ."
}

const doLink = HttpRouter.add("POST", "/login/link", (request) =>
  guarded(
    Effect.gen(function* () {
      if (!(yield* fromOwnPages(request))) return crossSite
      const form = yield* formOf(request)
      const [token = "", email = "", name = "", password = "", again = ""] = [
        "token",
        "email",
        "name",
        "password",
        "again",
      ].map((field) => form.get(field) ?? "")
      const link = yield* (yield* Tickets).once.look(digestOf(token))
      if (link === null) return voidLink()
      const problem = problemWith(link.purpose, email, password, again)
      const purpose = link.purpose === "setup" ? "setup" : "invite"
      if (problem !== null) return htmlAnswer(linkPage({ token, purpose, problem, email, name }), 400)
      const session = yield* followLink({ token, email, name: name.trim() === "" ? email : name, password })
      return yield* withSession(session, "/sessions")
    }).pipe(
      Effect.catchTags({
        LinkVoid: () => Effect.succeed(voidLink()),
        EmailTaken: () => Effect.succeed(voidLink()),
      }),
    ),
  ),
)

const beginSignOn = HttpRouter.add("GET", "/login/oidc", (request) =>
  guarded(
    Effect.gen(function* () {
      const signOn = yield* SignOn
      const next = safeNext(queryOf(request).get("next"))
      if (signOn === null)
        return yield* shown({ next, problem: "Single sign-on is not configured.", status: 404 })
      const { publicUrl } = yield* Settings
      return yield* signOn.begin(next).pipe(
        Effect.map(({ attempt, url }) =>
          HttpServerResponse.redirect(url, { status: 303 }).pipe(
            HttpServerResponse.setCookieUnsafe(
              cookieNames(publicUrl).attempt,
              attempt,
              cookieFlags(publicUrl, "10 minutes"),
            ),
          ),
        ),
        Effect.catchTag("SignOnFailed", ({ detail }) => shown({ next, problem: detail, status: 503 })),
      )
    }),
  ),
)

const endSignOn = HttpRouter.add("GET", "/login/oidc/callback", (request) =>
  guarded(
    Effect.gen(function* () {
      const signOn = yield* SignOn
      const query = queryOf(request)
      if (signOn === null)
        return yield* shown({ next: "/sessions", problem: "Single sign-on is not configured.", status: 404 })
      const { publicUrl } = yield* Settings
      const { attempt } = cookieNames(publicUrl)
      const answer = yield* signOn
        .finish({
          code: query.get("code"),
          state: query.get("state"),
          iss: query.get("iss"),
          error: query.get("error"),
          attempt: request.cookies[attempt],
        })
        .pipe(
          Effect.flatMap(({ next, session }) => withSession(session, safeNext(next))),
          Effect.catchTag("SignOnFailed", ({ detail }) =>
            Effect.andThen(
              Effect.logWarning("Single sign-on failed", detail),
              shown({ next: "/sessions", problem: `${detail}.`, status: 401 }),
            ),
          ),
        )
      // An attempt is good for one answer.
      return HttpServerResponse.setCookieUnsafe(answer, attempt, "", cookieFlags(publicUrl, 0))
    }),
  ),
)

export const LoginRoutes = [showLogin, doLogin, doLogout, showLink, doLink, beginSignOn, endSignOn] as const
