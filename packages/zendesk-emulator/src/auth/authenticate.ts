import type { IncomingHttpHeaders } from "node:http"
import type { Caller } from "../http/Request.ts"
import type { Route } from "../http/Router.ts"
import { couldNotAuthenticate, forbidden, type Reply } from "../http/Reply.ts"
import { isAgent } from "../world/model.ts"
import type { World } from "../world/World.ts"

/** How the caller presented itself, for the calls log. */
export type AuthKind =
  | "none"
  | "bearer"
  | "basic-token"
  | "basic-password"
  | "basic-app-key"
  | "basic-integration-key"
  | "other"

export const authKind = (headers: IncomingHttpHeaders): AuthKind => {
  const value = headers.authorization
  if (value === undefined) return "none"
  if (/^bearer /i.test(value)) return "bearer"
  if (!/^basic /i.test(value)) return "other"
  const user = basicUser(value)
  if (user.startsWith("app_")) return "basic-app-key"
  if (user.startsWith("int_")) return "basic-integration-key"
  return user.endsWith("/token") ? "basic-token" : "basic-password"
}

const basicUser = (value: string): string => splitBasic(value)[0]

const splitBasic = (value: string): readonly [string, string] => {
  const decoded = Buffer.from(value.slice(6).trim(), "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  return colon === -1 ? [decoded, ""] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
}

/** `undefined`: credentials were sent and are wrong (unknown, expired, or token access is off). */
export const authenticate = (world: World, headers: IncomingHttpHeaders): Caller | undefined => {
  const value = headers.authorization
  if (value === undefined || value.trim() === "") return { kind: "anonymous" }
  if (/^bearer /i.test(value)) return bearer(world, value.slice(7).trim())
  if (/^basic /i.test(value)) return basic(world, value)
  return undefined
}

const bearer = (world: World, text: string): Caller | undefined => {
  const token = world.accessTokens.get(text)
  if (token === undefined) return undefined
  if (token.expiresAt <= world.now()) {
    world.accessTokens.delete(text)
    return undefined
  }
  const user = world.users.byId.get(token.userId)
  if (user === undefined || !user.active || user.suspended) return undefined
  return { kind: "user", user, scopes: token.scopes, via: "oauth" }
}

const basic = (world: World, value: string): Caller | undefined => {
  const [name, token] = splitBasic(value)
  if (!name.endsWith("/token") || !world.legacyTokens.has(token)) return undefined
  const user = world.users.findByEmail(name.slice(0, -"/token".length))
  if (user === undefined || !user.active || user.suspended) return undefined
  return { kind: "user", user, scopes: null, via: "token" }
}

/** The answer that keeps this caller out of this route, if any. */
export const authorize = (caller: Caller, route: Route): Reply | undefined => {
  if (caller.kind === "anonymous") return route.access === "public" ? undefined : couldNotAuthenticate
  if (!scopeAllows(caller.scopes, route)) return forbidden
  if (route.access === "admin" && caller.user.role !== "admin") return forbidden
  if (route.access === "agent" && !isAgent(caller.user)) return forbidden
  if (route.ability !== undefined && caller.user.cannot.has(route.ability)) return forbidden
  return undefined
}

/** `read` covers GET, `write` the rest; neither implies the other. A scope nobody knows covers nothing. */
const scopeAllows = (scopes: ReadonlySet<string> | null, route: Route): boolean => {
  if (scopes === null) return true
  const verb = route.method === "GET" ? "read" : "write"
  if (scopes.has(verb)) return true
  return route.scope !== undefined && scopes.has(`${route.scope}:${verb}`)
}
