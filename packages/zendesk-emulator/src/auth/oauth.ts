import { createHash, timingSafeEqual } from "node:crypto"
import { header, type ApiRequest, userOf } from "../http/Request.ts"
import { ApiError, json, noContent, recordNotFound, redirect, type Reply } from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import { asInt, asString, get, parseJson } from "../world/json.ts"
import { iso, secretToken } from "../world/ids.ts"
import type { AccessToken, World } from "../world/World.ts"

const minute = 60_000
const defaultExpiresIn = 1_800
const defaultRefreshExpiresIn = 2_592_000

const oauthError = (status: number, error: string, description: string): ApiError =>
  new ApiError(json(status, { error, error_description: description }))

const invalidClient = (): ApiError =>
  oauthError(
    401,
    "invalid_client",
    "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
  )

const invalidGrant = (): ApiError =>
  oauthError(
    400,
    "invalid_grant",
    "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired authorization token, bad end-user password credentials, or mismatching authorization code and redirection URI).",
  )

const same = (a: string, b: string): boolean => {
  const left = createHash("sha256").update(a).digest()
  const right = createHash("sha256").update(b).digest()
  return timingSafeEqual(left, right)
}

/** The parameters are JSON by the documents; form bodies are what OAuth libraries send. */
const parametersOf = (request: ApiRequest): unknown => {
  const text = request.body.toString("utf8")
  if ((header(request, "content-type") ?? "").includes("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  const value = parseJson(text)
  if (value === undefined) throw oauthError(400, "invalid_request", "The request body is not valid JSON")
  return value
}

const bounded = (value: unknown, name: string, low: number, high: number, fallback: number): number => {
  if (value === undefined || value === null) return fallback
  const seconds = asInt(value)
  if (seconds === undefined || seconds < low || seconds > high) {
    throw oauthError(400, "invalid_request", `${name} must be from ${low} to ${high} seconds`)
  }
  return seconds
}

/** A scope that is not a string is granted all the same and matches nothing. */
const scopesOf = (scope: unknown): ReadonlySet<string> =>
  new Set(typeof scope === "string" ? scope.split(/\s+/).filter((item) => item !== "") : [])

const issue = (
  world: World,
  grant: { readonly userId: number; readonly clientId: string; readonly scope: unknown },
  parameters: unknown,
  withRefresh: boolean,
): Reply => {
  const now = world.now()
  const expiresIn = bounded(get(parameters, "expires_in"), "expires_in", 300, 172_800, defaultExpiresIn)
  const refreshIn = bounded(
    get(parameters, "refresh_token_expires_in"),
    "refresh_token_expires_in",
    604_800,
    7_776_000,
    defaultRefreshExpiresIn,
  )
  const scopes = scopesOf(grant.scope)
  const base = { userId: grant.userId, clientId: grant.clientId, scopes }
  const access = secretToken()
  if (world.accessTokens.size > 10_000) forgetExpired(world, now)
  world.accessTokens.set(access, { ...base, expiresAt: now + expiresIn * 1_000 })
  const body = {
    access_token: access,
    token_type: "bearer",
    scope: typeof grant.scope === "string" ? grant.scope : [...asScopeList(grant.scope)].join(" "),
    expires_in: expiresIn,
  }
  if (!withRefresh) return json(201, body)
  const refresh = secretToken()
  world.refreshTokens.set(refresh, { ...base, expiresAt: now + refreshIn * 1_000, used: false })
  return json(201, { ...body, refresh_token: refresh, refresh_token_expires_in: refreshIn })
}

const asScopeList = (scope: unknown): ReadonlyArray<string> =>
  Array.isArray(scope) ? scope.map((item) => String(item)) : []

const forgetExpired = (world: World, now: number): void => {
  for (const [token, entry] of world.accessTokens) {
    if (entry.expiresAt <= now) world.accessTokens.delete(token)
  }
}

const clientOf = (world: World, parameters: unknown, secretRequired: boolean): string => {
  const client = world.oauthClients.get(asString(get(parameters, "client_id")) ?? "")
  const secret = asString(get(parameters, "client_secret"))
  if (client === undefined) throw invalidClient()
  if (secret === undefined ? secretRequired : !same(secret, client.secret)) throw invalidClient()
  return client.id
}

const clientCredentials = (world: World, parameters: unknown): Reply => {
  const clientId = clientOf(world, parameters, true)
  const userId = world.oauthClients.get(clientId)?.userId ?? 0
  const scope = get(parameters, "scope")
  if (scope === undefined) throw oauthError(400, "invalid_scope", "scope is required")
  // Refresh tokens are optional with this grant; asking for a lifetime asks for one.
  const withRefresh = get(parameters, "refresh_token_expires_in") !== undefined
  return issue(world, { userId, clientId, scope }, parameters, withRefresh)
}

const refresh = (world: World, parameters: unknown): Reply => {
  const clientId = clientOf(world, parameters, true)
  const token = world.refreshTokens.get(asString(get(parameters, "refresh_token")) ?? "")
  if (token === undefined || token.used || token.clientId !== clientId) throw invalidGrant()
  if (token.expiresAt <= world.now()) throw invalidGrant()
  // Single use: the loser of a race between two refreshers is left without a session.
  token.used = true
  const scope = get(parameters, "scope") ?? [...token.scopes].join(" ")
  return issue(world, { userId: token.userId, clientId, scope }, parameters, true)
}

const authorizationCode = (world: World, parameters: unknown): Reply => {
  const text = asString(get(parameters, "code")) ?? ""
  const code = world.authorizationCodes.get(text)
  const clientId = clientOf(world, parameters, code?.challenge === undefined)
  world.authorizationCodes.delete(text)
  if (code === undefined || code.clientId !== clientId || code.expiresAt <= world.now()) throw invalidGrant()
  const redirectUri = asString(get(parameters, "redirect_uri"))
  if (code.redirectUri !== undefined && code.redirectUri !== redirectUri) throw invalidGrant()
  if (code.challenge !== undefined) {
    const verifier = asString(get(parameters, "code_verifier")) ?? ""
    if (createHash("sha256").update(verifier).digest("base64url") !== code.challenge) throw invalidGrant()
  }
  return issue(world, { userId: code.userId, clientId, scope: code.scope }, parameters, true)
}

const token = (world: World, request: ApiRequest): Reply => {
  const parameters = parametersOf(request)
  switch (get(parameters, "grant_type")) {
    case "client_credentials":
      return clientCredentials(world, parameters)
    case "refresh_token":
      return refresh(world, parameters)
    case "authorization_code":
      return authorizationCode(world, parameters)
    default:
      throw oauthError(400, "unsupported_grant_type", "The grant type is not supported")
  }
}

/** The consent page, with a person who always consents: straight back with a code (valid 120 s). */
const authorizePage = (world: World, request: ApiRequest): Reply => {
  const client = world.oauthClients.get(request.query.get("client_id") ?? "")
  const redirectUri = request.query.get("redirect_uri")
  if (client === undefined || redirectUri === null || !URL.canParse(redirectUri)) {
    throw oauthError(400, "invalid_request", "client_id or redirect_uri is missing or unknown")
  }
  const code = secretToken(16)
  world.authorizationCodes.set(code, {
    userId: client.userId,
    clientId: client.id,
    scope: request.query.get("scope") ?? "read",
    redirectUri,
    challenge: request.query.get("code_challenge") ?? undefined,
    expiresAt: world.now() + 2 * minute,
  })
  const target = new URL(redirectUri)
  target.searchParams.set("code", code)
  const state = request.query.get("state")
  if (state !== null) target.searchParams.set("state", state)
  return redirect(target.href)
}

const bearerText = (request: ApiRequest): string => (header(request, "authorization") ?? "").slice(7).trim()

const currentToken = (world: World, request: ApiRequest): AccessToken => {
  const found = world.accessTokens.get(bearerText(request))
  if (found === undefined) throw recordNotFound()
  return found
}

const showCurrent = (world: World, request: ApiRequest): Reply => {
  const found = currentToken(world, request)
  return json(200, {
    token: {
      client_id: 1,
      user_id: userOf(request).id,
      scopes: [...found.scopes],
      token: bearerText(request).slice(0, 10),
      expires_at: iso(found.expiresAt),
      url: `${world.baseUrl}/api/v2/oauth/tokens/current.json`,
    },
  })
}

export const oauthRoutes = (world: World): ReadonlyArray<Route> => [
  {
    method: "POST",
    path: "/oauth/tokens",
    access: "public",
    pool: "none",
    handle: (request) => token(world, request),
  },
  {
    method: "GET",
    path: "/oauth/authorizations/new",
    access: "public",
    pool: "none",
    handle: (request) => authorizePage(world, request),
  },
  {
    method: "GET",
    path: "/api/v2/oauth/tokens/current",
    access: "user",
    handle: (request) => showCurrent(world, request),
  },
  {
    method: "DELETE",
    path: "/api/v2/oauth/tokens/current",
    access: "user",
    handle: (request) => {
      currentToken(world, request)
      world.accessTokens.delete(bearerText(request))
      return noContent
    },
  },
]
