import { badRequest, recordNotFound } from "../../http/Reply.ts"
import { isoMillis } from "../../world/edge.ts"
import { asArray, asBool, asString, get, isObject, type JsonObject } from "../../world/json.ts"
import { type Messaging, newId } from "../context.ts"
import { userActivity } from "../conversations/activities.ts"
import { storeAttachment } from "../conversations/attachmentRoutes.ts"
import { readContent } from "../conversations/content.ts"
import { startConversation } from "../conversations/conversations.ts"
import { say } from "../conversations/messages.ts"
import { channelOf, wake } from "../conversations/responder.ts"
import { userFor } from "../events/payloads.ts"
import { publishOf } from "../events/publish.ts"
import { endSession } from "../handoff/sessions.ts"
import { tellClient } from "../users/clients.ts"
import { userAuthor } from "../users/names.ts"
import { viewConversationShort } from "../views.ts"
import type { Client, Conversation, Integration, MessagingUser, Source } from "../world/model.ts"
import { personOn } from "./identify.ts"

const channelIn = (messaging: Messaging, source: unknown): Integration => {
  const id = asString(get(source, "integrationId"))
  const type = asString(get(source, "channel"))
  const found =
    id === undefined
      ? [...messaging.store.integrations.values()].find((item) => item.type === type)
      : messaging.store.integrations.get(id)
  if (found === undefined || found.type === "custom" || found.type.startsWith("zd:"))
    throw badRequest("NoChannel", "channel (or integrationId) names no channel of this account")
  return found
}

const sourceOn = (messaging: Messaging, channel: Integration, input: unknown): Source => ({
  type: channel.type,
  integrationId: channel.id,
  ...(channel.type === "web"
    ? {}
    : {
        originalMessageId: asString(get(input, "originalMessageId")) ?? newId(messaging),
        originalMessageTimestamp: isoMillis(messaging.world.now()),
      }),
})

/** `text`, `content`, or a file as `{file_name, content_type, content_base64}`. */
const contentsIn = (messaging: Messaging, input: unknown): ReadonlyArray<JsonObject> => {
  const text = asString(get(input, "text"))
  const content = get(input, "content")
  const files = asArray(get(input, "attachments")).map((file) => fileContent(messaging, file))
  const said = text === undefined || text === "" ? [] : [{ type: "text", text }]
  const all = [...said, ...(isObject(content) ? [content] : []), ...files]
  if (all.length === 0) throw badRequest("NothingSaid", "send text, content or attachments")
  return all.map((item) => readContent(messaging.store, item, true))
}

/** A file that somebody sends, kept like an upload. */
export const fileContent = (messaging: Messaging, file: unknown): JsonObject => {
  const fileName = asString(get(file, "file_name"))
  const base64 = asString(get(file, "content_base64"))
  if (fileName === undefined || base64 === undefined)
    throw badRequest("InvalidAttachment", "attachments need file_name, content_type and content_base64")
  const contentType = asString(get(file, "content_type")) ?? ""
  const bytes = Buffer.from(base64, "base64")
  const stored = storeAttachment(messaging, { fileName, contentType, bytes, conversationId: null })
  return { type: contentType.startsWith("image/") ? "image" : "file", mediaUrl: stored.mediaUrl }
}

/** Where the person writes: the named conversation, a new one if asked for and allowed, else the latest one. */
const placeFor = (
  messaging: Messaging,
  input: unknown,
  channel: Integration,
  user: MessagingUser,
  client: Client,
): Conversation => {
  const all = messaging.store.conversationsOfUser(user.id).filter((item) => item.type === "personal")
  const id = asString(get(input, "conversationId"))
  if (id !== undefined) {
    const named = all.find((item) => item.id === id)
    if (named === undefined) throw badRequest("NoConversation", `${id} is no conversation of this customer`)
    return named
  }
  // Social channels have one thread per account, whatever the app's settings say.
  const here = all.filter((item) => item.participants[0]?.clientIds.includes(client.id))
  const existing = here.at(-1) ?? (messaging.store.settings.multiConvoEnabled ? undefined : all.at(-1))
  const wantsNew = channel.type === "web" && asBool(get(input, "newConversation")) === true
  if (existing !== undefined && !wantsNew) return existing
  return startConversation(messaging, {
    type: "personal",
    users: [user],
    integrationId: channel.id,
    clientIds: [client.id],
    creationReason: "message",
    source: { type: channel.type, integrationId: channel.id },
  })
}

