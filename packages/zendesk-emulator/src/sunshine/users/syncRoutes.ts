import { ApiError, json, type Reply } from "../../http/Reply.ts"
import { asString, get } from "../../world/json.ts"
import type { User } from "../../world/model.ts"
import type { Messaging } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { viewUser } from "../views.ts"
import type { MessagingUser } from "../world/model.ts"
import { mergeMessagingUsers } from "./merge.ts"

/** A conflicting external id goes to the one being synchronized: by merging when it can, else by taking it. */
const takeExternalId = (messaging: Messaging, user: MessagingUser, externalId: string): void => {
  const other = messaging.store.userWithExternalId(externalId)
  if (other === user) return
  if (other !== undefined && other.zendeskId === null) mergeMessagingUsers(messaging, user, other, "api")
  else if (other !== undefined) messaging.store.setExternalId(other, null)
  messaging.store.setExternalId(user, externalId)
}

const takeEmail = (messaging: Messaging, user: MessagingUser, email: string): void => {
  const same = (value: string): boolean => value.toLowerCase() === email.toLowerCase()
  for (const other of messaging.store.users.values()) {
    if (other === user || !other.identities.some((identity) => same(identity.value))) continue
    if (other.zendeskId === null) mergeMessagingUsers(messaging, user, other, "api")
    else other.identities = other.identities.filter((identity) => !same(identity.value))
  }
  user.identities = [{ type: "email", value: email, verification: "zendesk" }]
}

/** First word and the rest. */
const split = (name: string): { readonly givenName: string; readonly surname?: string } => {
  const [givenName = name, ...rest] = name.trim().split(/\s+/)
  return rest.length === 0 ? { givenName } : { givenName, surname: rest.join(" ") }
}

const copy = (messaging: Messaging, user: MessagingUser, support: User): void => {
  const { avatarUrl, email, locale } = user.profile
  user.profile = {
    ...split(support.name),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    ...(email === undefined ? {} : { email }),
    ...(locale === undefined ? {} : { locale }),
  }
  if (support.externalId !== null) takeExternalId(messaging, user, support.externalId)
  if (support.email !== null) takeEmail(messaging, user, support.email)
}

const supportUser = (messaging: Messaging, id: string): User | undefined => {
  const user = messaging.world.users.byId.get(Number(id))
  return user === undefined || !user.active ? undefined : user
}

/** The Support user was merged away: its messaging user follows the survivor. */
const followMerge = (
  messaging: Messaging,
  user: MessagingUser,
  zendeskId: string,
  survivingId: string,
): MessagingUser => {
  if (supportUser(messaging, zendeskId) !== undefined)
    throw badRequest(`The Zendesk user ${zendeskId} has not been merged`)
  const counterpart = messaging.store.userWithZendeskId(survivingId)
  if (counterpart === undefined || counterpart === user) {
    user.zendeskId = survivingId
    return user
  }
  mergeMessagingUsers(messaging, counterpart, user, "api")
  return counterpart
}

const sync = (messaging: Messaging, request: SunshineRequest): Reply => {
  const zendeskId = param(request, "userIdOrExternalId")
  const user = messaging.store.userWithZendeskId(zendeskId)
  if (user === undefined) throw notFound.user()
  const survivingId = asString(get(bodyObject(request), "survivingZendeskId"))
  const support = supportUser(messaging, survivingId ?? zendeskId)
  if (support === undefined) throw notFound.user()
  const result = survivingId === undefined ? user : followMerge(messaging, user, zendeskId, survivingId)
  copy(messaging, result, support)
  return json(200, { user: viewUser(result) })
}

const v1Error = (status: number, code: string, description: string): ApiError =>
  new ApiError(json(status, { error: { code, description } }))

/** The older API's merge: `{surviving: {_id}, discarded: {_id}}`. */
const mergeV1 = (messaging: Messaging, request: SunshineRequest): Reply => {
  const body = bodyObject(request)
  const named = (name: string): MessagingUser => {
    const id = asString(get(get(body, name), "_id"))
    if (id === undefined) throw v1Error(400, "bad_request", `${name}._id is required`)
    const user = messaging.store.users.get(id)
    if (user === undefined) throw v1Error(404, "user_not_found", "User not found")
    return user
  }
  const surviving = named("surviving")
  const discarded = named("discarded")
  if (surviving === discarded) throw v1Error(400, "bad_request", "A user cannot be merged into itself")
  mergeMessagingUsers(messaging, surviving, discarded, "api")
  return empty
}

export const syncRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => [
  {
    method: "POST",
    path: "/users/:userIdOrExternalId/sync",
    scope: "integration",
    handle: (request) => sync(messaging, request),
  },
  {
    method: "POST",
    root: "/sc/v1.1/apps/:appId",
    path: "/appusers/merge",
    scope: "app",
    handle: (request) => mergeV1(messaging, request),
  },
]
