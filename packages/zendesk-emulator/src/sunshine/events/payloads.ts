import type { JsonObject } from "../../world/json.ts"
import { viewClient, viewConversationShort, viewMessage, viewUser, viewUserShort } from "../views.ts"
import type { MessagingStore } from "../world/MessagingStore.ts"
import type {
  Client,
  Conversation,
  Message,
  MessagingUser,
  MessagingWebhook,
  Metadata,
  Source,
} from "../world/model.ts"

export const userFor = (webhook: MessagingWebhook, user: MessagingUser): object =>
  webhook.includeFullUser ? viewUser(user) : viewUserShort(user)

export const sourceFor = (webhook: MessagingWebhook, source: Source, client: Client | undefined): object =>
  webhook.includeFullSource && client !== undefined ? { ...source, client: viewClient(client) } : source

/** An author as events have it: users with their record, subtypes only when the account sends them. */
export const authorFor = (
  store: MessagingStore,
  webhook: MessagingWebhook,
  author: Message["author"],
): object => {
  const { subtypes, ...rest } = author
  const user = store.users.get(author.userId ?? "")
  return {
    ...rest,
    ...(subtypes !== undefined && store.behaviour.subtypesInEvents ? { subtypes } : {}),
    ...(user === undefined ? {} : { user: userFor(webhook, user) }),
  }
}

export const messagePayload =
  (store: MessagingStore, conversation: Conversation, message: Message) =>
  (webhook: MessagingWebhook): object => {
    const user = store.users.get(message.author.userId ?? "")
    const client = user?.clients.find((item) => item.id === message.clientId)
    return {
      conversation: viewConversationShort(store, conversation),
      message: {
        ...viewMessage(store, message),
        author: authorFor(store, webhook, message.author),
        source: sourceFor(webhook, message.source, client),
      },
    }
  }

export const controlPayload =
  (
    store: MessagingStore,
    conversation: Conversation,
    more: {
      readonly metadata?: Metadata
      readonly reason?: string
      readonly error?: JsonObject
    },
  ) =>
  (): object => ({
    conversation: viewConversationShort(store, conversation),
    ...(more.error === undefined ? {} : { error: more.error }),
    ...(more.metadata === undefined || Object.keys(more.metadata).length === 0
      ? {}
      : { metadata: more.metadata }),
    ...(more.reason === undefined ? {} : { reason: more.reason }),
  })