export interface Written {
  readonly userId: string
  readonly conversationId: string
  readonly messageIds: ReadonlyArray<string>
}

/**
 * A customer writes on a channel that Sunshine owns: `{channel, from, name?, text | content | attachments,
 * conversationId?, newConversation?, externalId?, email?}`. `from` is the phone number, page-scoped id or, on the web,
 * any name of the browser. User, client and conversation come into being as needed.
 */
export const customerWrites = (messaging: Messaging, input: unknown): Written => {
  const channel = channelIn(messaging, input)
  const contents = contentsIn(messaging, input)
  const { user, client } = personOn(messaging, channel, input)
  const conversation = placeFor(messaging, input, channel, user, client)
  const participant = conversation.participants.find((item) => item.userId === user.id)
  if (participant !== undefined)
    participant.clientIds = [client.id, ...participant.clientIds.filter((id) => id !== client.id)]
  client.lastSeen = messaging.world.now()
  const messageIds = contents.map(
    (content) =>
      say(messaging, conversation, {
        author: userAuthor(user),
        content,
        source: sourceOn(messaging, channel, input),
        clientId: client.id,
        quotedMessageId: asString(get(input, "quotedMessageId")) ?? null,
      }).id,
  )
  return { userId: user.id, conversationId: conversation.id, messageIds }
}

export const customerActionNames = [
  "read",
  "typing",
  "stop-typing",
  "postback",
  "end",
  "block",
  "unblock",
] as const

const postback = (
  messaging: Messaging,
  conversation: Conversation,
  user: MessagingUser,
  input: unknown,
): void => {
  const payload = asString(get(input, "payload"))
  if (payload === undefined) throw badRequest("NoPayload", "a postback needs a payload")
  wake(messaging.store, conversation)
  const channel = channelOf(messaging.store, conversation)
  publishOf(messaging, "conversation:postback", conversation, (webhook) => ({
    postback: { payload },
    conversation: viewConversationShort(messaging.store, conversation),
    user: userFor(webhook, user),
    source: channelSource(channel),
  }))
}

const channelSource = (channel: Integration | undefined): Source =>
  channel === undefined ? { type: "api:conversations" } : { type: channel.type, integrationId: channel.id }

const setBlocked = (
  messaging: Messaging,
  conversation: Conversation,
  user: MessagingUser,
  blocked: boolean,
): void => {
  const id = conversation.participants[0]?.clientIds[0]
  const client = user.clients.find((item) => item.id === id)
  if (client === undefined) throw badRequest("NoClient", "the customer has no channel in this conversation")
  client.status = blocked ? "blocked" : "active"
  const reason = blocked ? "blocked" : "unblocked"
  tellClient(messaging, { type: "client:update", reason, user, client, conversation })
}

/** What a customer does besides writing: `{action: "read" | "typing" | "postback" | …, payload?}`. */
export const customerAction = (messaging: Messaging, conversation: Conversation, input: unknown): void => {
  const action = customerActionNames.find((name) => name === get(input, "action"))
  const user = messaging.store.userOf(conversation)
  if (user === undefined) throw recordNotFound()
  const source = channelSource(channelOf(messaging.store, conversation))
  switch (action) {
    case "read":
      return userActivity(messaging, conversation, user, "conversation:read", source)
    case "typing":
      return userActivity(messaging, conversation, user, "typing:start", source)
    case "stop-typing":
      return userActivity(messaging, conversation, user, "typing:stop", source)
    case "postback":
      return postback(messaging, conversation, user, input)
    case "end": {
      if (!messaging.store.settings.endSessionEnabled)
        throw badRequest("EndSessionDisabled", "the app's endSessionEnabled is off")
      return endSession(messaging, conversation, "customer")
    }
    case "block":
      return setBlocked(messaging, conversation, user, true)
    case "unblock":
      return setBlocked(messaging, conversation, user, false)
    default:
      throw badRequest("InvalidAction", `action must be one of ${customerActionNames.join(", ")}`)
  }
}
