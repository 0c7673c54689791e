import { json, type Reply } from "../../http/Reply.ts"
import { asArray, asString, get, isObject } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { newMetadata, textField } from "../http/fields.ts"
import { page } from "../http/paging.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { userAuthor } from "../users/names.ts"
import { viewMessage } from "../views.ts"
import type { Author, Conversation } from "../world/model.ts"
import { readContent } from "./content.ts"
import { conversationOf, userIn } from "./conversationRoutes.ts"
import { say } from "./messages.ts"

const messagesPerPage = 100

/** Callers may say that AI wrote it; `agent`, `bot` and `activity` are Zendesk's to say. */
const subtypesIn = (source: unknown): ReadonlyArray<string> | undefined => {
  const sent = get(source, "subtypes")
  if (sent === undefined) return undefined
  const list = asArray(sent)
  if (list.length !== 1 || list[0] !== "AI") throw badRequest('author.subtypes may only be ["AI"]')
  return ["AI"]
}

const authorIn = (messaging: Messaging, conversation: Conversation, source: unknown): Author => {
  const type = get(source, "type")
  if (type === "user") {
    const user = userIn(messaging, source)
    if (!conversation.participants.some((item) => item.userId === user.id))
      throw badRequest("The user is not a participant of the conversation")
    return userAuthor(user)
  }
  if (type !== "business") throw badRequest("author.type must be business or user")
  const displayName = textField(source, "displayName", 100)
  const avatarUrl = textField(source, "avatarUrl", 2_048)
  const subtypes = subtypesIn(source)
  return {
    type,
    ...(displayName === undefined ? {} : { displayName }),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    ...(subtypes === undefined ? {} : { subtypes }),
  }
}

/** `none` is a silent message; else the user must have such a client in the conversation. */
const destinationIn = (
  messaging: Messaging,
  conversation: Conversation,
  author: Author,
  source: unknown,
): string | null => {
  if (source === undefined || source === null) return null
  if (!isObject(source)) throw badRequest("destination must be an object")
  if (author.type !== "business" || conversation.type !== "personal")
    throw badRequest("destination is only supported for business messages in personal conversations")
  const wanted = asString(get(source, "integrationType")) ?? asString(get(source, "integrationId"))
  if (wanted === undefined) throw badRequest("destination needs integrationType or integrationId")
  if (wanted === "none") return wanted
  const linked = conversation.participants[0]?.clientIds ?? []
  const client = messaging.store
    .userOf(conversation)
    ?.clients.find(
      (item) => linked.includes(item.id) && (item.type === wanted || item.integrationId === wanted),
    )
  if (client === undefined) throw badRequest(`No client for destination ${wanted} in the conversation`)
  return wanted
}

const post = (messaging: Messaging, request: SunshineRequest): Reply => {
  const conversation = conversationOf(messaging, request)
  const body = bodyObject(request)
  const author = authorIn(messaging, conversation, get(body, "author"))
  const content = readContent(messaging.store, get(body, "content"))
  const destination = destinationIn(messaging, conversation, author, get(body, "destination"))
  const metadata = newMetadata(body)
  const message = say(messaging, conversation, {
    author,
    content,
    metadata,
    destination,
    source: { type: "api:conversations" },
  })
  return json(201, { messages: [viewMessage(messaging.store, message)] })
}

const list = (messaging: Messaging, request: SunshineRequest): Reply =>
  page(request, {
    name: "messages",
    items: conversationOf(messaging, request).messages,
    idOf: (item) => item.id,
    view: (item) => viewMessage(messaging.store, item),
    baseUrl: messaging.world.baseUrl,
    fixedSize: messagesPerPage,
    fromTheEnd: true,
  })

const removeOne = (messaging: Messaging, request: SunshineRequest): Reply => {
  const conversation = conversationOf(messaging, request)
  const id = param(request, "messageId")
  const rest = conversation.messages.filter((message) => message.id !== id)
  if (rest.length === conversation.messages.length) throw notFound.resource()
  conversation.messages = rest
  return empty
}

export const messageRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const all = "/conversations/:conversationId/messages"
  const route = routesOver(messaging, "integration")
  return [
    route("POST", all, post),
    route("GET", all, list),
    route("DELETE", all, (_, request) => {
      conversationOf(messaging, request).messages = []
      return empty
    }),
    route("DELETE", `${all}/:messageId`, removeOne),
  ]
}
