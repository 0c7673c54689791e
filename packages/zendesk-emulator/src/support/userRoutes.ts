import { bodyOf, type ApiRequest, userOf } from "../http/Request.ts"
import {
  forbidden,
  ApiError,
  invalidAttribute,
  json,
  recordInvalid,
  recordNotFound,
  type Reply,
} from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asString, get, isObject } from "../world/json.ts"
import type { User } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { applyUser, checkUser, newUserOf } from "./userInput.ts"
import { mergeUsers } from "./userMerge.ts"
import { searchUsers } from "./userSearch.ts"
import { anonymousUser, viewUser } from "./userView.ts"

const minute = 60_000

export const userRow = (world: World, request: ApiRequest, name = "id"): User => {
  const user = world.users.byId.get(idParam(request, name))
  if (user === undefined) throw recordNotFound()
  return user
}

const userBody = (request: ApiRequest): unknown => {
  const user = get(bodyOf(request), "user")
  if (!isObject(user)) throw invalidAttribute("user", "Invalid parameter: user must be an object")
  return user
}

/** Update User and create_or_update share one budget: 5/min per user, 1/s in the account. */
const countUserUpdate = (world: World, user: User | undefined): void => {
  const { userUpdatesPerMinute, userUpdatesPerSecond } = world.settings.limits
  const now = world.now()
  world.rates.takeSliding(
    "users/update",
    userUpdatesPerSecond,
    1_000,
    now,
    "Number of allowed user updates per second exceeded",
  )
  if (user === undefined) return
  world.rates.takeSliding(
    `users/${user.id}`,
    userUpdatesPerMinute,
    minute,
    now,
    "Number of allowed updates to this user per minute exceeded",
  )
}

const create = (world: World, source: unknown): Reply => {
  checkUser(world, source, undefined)
  const user = world.users.create(newUserOf(source), world.now())
  return json(
    201,
    { user: viewUser(world, user) },
    { location: `${world.baseUrl}/api/v2/users/${user.id}.json` },
  )
}

/** Matches by external id (any case, then overwrites the case) or e-mail; two different matches are refused. */
const createOrUpdate = (world: World, source: unknown): Reply => {
  const externalId = asString(get(source, "external_id"))
  const email = asString(get(source, "email"))
  const byExternalId = externalId === undefined ? undefined : world.users.findByExternalId(externalId)
  const byEmail = email === undefined ? undefined : world.users.findByEmail(email)
  const user = byExternalId ?? byEmail
  countUserUpdate(world, user)
  if (user === undefined) return create(world, source)
  if (byExternalId !== undefined && byEmail !== undefined && byExternalId.id !== byEmail.id) {
    throw recordInvalid({
      email: [
        {
          description: `Email: ${email ?? ""} is already being used by another user`,
          error: "DuplicateValue",
        },
      ],
    })
  }
  checkUser(world, source, user)
  applyUser(world, user, source)
  return json(
    200,
    { user: viewUser(world, user) },
    { location: `${world.baseUrl}/api/v2/users/${user.id}.json` },
  )
}

const update = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  const source = userBody(request)
  countUserUpdate(world, user)
  checkUser(world, source, user)
  applyUser(world, user, source)
  return json(200, { user: viewUser(world, user) })
}

const remove = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  if (user.id === userOf(request).id) throw new ApiError(forbidden)
  world.users.remove(user, false)
  return json(200, { user: viewUser(world, user) })
}

const list = (world: World, request: ApiRequest): Reply => {
  const roles = new Set([...request.query.getAll("role[]"), ...request.query.getAll("role")])
  const items = [...world.users.byId.values()].filter(
    (user) => user.active && (roles.size === 0 || roles.has(user.role)),
  )
  return paged(request, {
    name: "users",
    items: items.sort((a, b) => a.id - b.id),
    render: (user) => viewUser(world, user),
    key: (user) => ({ value: user.id, id: user.id }),
    baseUrl: world.baseUrl,
  })
}

const me = (world: World, request: ApiRequest): Reply =>
  json(200, {
    user: request.caller.kind === "anonymous" ? anonymousUser : viewUser(world, request.caller.user),
  })

export const userRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "users" } as const
  return [
    {
      method: "GET",
      path: "/api/v2/users/me",
      access: "public",
      scope: "users",
      handle: (request) => me(world, request),
    },
    { ...agent, method: "GET", path: "/api/v2/users", handle: (request) => list(world, request) },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/users/search",
      handle: (request) => searchUsers(world, request),
    },
    {
      ...agent,
      method: "POST",
      path: "/api/v2/users",
      ability: "create_users",
      handle: (request) => create(world, userBody(request)),
    },
    {
      ...agent,
      method: "POST",
      path: "/api/v2/users/create_or_update",
      ability: "create_users",
      handle: (request) => createOrUpdate(world, userBody(request)),
    },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/users/:id",
      handle: (request) => json(200, { user: viewUser(world, userRow(world, request)) }),
    },
    { ...agent, method: "PUT", path: "/api/v2/users/:id", handle: (request) => update(world, request) },
    { ...agent, method: "DELETE", path: "/api/v2/users/:id", handle: (request) => remove(world, request) },
    {
      ...agent,
      method: "PUT",
      path: "/api/v2/users/:id/merge",
      handle: (request) => mergeUsers(world, userRow(world, request), userBody(request)),
    },
  ]
}
