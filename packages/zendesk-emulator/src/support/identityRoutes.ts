import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { json, noContent, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asBool, asString, get } from "../world/json.ts"
import type { Identity, User } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { isEmail } from "./requester.ts"
import { emailTaken } from "./userInput.ts"
import { userRow } from "./userRoutes.ts"
import { viewIdentity } from "./userView.ts"

const writable = ["email", "phone_number", "twitter", "facebook", "google", "agent_forwarding"]

const rowOf = (world: World, user: User, request: ApiRequest): Identity => {
  const id = idParam(request, "identity_id")
  const found = world.users.identitiesOf(user.id).find((identity) => identity.id === id)
  if (found === undefined) throw recordNotFound()
  return found
}

const checkValue = (world: World, user: User, type: string, value: string): void => {
  if (value === "")
    throw recordInvalid({ value: [{ description: "Value: cannot be blank", error: "BlankValue" }] })
  if (type !== "email") return
  if (!isEmail(value)) {
    throw recordInvalid({
      value: [{ description: `Email: ${value} is not properly formatted`, error: "InvalidFormat" }],
    })
  }
  const owner = world.users.findByEmail(value)
  if (owner !== undefined)
    throw recordInvalid({
      email: [
        owner.id === user.id
          ? { description: "Email: is already yours", error: "DuplicateValue" }
          : emailTaken(value),
      ],
    })
}

const add = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  const source = get(bodyOf(request), "identity")
  const type = asString(get(source, "type")) ?? ""
  const value = (asString(get(source, "value")) ?? "").trim()
  if (!writable.includes(type)) {
    throw recordInvalid({
      type: [{ description: `Type: ${type} is not a known identity type`, error: "InvalidValue" }],
    })
  }
  checkValue(world, user, type, value)
  const now = world.now()
  const identity = world.users.addIdentity(user, type, value, asBool(get(source, "verified")) ?? false, now)
  if (type === "phone_number" && user.phone === null) user.phone = value
  if (asBool(get(source, "primary")) === true) world.users.makePrimary(user, identity)
  user.updatedAt = now
  return json(201, { identity: viewIdentity(world, identity) })
}

const update = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  const identity = rowOf(world, user, request)
  const source = get(bodyOf(request), "identity")
  const value = asString(get(source, "value"))
  if (value !== undefined && value !== identity.value) {
    checkValue(world, user, identity.type, value)
    world.users.setIdentityValue(user, identity, value)
  }
  identity.verified = asBool(get(source, "verified")) ?? identity.verified
  if (identity.verified && identity.type === "email") user.verified = true
  identity.updatedAt = world.now()
  return json(200, { identity: viewIdentity(world, identity) })
}

const list = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  const types = new Set(request.query.getAll("type[]"))
  return paged(request, {
    name: "identities",
    items: world.users
      .identitiesOf(user.id)
      .filter((identity) => types.size === 0 || types.has(identity.type)),
    render: (identity) => viewIdentity(world, identity),
    key: (identity) => ({ value: identity.id, id: identity.id }),
    baseUrl: world.baseUrl,
  })
}

const makePrimary = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  world.users.makePrimary(user, rowOf(world, user, request))
  const identities = world.users.identitiesOf(user.id).map((identity) => viewIdentity(world, identity))
  return json(200, { identities, count: identities.length, next_page: null, previous_page: null })
}

const verify = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  const identity = rowOf(world, user, request)
  identity.verified = true
  if (identity.type === "email") user.verified = true
  return json(200, { identity: viewIdentity(world, identity) })
}

const remove = (world: World, request: ApiRequest): Reply => {
  const user = userRow(world, request)
  world.users.removeIdentity(user, rowOf(world, user, request))
  return noContent
}

export const identityRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "users" } as const
  const one = "/api/v2/users/:id/identities/:identity_id"
  return [
    {
      ...agent,
      method: "GET",
      path: "/api/v2/users/:id/identities",
      handle: (request) => list(world, request),
    },
    {
      ...agent,
      method: "POST",
      path: "/api/v2/users/:id/identities",
      handle: (request) => add(world, request),
    },
    {
      ...agent,
      method: "GET",
      path: one,
      handle: (request) =>
        json(200, { identity: viewIdentity(world, rowOf(world, userRow(world, request), request)) }),
    },
    { ...agent, method: "PUT", path: one, handle: (request) => update(world, request) },
    { ...agent, method: "DELETE", path: one, handle: (request) => remove(world, request) },
    {
      ...agent,
      method: "PUT",
      path: `${one}/make_primary`,
      handle: (request) => makePrimary(world, request),
    },
    { ...agent, method: "PUT", path: `${one}/verify`, handle: (request) => verify(world, request) },
  ]
}
