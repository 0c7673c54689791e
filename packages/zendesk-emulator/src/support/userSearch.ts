import type { ApiRequest } from "../http/Request.ts"
import { errorsEnvelope, type Reply } from "../http/Reply.ts"
import { paged, wantsCursor } from "../http/paging.ts"
import type { User } from "../world/model.ts"
import { digitsOf } from "../world/UserStore.ts"
import type { World } from "../world/World.ts"
import { viewUser } from "./userView.ts"

/** `email:"a@b.c"`, `phone:"+1555…"`, `name:x`, or bare words. */
const parse = (query: string): { readonly field: string; readonly value: string } => {
  const match = /^\s*(?:type:user\s+)?(?:(email|phone|name|external_id|user):)?(?:"([^"]*)"|(.*?))\s*$/s.exec(
    query,
  )
  return { field: match?.[1] ?? "", value: (match?.[2] ?? match?.[3] ?? "").trim() }
}

/** Fuzzy on purpose: a number inside another is a hit, so callers must check the identities they get. */
const byPhone = (world: World, value: string): ReadonlyArray<User> => {
  const wanted = digitsOf(value)
  return world.users.findByPhone(value).filter((user) => {
    const numbers = [
      user.phone ?? "",
      ...world.users.identitiesOf(user.id).map((identity) => identity.value),
    ].map(digitsOf)
    return numbers.some(
      (number) => number.length >= 4 && (number.endsWith(wanted) || wanted.endsWith(number)),
    )
  })
}

const byWords = (world: World, value: string): ReadonlyArray<User> => {
  const exact = world.users.findByEmail(value)
  if (exact !== undefined) return [exact]
  const wanted = value.toLowerCase()
  if (wanted === "") return []
  return [...world.users.byId.values()].filter(
    (user) =>
      user.active &&
      (user.name.toLowerCase().includes(wanted) || (user.email ?? "").toLowerCase().includes(wanted)),
  )
}

/** Users a query finds now; the index is behind by the configured lag. */
export const findUsers = (world: World, query: string): ReadonlyArray<User> => {
  const { field, value } = parse(query)
  const byEmail = field === "email" ? world.users.findByEmail(value) : undefined
  const found =
    field === "email"
      ? byEmail === undefined
        ? []
        : [byEmail]
      : field === "phone"
        ? byPhone(world, value)
        : byWords(world, value)
  const indexedUntil = world.now() - world.settings.searchLagMs.users
  return found.filter((user) => user.active && user.createdAt <= indexedUntil)
}

/** `GET /users/search`: by query (from the index) or by `external_id` (exact, from the database). */
export const searchUsers = (world: World, request: ApiRequest): Reply => {
  if (wantsCursor(request)) {
    throw errorsEnvelope(
      400,
      "InvalidPaginationParameter",
      "Cursor pagination is not supported on this endpoint",
    )
  }
  const externalId = request.query.get("external_id")
  const owner = externalId === null ? undefined : world.users.findByExternalId(externalId)
  const items =
    externalId !== null
      ? owner === undefined
        ? []
        : [owner]
      : findUsers(world, request.query.get("query") ?? "")
  return paged(request, {
    name: "users",
    items: [...items].sort((a, b) => a.id - b.id),
    render: (user) => viewUser(world, user),
    key: (user) => ({ value: user.id, id: user.id }),
    baseUrl: world.baseUrl,
  })
}
