/** Sunshine's v2 API, as it is on the wire: only the fields that we read, everything else is ignored. */
import { Schema } from "effect"

export const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** Flat; Zendesk: strings, numbers and booleans, at most 4 kB. */
export const Metadata = Schema.Record(Schema.String, Schema.Unknown)
export type Metadata = typeof Metadata.Type

/** Who has a conversation. Every field may be missing. */
export const Holder = Schema.Struct({
  id: maybe(Schema.String),
  name: maybe(Schema.String),
  integrationId: maybe(Schema.String),
  integrationType: maybe(Schema.String),
})
export type Holder = typeof Holder.Type

export const ConversationWire = Schema.Struct({
  id: Schema.NonEmptyString,
  type: maybe(Schema.String),
  metadata: maybe(Metadata),
  activeSwitchboardIntegration: maybe(Holder),
  createdAt: maybe(Schema.String),
  lastUpdatedAt: maybe(Schema.String),
})
export type ConversationWire = typeof ConversationWire.Type
export const ConversationEnvelope = Schema.Struct({ conversation: ConversationWire })

const Meta = maybe(
  Schema.Struct({
    hasMore: maybe(Schema.Boolean),
    afterCursor: maybe(Schema.String),
    beforeCursor: maybe(Schema.String),
  }),
)
export const ConversationList = Schema.Struct({ conversations: Schema.Array(ConversationWire), meta: Meta })

export const ParticipantList = Schema.Struct({
  participants: Schema.Array(Schema.Struct({ userId: maybe(Schema.String) })),
})

export const ProfileWire = Schema.Struct({
  givenName: maybe(Schema.String),
  surname: maybe(Schema.String),
  email: maybe(Schema.String),
  locale: maybe(Schema.String),
})
export type ProfileWire = typeof ProfileWire.Type

export const MessagingUserWire = Schema.Struct({
  id: Schema.NonEmptyString,
  externalId: maybe(Schema.String),
  zendeskId: maybe(Schema.Union([Schema.String, Schema.Number])),
  authenticated: maybe(Schema.Boolean),
  signedUpAt: maybe(Schema.String),
  profile: maybe(ProfileWire),
  metadata: maybe(Metadata),
})
export type MessagingUserWire = typeof MessagingUserWire.Type
export const MessagingUserEnvelope = Schema.Struct({ user: MessagingUserWire })

const MessageWire = Schema.Struct({
  id: Schema.NonEmptyString,
  metadata: maybe(Metadata),
})
export type MessageWire = typeof MessageWire.Type
export const PostedMessages = Schema.Struct({ messages: Schema.NonEmptyArray(MessageWire) })
export const MessageList = Schema.Struct({ messages: Schema.Array(MessageWire), meta: Meta })

export const AttachmentEnvelope = Schema.Struct({
  attachment: Schema.Struct({ mediaUrl: Schema.NonEmptyString }),
})

export const AppEnvelope = Schema.Struct({
  app: Schema.Struct({
    id: Schema.NonEmptyString,
    displayName: maybe(Schema.String),
    settings: maybe(Schema.Struct({ multiConvoEnabled: maybe(Schema.Boolean) })),
  }),
})

const SwitchboardWire = Schema.Struct({
  id: Schema.NonEmptyString,
  enabled: maybe(Schema.Boolean),
  defaultSwitchboardIntegrationId: maybe(Schema.String),
})
export const SwitchboardList = Schema.Struct({ switchboards: Schema.Array(SwitchboardWire) })

const SwitchboardIntegrationWire = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.String,
  integrationId: maybe(Schema.String),
  integrationType: maybe(Schema.String),
  deliverStandbyEvents: maybe(Schema.Boolean),
  nextSwitchboardIntegrationId: maybe(Schema.String),
})
export type SwitchboardIntegrationWire = typeof SwitchboardIntegrationWire.Type
export const SwitchboardIntegrationEnvelope = Schema.Struct({
  switchboardIntegration: SwitchboardIntegrationWire,
})
export const SwitchboardIntegrationList = Schema.Struct({
  switchboardIntegrations: Schema.Array(SwitchboardIntegrationWire),
})

/** Webhooks of messaging show their secret, unlike those of Support. */
const WebhookWire = Schema.Struct({
  id: maybe(Schema.String),
  target: maybe(Schema.String),
  secret: maybe(Schema.String),
  triggers: maybe(Schema.Array(Schema.String)),
  includeFullUser: maybe(Schema.Boolean),
  includeFullSource: maybe(Schema.Boolean),
})

export type MessagingWebhookWire = typeof WebhookWire.Type

const IntegrationWire = Schema.Struct({
  id: Schema.NonEmptyString,
  type: Schema.String,
  status: maybe(Schema.String),
  displayName: maybe(Schema.String),
  defaultResponder: maybe(Schema.Struct({ name: maybe(Schema.String), inherited: maybe(Schema.Boolean) })),
  webhooks: maybe(Schema.Array(WebhookWire)),
})
export type IntegrationWire = typeof IntegrationWire.Type
export const IntegrationEnvelope = Schema.Struct({ integration: IntegrationWire })
export const IntegrationList = Schema.Struct({ integrations: Schema.Array(IntegrationWire), meta: Meta })
