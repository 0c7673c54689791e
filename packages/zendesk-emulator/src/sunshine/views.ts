import { isoMillis } from "../world/edge.ts"
import { phoneOf } from "./users/address.ts"
import type { MessagingStore } from "./world/MessagingStore.ts"
import type {
  Client,
  Conversation,
  Integration,
  Message,
  MessagingUser,
  MessagingWebhook,
  Participant,
  Profile,
  Switchboard,
  SwitchboardIntegration,
} from "./world/model.ts"

const time = (ms: number | null): string | undefined => (ms === null ? undefined : isoMillis(ms))

/** Members that are not known are left out, as the API does. */
const known = (members: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null))

export const viewProfile = (profile: Profile): object =>
  known({ ...profile, localeOrigin: profile.locale === undefined ? undefined : "apiRequest" })

export const viewUserShort = (user: MessagingUser): object =>
  known({
    id: user.id,
    externalId: user.externalId,
    zendeskId: user.zendeskId,
    authenticated: user.authenticated,
  })

export const viewUser = (user: MessagingUser): object => ({
  ...viewUserShort(user),
  signedUpAt: isoMillis(user.signedUpAt),
  toBeRetained: user.toBeRetained,
  hasPaymentInfo: false,
  identities: user.identities,
  profile: viewProfile(user.profile),
  metadata: user.metadata,
})

export const viewClient = (client: Client): object =>
  known({
    id: client.id,
    type: client.type,
    status: client.status,
    integrationId: client.integrationId,
    externalId: client.externalId,
    displayName: client.displayName,
    lastSeen: time(client.lastSeen),
    linkedAt: time(client.linkedAt),
    info: channelInfo(client),
  })

const channelInfo = (client: Client): object | undefined => {
  const phoneNumber = phoneOf(client.type, client.externalId)
  return phoneNumber === null ? undefined : { phoneNumber }
}

const viewResponder = (integration: SwitchboardIntegration | undefined): object | undefined =>
  integration === undefined
    ? undefined
    : {
        id: integration.id,
        name: integration.name,
        integrationId: integration.integrationId,
        integrationType: integration.integrationType,
      }

/** A conversation as events carry it. */
export const viewConversationShort = (store: MessagingStore, conversation: Conversation): object =>
  known({
    id: conversation.id,
    type: conversation.type,
    metadata: Object.keys(conversation.metadata).length === 0 ? undefined : conversation.metadata,
    activeSwitchboardIntegration: viewResponder(store.switchboardIntegration(conversation.activeId)),
    pendingSwitchboardIntegration: viewResponder(store.switchboardIntegration(conversation.pendingId)),
  })

export const viewConversation = (store: MessagingStore, conversation: Conversation): object => ({
  ...viewConversationShort(store, conversation),
  ...known({
    isDefault: conversation.isDefault,
    displayName: conversation.displayName,
    description: conversation.description,
    iconUrl: conversation.iconUrl,
    businessLastRead: time(conversation.businessLastRead),
    lastUpdatedAt: time(conversation.lastUpdatedAt),
    createdAt: time(conversation.createdAt),
  }),
})

export const viewParticipant = (store: MessagingStore, participant: Participant): object => {
  const user = store.users.get(participant.userId)
  const clients = participant.clientIds.flatMap(
    (id) => user?.clients.find((client) => client.id === id) ?? [],
  )
  return known({
    id: participant.id,
    userId: participant.userId,
    userExternalId: user?.externalId,
    unreadCount: participant.unreadCount,
    clientAssociations: clients.map((client) => ({ type: client.type, clientId: client.id })),
    lastRead: time(participant.lastRead),
  })
}

export const viewMessage = (store: MessagingStore, message: Message): object =>
  known({
    id: message.id,
    received: isoMillis(message.at),
    author: message.author,
    activity: message.activity === null ? undefined : { type: message.activity },
    content: message.content,
    source: message.source,
    quotedMessage: quoted(store, message),
    metadata: message.metadata,
  })

const quoted = (store: MessagingStore, message: Message): object | undefined => {
  if (message.quotedMessageId === null) return undefined
  for (const conversation of store.conversations.values()) {
    const found = conversation.messages.find((item) => item.id === message.quotedMessageId)
    if (found !== undefined) return { type: "message", message: viewMessage(store, found) }
  }
  return { type: "externalMessageId", externalMessageId: message.quotedMessageId }
}

export const viewWebhook = (webhook: MessagingWebhook): object => ({
  id: webhook.id,
  version: "v2",
  target: webhook.target,
  triggers: webhook.triggers,
  secret: webhook.secret,
  includeFullUser: webhook.includeFullUser,
  includeFullSource: webhook.includeFullSource,
})

const viewDefaultResponder = (store: MessagingStore, integration: Integration): object | null => {
  const id = integration.defaultResponderId ?? store.switchboard?.defaultId ?? null
  const responder = store.switchboardIntegration(id)
  if (responder === undefined) return null
  return {
    name: responder.name,
    integrationId: responder.integrationId,
    integrationType: responder.integrationType,
    deliverStandbyEvents: responder.deliverStandbyEvents,
    nextSwitchboardIntegrationId: responder.nextId,
    messageHistoryCount: responder.messageHistoryCount ?? undefined,
    inherited: integration.defaultResponderId === null,
  }
}

export const viewIntegration = (store: MessagingStore, integration: Integration): object => ({
  id: integration.id,
  type: integration.type,
  status: integration.status,
  ...known({ displayName: integration.displayName }),
  ...integration.details,
  ...(integration.type === "custom"
    ? { webhooks: integration.webhooks.map(viewWebhook) }
    : integration.builtIn && integration.type.startsWith("zd:")
      ? {}
      : {
          defaultResponder: viewDefaultResponder(store, integration),
          showAIDisclaimer: integration.showAIDisclaimer,
        }),
})

export const viewSwitchboard = (switchboard: Switchboard): object =>
  known({
    id: switchboard.id,
    enabled: switchboard.enabled,
    defaultSwitchboardIntegrationId: switchboard.defaultId,
  })

export const viewSwitchboardIntegration = (integration: SwitchboardIntegration): object =>
  known({
    id: integration.id,
    name: integration.name,
    integrationId: integration.integrationId,
    integrationType: integration.integrationType,
    deliverStandbyEvents: integration.deliverStandbyEvents,
    nextSwitchboardIntegrationId: integration.nextId,
    messageHistoryCount: integration.messageHistoryCount,
  })
