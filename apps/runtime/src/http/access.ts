/** Who may see pages: the rules of `Access`, and the way to the login. */
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Access } from "../access/Access.ts"
import { isOfOurPages } from "../access/origin.ts"
import { everywhere, may } from "../access/Principal.ts"
import type { Action } from "../access/roles.ts"
import { Settings } from "../layers/Settings.ts"

/** True when this request may do this: in the organization, or (`*`, as usual) in the whole installation. */
export const allowed = Effect.fnUntraced(function* (
  request: HttpServerRequest,
  action: Action = "installation.read",
  orgId: string = everywhere,
) {
  const principal = yield* (yield* Access).principalOf(request)
  return principal !== null && may(principal, action, orgId)
})

/** A browser's form post must come from our own pages. */
export const fromOwnPages = Effect.fnUntraced(function* (request: HttpServerRequest) {
  if (/^Bearer /i.test(request.headers["authorization"] ?? "")) return true
  const { publicUrl } = yield* Settings
  return isOfOurPages(request, publicUrl) !== false
})

/** Only paths of our own, never another site. Browsers drop tabs and line breaks before they look for `//`. */
export const safeNext = (next: string | null): string =>
  next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/sessions"

/** Sends people who are not logged in to the login page, with the way back. */
export const toLogin = (request: HttpServerRequest) =>
  HttpServerResponse.redirect(`/login?next=${encodeURIComponent(safeNext(request.url))}`, { status: 303 })
