import { isEmail } from "../../support/requester.ts"
import { json, type Reply } from "../../http/Reply.ts"
import { get, has, isObject, type JsonObject } from "../../world/json.ts"
import { type Messaging, newId } from "../context.ts"
import { removeConversation } from "../conversations/conversations.ts"
import { publish } from "../events/publish.ts"
import { linkByExternalId } from "../handoff/requester.ts"
import { badRequest, conflict, notFound } from "../http/errors.ts"
import { flagField, newMetadata, patchedMetadata, textField } from "../http/fields.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewUser, viewUserShort } from "../views.ts"
import type { MessagingUser, Profile } from "../world/model.ts"

const limits: Readonly<Record<string, number>> = {
  givenName: 128,
  surname: 128,
  email: 128,
  avatarUrl: 2_048,
  locale: 64,
}

/** Members that were sent; null takes one away. There is no phone in a profile. */
const profileIn = (source: unknown, now: Profile): Profile => {
  const sent = get(source, "profile")
  if (sent === undefined || sent === null) return now
  if (!isObject(sent)) throw badRequest("profile must be an object")
  const merged = new Map<string, string>(Object.entries(now))
  for (const [name, max] of Object.entries(limits)) {
    if (!has(sent, name)) continue
    const value = textField(sent, name, max)
    if (value === undefined) merged.delete(name)
    else merged.set(name, value)
  }
  const unknown = Object.keys(sent).find((name) => limits[name] === undefined)
  if (unknown !== undefined) throw badRequest(`profile.${unknown} is not allowed`)
  const email = merged.get("email")
  if (email !== undefined && !isEmail(email)) throw badRequest("profile.email must be a valid email")
  return Object.fromEntries(merged)
}

const signedUpIn = (source: unknown, now: number): number => {
  const text = textField(source, "signedUpAt", 64)
  if (text === undefined) return now
  const at = Date.parse(text)
  if (!Number.isFinite(at)) throw badRequest("signedUpAt must be an ISO 8601 date")
  return at
}

export const userOf = (messaging: Messaging, request: SunshineRequest): MessagingUser => {
  const user = messaging.store.userByIdOrExternalId(param(request, "userIdOrExternalId"))
  if (user === undefined) throw notFound.user()
  return user
}

export interface NewMessagingUser {
  readonly externalId: string | null
  readonly profile?: Profile
  readonly metadata?: MessagingUser["metadata"]
  readonly signedUpAt?: number
  readonly toBeRetained?: boolean
  readonly authenticated?: boolean
  readonly identities?: MessagingUser["identities"]
}

export const createUser = (messaging: Messaging, input: NewMessagingUser): MessagingUser => {
  const user: MessagingUser = {
    id: newId(messaging),
    externalId: input.externalId,
    zendeskId: null,
    authenticated: input.authenticated ?? false,
    signedUpAt: input.signedUpAt ?? messaging.world.now(),
    toBeRetained: input.toBeRetained ?? false,
    profile: input.profile ?? {},
    metadata: input.metadata ?? {},
    identities: input.identities ?? [],
    clients: [],
  }
  messaging.store.addUser(user)
  if (messaging.store.behaviour.linkByExternalId === "creation") linkByExternalId(messaging, user)
  return user
}

const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const body = bodyObject(request)
  const externalId = textField(body, "externalId", 1_024) ?? null
  const input = {
    externalId,
    profile: profileIn(body, {}),
    metadata: newMetadata(body),
    signedUpAt: signedUpIn(body, messaging.world.now()),
    toBeRetained: flagField(body, "toBeRetained") ?? false,
  }
  if (externalId !== null && messaging.store.userWithExternalId(externalId) !== undefined)
    throw conflict("User already exists")
  return json(201, { user: viewUser(createUser(messaging, input)) })
}

/** By a verified identity's address; `profile.email` is not one. */
const list = (messaging: Messaging, request: SunshineRequest): Reply => {
  const email = request.query.get("filter[identities.email]")?.toLowerCase()
  if (email === undefined || email === "") throw badRequest("filter[identities.email] is required")
  const users = [...messaging.store.users.values()].filter((user) =>
    user.identities.some((identity) => identity.value.toLowerCase() === email),
  )
  return json(200, { users: users.map(viewUser) })
}

const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const user = userOf(messaging, request)
  const body: JsonObject = bodyObject(request)
  const profile = profileIn(body, user.profile)
  const metadata = patchedMetadata(user.metadata, body, messaging.store.behaviour.metadataPatch)
  const signedUpAt = signedUpIn(body, user.signedUpAt)
  user.toBeRetained = flagField(body, "toBeRetained") ?? user.toBeRetained
  user.profile = profile
  user.metadata = metadata
  user.signedUpAt = signedUpAt
  return json(200, { user: viewUser(user) })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const user = userOf(messaging, request)
  for (const conversation of messaging.store.conversationsOfUser(user.id))
    if (conversation.type === "personal") removeConversation(messaging, conversation)
  messaging.store.removeUser(user)
  const view = viewUserShort(user)
  publish(messaging, "user:remove", null, () => ({ user: view }))
  return empty
}

const forget = (messaging: Messaging, request: SunshineRequest): Reply => {
  const user = userOf(messaging, request)
  user.profile = {}
  user.metadata = {}
  for (const client of user.clients) client.displayName = null
  return json(200, { user: viewUser(user) })
}

export const messagingUserRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const one = "/users/:userIdOrExternalId"
  const route = routesOver(messaging, "integration")
  return [
    route("POST", "/users", create),
    route("GET", "/users", list),
    route("GET", one, (_, request) => json(200, { user: viewUser(userOf(messaging, request)) })),
    route("PATCH", one, update),
    route("DELETE", one, remove),
    route("DELETE", `${one}/personalinformation`, forget),
  ]
}
