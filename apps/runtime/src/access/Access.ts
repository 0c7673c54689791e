/** Who asks, and whether they may: for every page and every call of the API. */
import type { StoreError } from "@opencx/core"
import { Tickets, Users } from "@opencx/storage"
import { Context, Effect, Layer, Schema } from "effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { Settings } from "../layers/Settings.ts"
import { cookieNames } from "./cookies.ts"
import { isOperatorCookie, isOperatorToken } from "./operatorTokens.ts"
import { isLocal, isLoopback, isOfOurPages } from "./origin.ts"
import { everywhere, grantsOf, knows, machine, may, operator, type Principal } from "./Principal.ts"
import { Action, type Action as ActionName } from "./roles.ts"
import { csrfOf, digestOf, isSame, keyPrefix } from "./tokens.ts"

/** Nobody we know. 401. */
export class Unauthenticated extends Schema.TaggedError<Unauthenticated>("@opencx/runtime/Unauthenticated")(
  "Unauthenticated",
  { hint: Schema.String },
  { httpApiStatus: 401 },
) {}

/** Somebody we know who may not. 403. */
export class Forbidden extends Schema.TaggedError<Forbidden>("@opencx/runtime/Forbidden")(
  "Forbidden",
  { hint: Schema.String },
  { httpApiStatus: 403 },
) {}

/** There is none, or none that they may know of: the two look the same. 404. */
export class NotFound extends Schema.TaggedError<NotFound>("@opencx/runtime/NotFound")(
  "NotFound",
  { what: Schema.String },
  { httpApiStatus: 404 },
) {}

type Refusal = Unauthenticated | Forbidden | NotFound | StoreError

export class Access extends Context.Service<
  Access,
  {
    /** Who sent this request; null when they show nothing that is good. */
    principalOf(request: HttpServerRequest): Effect.Effect<Principal | null, StoreError>
    /** The principal, when they may do this in the organization (`*`: in the installation). `anybody`: whoever we know. */
    requires(
      request: HttpServerRequest,
      action: ActionName | "anybody",
      orgId: string,
    ): Effect.Effect<Principal, Refusal>
    /** Whether anybody can log in as a user: then the machine's own access without a token is over. */
    readonly hasUsers: Effect.Effect<boolean>
  }
>()("@opencx/runtime/access/Access") {}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

const isAction = Schema.is(Action)

const bearerOf = (request: HttpServerRequest): string | undefined =>
  /^Bearer (.+)$/i.exec(request.headers["authorization"] ?? "")?.[1]

/** The first user is asked for until there is one; users are never deleted. In an outage the last answer stands. */
const hasUsersIn = (users: Users["Service"]): Effect.Effect<boolean> => {
  let known = false
  return Effect.suspend(() =>
    known
      ? Effect.succeed(true)
      : users.count.pipe(
          Effect.map((count) => (known = count > 0)),
          Effect.orElseSucceed(() => known),
        ),
  )
}

const makePrincipals = Effect.gen(function* () {
  const { config, publicUrl } = yield* Settings
  const cookies = cookieNames(publicUrl)
  const users = yield* Users
  const { keys, sessions } = yield* Tickets
  const hasUsers = hasUsersIn(users)

  const byKey = Effect.fnUntraced(function* (token: string) {
    const key = yield* keys.use(digestOf(token))
    if (key === null) return null
    const scopes = new Set(key.scopes.filter((scope) => isAction(scope)))
    return {
      kind: "key",
      actor: `key:${key.id}`,
      name: key.name,
      userId: null,
      grants: new Map([[key.orgId, scopes]]),
      csrfToken: null,
    } satisfies Principal
  })

  const bySession = Effect.fnUntraced(function* (token: string) {
    const userId = yield* sessions.userOf(digestOf(token))
    const user = userId === null ? null : yield* users.get(userId)
    if (user === null) return null
    return {
      kind: "user",
      actor: `user:${user.id}`,
      name: user.email,
      userId: user.id,
      grants: grantsOf(user.memberships),
      csrfToken: csrfOf(token),
    } satisfies Principal
  })

  const principalOf = Effect.fn("Access.principalOf")(function* (request: HttpServerRequest) {
    const bearer = bearerOf(request)
    if (bearer !== undefined && (yield* isOperatorToken(bearer, config))) return operator
    // Who shows a token wants to be judged by it, and not by what a browser sends besides.
    if (bearer !== undefined) return bearer.startsWith(keyPrefix) ? yield* byKey(bearer) : null
    const cookie = request.cookies[cookies.operator]
    if (cookie !== undefined && (yield* isOperatorCookie(cookie, config))) return operator
    const session = request.cookies[cookies.session]
    const user = session === undefined ? null : yield* bySession(session)
    if (user !== null) return user
    const isOpen = config.operatorToken === undefined && isLoopback(config.http.host) && isLocal(request)
    return isOpen && !(yield* hasUsers) ? machine : null
  })

  return { principalOf, hasUsers }
})

/** A change that a browser sends must come from our own pages: a session's cookie alone proves nothing about that. */
const isMeant = (principal: Principal, request: HttpServerRequest, publicUrl: string): boolean => {
  // A bearer token is sent by programs alone; a browser may be made to send a password of its own making.
  if (safeMethods.has(request.method) || bearerOf(request) !== undefined) return true
  if (principal.csrfToken === null) return isOfOurPages(request, publicUrl) !== false
  const shown = request.headers["x-csrf-token"]
  if (shown !== undefined) return isSame(shown, principal.csrfToken)
  return isOfOurPages(request, publicUrl) === true
}

export const layer: Layer.Layer<Access, never, Settings | Users | Tickets> = Layer.effect(
  Access,
  Effect.gen(function* () {
    const { publicUrl } = yield* Settings
    const { hasUsers, principalOf } = yield* makePrincipals

    const requires = Effect.fn("Access.requires")(function* (
      request: HttpServerRequest,
      action: ActionName | "anybody",
      orgId: string,
    ) {
      const principal = yield* principalOf(request)
      if (principal === null)
        return yield* new Unauthenticated({
          hint: "Log in under /login, or send an API key or the operator token as `Authorization: Bearer …`.",
        })
      if (!knows(principal, orgId) && orgId !== everywhere)
        return yield* new NotFound({ what: `organization "${orgId}"` })
      if (action !== "anybody" && !may(principal, action, orgId))
        return yield* new Forbidden({
          hint: `This needs "${action}" ${orgId === everywhere ? "in the installation" : `in organization "${orgId}"`}; ask an owner or an admin.`,
        })
      if (!isMeant(principal, request, publicUrl))
        return yield* new Forbidden({
          hint: "A change with a browser's cookie must come from our own pages, or carry the `x-csrf-token` that GET /api/me tells.",
        })
      return principal
    })

    return Access.of({ principalOf, requires, hasUsers })
  }),
)
