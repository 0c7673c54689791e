import { json, type Reply } from "../../http/Reply.ts"
import { asArray, asString, get, has } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { newMetadata, patchedMetadata, textField } from "../http/fields.ts"
import { page } from "../http/paging.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewConversation, viewParticipant } from "../views.ts"
import type { Conversation, MessagingUser } from "../world/model.ts"
import { removeConversation, startConversation } from "./conversations.ts"

export const conversationOf = (messaging: Messaging, request: SunshineRequest): Conversation => {
  const conversation = messaging.store.conversations.get(param(request, "conversationId"))
  if (conversation === undefined) throw notFound.conversation()
  return conversation
}

/** `userId` or `userExternalId`, never both. */
export const userIn = (messaging: Messaging, source: unknown): MessagingUser => {
  const id = asString(get(source, "userId"))
  const externalId = asString(get(source, "userExternalId"))
  if ((id === undefined) === (externalId === undefined))
    throw badRequest("One of userId or userExternalId is required, but not both")
  const user =
    id === undefined ? messaging.store.userWithExternalId(externalId ?? "") : messaging.store.users.get(id)
  if (user === undefined) throw notFound.user()
  return user
}

const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const body = bodyObject(request)
  const type = get(body, "type")
  if (type !== "personal" && type !== "sdkGroup") throw badRequest("type must be personal or sdkGroup")
  const participants = asArray(get(body, "participants"))
  if (type === "personal" && participants.length !== 1)
    throw badRequest("participants must have exactly 1 item for personal conversations")
  if (participants.length > 10) throw badRequest("participants must have at most 10 items")
  const users = participants.map((item) => userIn(messaging, item))
  const conversation = startConversation(messaging, {
    type,
    users,
    displayName: textField(body, "displayName", 100),
    description: textField(body, "description", 100),
    iconUrl: textField(body, "iconUrl", 2_048),
    metadata: newMetadata(body),
    creationReason: "none",
    source: { type: "api:conversations" },
  })
  return json(201, { conversation: viewConversation(messaging.store, conversation) })
}

const list = (messaging: Messaging, request: SunshineRequest): Reply => {
  const userId = request.query.get("filter[userId]") ?? undefined
  const userExternalId = request.query.get("filter[userExternalId]") ?? undefined
  const user = userIn(messaging, {
    ...(userId === undefined ? {} : { userId }),
    ...(userExternalId === undefined ? {} : { userExternalId }),
  })
  return page(request, {
    name: "conversations",
    items: messaging.store.conversationsOfUser(user.id),
    idOf: (item) => item.id,
    view: (item) => viewConversation(messaging.store, item),
    baseUrl: messaging.world.baseUrl,
  })
}

const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const conversation = conversationOf(messaging, request)
  const body = bodyObject(request)
  const metadata = patchedMetadata(conversation.metadata, body, messaging.store.behaviour.metadataPatch)
  const displayName = textField(body, "displayName", 100) ?? null
  const description = textField(body, "description", 100) ?? null
  const iconUrl = textField(body, "iconUrl", 2_048) ?? null
  conversation.metadata = metadata
  if (has(body, "displayName")) conversation.displayName = displayName
  if (has(body, "description")) conversation.description = description
  if (has(body, "iconUrl")) conversation.iconUrl = iconUrl
  return json(200, { conversation: viewConversation(messaging.store, conversation) })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const conversation = conversationOf(messaging, request)
  if (conversation.isDefault)
    throw badRequest(`Conversation ${conversation.id} cannot be deleted because it is the default.`)
  removeConversation(messaging, conversation)
  return empty
}

const participants = (messaging: Messaging, request: SunshineRequest): Reply =>
  page(request, {
    name: "participants",
    items: conversationOf(messaging, request).participants,
    idOf: (item) => item.id,
    view: (item) => viewParticipant(messaging.store, item),
    baseUrl: messaging.world.baseUrl,
  })

export const conversationRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const one = "/conversations/:conversationId"
  const route = routesOver(messaging, "integration")
  return [
    route("POST", "/conversations", create),
    route("GET", "/conversations", list),
    route("GET", one, (_, request) =>
      json(200, { conversation: viewConversation(messaging.store, conversationOf(messaging, request)) }),
    ),
    route("PATCH", one, update),
    route("DELETE", one, remove),
    route("GET", `${one}/participants`, participants),
  ]
}
