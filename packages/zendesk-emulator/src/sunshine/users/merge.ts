import type { Messaging } from "../context.ts"
import { userFor } from "../events/payloads.ts"
import { publish } from "../events/publish.ts"
import { viewClient, viewConversationShort } from "../views.ts"
import type { Client, Conversation, Message, MessagingUser, Metadata } from "../world/model.ts"

const metadataBytes = 4_096

const combined = (
  surviving: Metadata,
  discarded: Metadata,
): { readonly kept: Metadata; readonly lost: Metadata } => {
  const kept = { ...discarded, ...surviving }
  if (Buffer.byteLength(JSON.stringify(kept)) <= metadataBytes) return { kept, lost: {} }
  return { kept: surviving, lost: discarded }
}

const rename = (message: Message, from: string, to: string): Message =>
  message.author.userId === from ? { ...message, author: { ...message.author, userId: to } } : message

/** With one conversation per user, two become one, in order of time. */
const fold = (messaging: Messaging, into: Conversation, from: Conversation): void => {
  into.messages = [...into.messages, ...from.messages].sort((a, b) => (a.id < b.id ? -1 : 1))
  into.lastUpdatedAt = Math.max(into.lastUpdatedAt, from.lastUpdatedAt)
  for (const session of messaging.store.sessions.values())
    if (session.conversationId === from.id) session.conversationId = into.id
  messaging.store.conversations.delete(from.id)
}

const moveConversations = (
  messaging: Messaging,
  surviving: MessagingUser,
  discarded: MessagingUser,
): { readonly surviving: object; readonly discarded: object } | undefined => {
  const { store } = messaging
  const own = store.conversationsOfUser(surviving.id).find((item) => item.type === "personal")
  let merged: { readonly surviving: object; readonly discarded: object } | undefined
  for (const conversation of store.conversationsOfUser(discarded.id)) {
    conversation.messages = conversation.messages.map((item) => rename(item, discarded.id, surviving.id))
    for (const participant of conversation.participants)
      if (participant.userId === discarded.id) participant.userId = surviving.id
    if (own !== undefined) conversation.isDefault = false
    if (own === undefined || store.settings.multiConvoEnabled || conversation.type !== "personal") {
      store.join(surviving.id, conversation.id)
      continue
    }
    const view = viewConversationShort(store, conversation)
    fold(messaging, own, conversation)
    const participant = own.participants[0]
    const clients = conversation.participants[0]?.clientIds ?? []
    if (participant !== undefined) participant.clientIds = [...participant.clientIds, ...clients]
    merged = { surviving: viewConversationShort(store, own), discarded: view }
  }
  return merged
}

/**
 * Two messaging users become one: conversations, clients and identities move, what the survivor lacks it takes over.
 * Publishes `user:merge`.
 */
export const mergeMessagingUsers = (
  messaging: Messaging,
  surviving: MessagingUser,
  discarded: MessagingUser,
  reason: "api" | "channelLinking" | "sdkLogin",
  clients?: { readonly surviving: Client; readonly discarded: Client },
): void => {
  const { store } = messaging
  const gone = { ...discarded }
  const conversations = moveConversations(messaging, surviving, discarded)
  surviving.clients.push(...discarded.clients)
  const known = new Set(surviving.identities.map((identity) => identity.value))
  surviving.identities = [
    ...surviving.identities,
    ...discarded.identities.filter((identity) => !known.has(identity.value)),
  ]
  surviving.profile = { ...discarded.profile, ...surviving.profile }
  surviving.authenticated = surviving.authenticated || discarded.authenticated
  const metadata = combined(surviving.metadata, discarded.metadata)
  surviving.metadata = metadata.kept
  store.removeUser(discarded)
  if (surviving.externalId === null && discarded.externalId !== null)
    store.setExternalId(surviving, discarded.externalId)
  surviving.zendeskId = surviving.zendeskId ?? discarded.zendeskId
  for (const [visitor, userId] of store.visitors)
    if (userId === discarded.id) store.visitors.set(visitor, surviving.id)
  publish(messaging, "user:merge", null, (webhook) => ({
    mergedUsers: { surviving: userFor(webhook, surviving), discarded: userFor(webhook, gone) },
    ...(conversations === undefined ? {} : { mergedConversations: conversations }),
    ...(clients === undefined
      ? {}
      : {
          mergedClients: {
            surviving: viewClient(clients.surviving),
            discarded: viewClient(clients.discarded),
          },
        }),
    ...(Object.keys(metadata.lost).length === 0 ? {} : { discardedMetadata: metadata.lost }),
    reason,
  }))
}
