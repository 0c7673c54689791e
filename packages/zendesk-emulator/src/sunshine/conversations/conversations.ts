import { type Messaging, newId } from "../context.ts"
import { userFor } from "../events/payloads.ts"
import { publishOf } from "../events/publish.ts"
import { failure } from "../http/errors.ts"
import { viewConversationShort } from "../views.ts"
import type { Conversation, Metadata, MessagingUser, Source } from "../world/model.ts"
import { defaultResponder } from "./responder.ts"

export interface NewConversation {
  readonly type: Conversation["type"]
  readonly users: ReadonlyArray<MessagingUser>
  readonly displayName?: string | undefined
  readonly description?: string | undefined
  readonly iconUrl?: string | undefined
  readonly metadata?: Metadata
  readonly integrationId?: string | null
  readonly clientIds?: ReadonlyArray<string>
  readonly creationReason: string
  readonly source: Source
}

/** Without multi-conversations a user has one personal conversation, for ever. */
const checkSingle = (messaging: Messaging, user: MessagingUser): void => {
  const { store } = messaging
  if (store.settings.multiConvoEnabled) return
  if (!store.conversationsOfUser(user.id).some((item) => item.type === "personal")) return
  const { secondConversationStatus, secondConversationCode, secondConversationTitle } = store.behaviour
  throw failure(secondConversationStatus, secondConversationCode, secondConversationTitle)
}

export const startConversation = (messaging: Messaging, input: NewConversation): Conversation => {
  const { store, world } = messaging
  const owner = input.users[0]
  if (input.type === "personal" && owner !== undefined) checkSingle(messaging, owner)
  const channel = store.integrations.get(input.integrationId ?? "")
  const now = world.now()
  const fromApi = input.creationReason === "none"
  const conversation: Conversation = {
    id: newId(messaging),
    type: input.type,
    isDefault:
      input.type === "personal" &&
      owner !== undefined &&
      !store.conversationsOfUser(owner.id).some((item) => item.type === "personal"),
    displayName: input.displayName ?? null,
    description: input.description ?? null,
    iconUrl: input.iconUrl ?? null,
    metadata: input.metadata ?? {},
    participants: input.users.map((user) => ({
      id: newId(messaging),
      userId: user.id,
      unreadCount: 0,
      lastRead: null,
      clientIds: input.clientIds ?? [],
    })),
    businessLastRead: null,
    lastUpdatedAt: now,
    createdAt: now,
    activeId:
      fromApi && !store.behaviour.activeAtCreation ? null : (defaultResponder(store, channel)?.id ?? null),
    pendingId: null,
    messages: [],
    integrationId: input.integrationId ?? null,
    lastUserMessageAt: null,
  }
  store.addConversation(conversation)
  publishOf(messaging, "conversation:create", conversation, (webhook) => ({
    conversation: viewConversationShort(store, conversation),
    creationReason: input.creationReason,
    source: input.source,
    ...(owner === undefined || input.type !== "personal" ? {} : { user: userFor(webhook, owner) }),
  }))
  return conversation
}

export const removeConversation = (messaging: Messaging, conversation: Conversation): void => {
  const { store } = messaging
  const session = store.activeSession(conversation.id)
  if (session !== undefined) session.endId = newId(messaging)
  publishOf(messaging, "conversation:remove", conversation, () => ({
    conversation: viewConversationShort(store, conversation),
  }))
  store.removeConversation(conversation)
  for (const [id, file] of store.attachments)
    if (file.conversationId === conversation.id) store.attachments.delete(id)
}
