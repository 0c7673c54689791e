import type { JsonObject } from "../../world/json.ts"

/** Rows of the messaging side of the account. Times are milliseconds of the emulator's clock. */

export type Metadata = Readonly<Record<string, string | number | boolean>>

export interface AppKey {
  readonly id: string
  readonly secret: string
  readonly displayName: string
  /** null = scope `app`; else the custom integration that the key belongs to, scope `integration`. */
  readonly integrationId: string | null
}

export interface Profile {
  readonly givenName?: string
  readonly surname?: string
  readonly email?: string
  readonly avatarUrl?: string
  readonly locale?: string
}

export interface EmailIdentity {
  readonly type: "email"
  readonly value: string
  readonly verification: string
}

export interface MessagingUser {
  readonly id: string
  externalId: string | null
  /** Id of the Support user, once linked. */
  zendeskId: string | null
  authenticated: boolean
  signedUpAt: number
  toBeRetained: boolean
  profile: Profile
  metadata: Metadata
  identities: ReadonlyArray<EmailIdentity>
  clients: Array<Client>
}

export interface Client {
  readonly id: string
  readonly type: string
  status: "active" | "blocked" | "inactive" | "pending"
  readonly integrationId: string | null
  /** Phone number, page-scoped id …; null for SDK clients. */
  externalId: string | null
  displayName: string | null
  lastSeen: number | null
  readonly linkedAt: number
}

export interface Participant {
  readonly id: string
  userId: string
  unreadCount: number
  lastRead: number | null
  /** Clients in the conversation, the primary one first. */
  clientIds: ReadonlyArray<string>
}

export interface Conversation {
  readonly id: string
  readonly type: "personal" | "sdkGroup"
  isDefault: boolean
  displayName: string | null
  description: string | null
  iconUrl: string | null
  metadata: Metadata
  participants: Array<Participant>
  businessLastRead: number | null
  lastUpdatedAt: number
  readonly createdAt: number
  /** Switchboard integration ids. */
  activeId: string | null
  pendingId: string | null
  messages: Array<Message>
  /** Integration of the channel it began on; null for the API. */
  readonly integrationId: string | null
  lastUserMessageAt: number | null
}

export interface Author {
  readonly type: "business" | "user"
  readonly userId?: string
  readonly displayName?: string
  readonly avatarUrl?: string
  readonly subtypes?: ReadonlyArray<string>
}

export interface Source {
  readonly type: string
  readonly integrationId?: string
  readonly originalMessageId?: string
  readonly originalMessageTimestamp?: string
}

export interface Message {
  readonly id: string
  readonly at: number
  readonly author: Author
  readonly content: JsonObject
  readonly source: Source
  readonly metadata: Metadata | null
  /** `ticket:closed` and the like: what the system says about itself. */
  readonly activity: string | null
  /** `none` is a silent message; else a channel type or an integration id. */
  readonly destination: string | null
  readonly quotedMessageId: string | null
  readonly clientId: string | null
}

export interface MessagingWebhook {
  readonly id: string
  target: string
  triggers: ReadonlyArray<string>
  readonly secret: string
  includeFullUser: boolean
  includeFullSource: boolean
}

export interface Integration {
  readonly id: string
  readonly type: string
  displayName: string | null
  status: "active" | "inactive" | "error"
  webhooks: Array<MessagingWebhook>
  /** Switchboard integration that answers first on this channel; null = the switchboard's default. */
  defaultResponderId: string | null
  showAIDisclaimer: boolean
  /** Channel-specific members, as sent. */
  readonly details: JsonObject
  /** Made by Zendesk: cannot be deleted. */
  readonly builtIn: boolean
}

export interface SwitchboardIntegration {
  readonly id: string
  name: string
  integrationId: string
  integrationType: string
  deliverStandbyEvents: boolean
  nextId: string | null
  messageHistoryCount: number | null
}

export interface Switchboard {
  readonly id: string
  enabled: boolean
  defaultId: string | null
  readonly integrations: Map<string, SwitchboardIntegration>
}

export interface MessagingAttachment {
  readonly id: string
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly mediaUrl: string
  readonly conversationId: string | null
}

/** The part of a conversation that a ticket shows, from hand-off until the session ends. */
export interface ChatSession {
  readonly ticketId: number
  conversationId: string
  /** The agent sees messages from this id on. */
  readonly fromId: string
  readonly startedAt: number
  /** An id behind the last message; null while the session is in progress. */
  endId: string | null
}

/** What a person's phone or browser got. */
export interface ChannelDelivery {
  readonly n: number
  readonly at: number
  readonly kind: "message" | "typing"
  readonly channel: string
  readonly integrationId: string | null
  readonly to: string | null
  readonly userId: string
  readonly conversationId: string
  readonly messageId: string | null
  readonly text: string
  readonly content: JsonObject
  readonly state: "delivered" | "failed"
  readonly error: { readonly code: string; readonly message: string } | null
}
