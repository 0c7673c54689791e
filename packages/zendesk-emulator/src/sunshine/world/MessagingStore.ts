import { BoundedLog } from "../../world/BoundedLog.ts"
import { defaultBehaviour, type SunshineBehaviour } from "./behaviour.ts"
import type {
  AppKey,
  ChannelDelivery,
  ChatSession,
  Client,
  Conversation,
  Integration,
  Message,
  MessagingAttachment,
  MessagingUser,
  Switchboard,
  SwitchboardIntegration,
} from "./model.ts"
import { ObjectIds } from "./objectIds.ts"

export interface AppSettings {
  multiConvoEnabled: boolean
  endSessionEnabled: boolean
  disableConversationReopen: boolean
  appLocalizationEnabled: boolean
  echoPostback: boolean
  maskCreditCardNumbers: boolean
  useAnimalNames: boolean
}

/** Everything the account's one Sunshine app knows. */
export class MessagingStore {
  readonly ids = new ObjectIds()
  appId = ""
  appName = "Acme"
  behaviour: SunshineBehaviour = defaultBehaviour
  readonly settings: AppSettings = {
    multiConvoEnabled: false,
    endSessionEnabled: false,
    disableConversationReopen: false,
    appLocalizationEnabled: true,
    echoPostback: false,
    maskCreditCardNumbers: true,
    useAnimalNames: false,
  }
  readonly keys = new Map<string, AppKey>()
  readonly users = new Map<string, MessagingUser>()
  readonly conversations = new Map<string, Conversation>()
  readonly integrations = new Map<string, Integration>()
  readonly attachments = new Map<string, MessagingAttachment>()
  /** By ticket. */
  readonly sessions = new Map<number, ChatSession>()
  readonly channelDeliveries = new BoundedLog<ChannelDelivery>(50_000)
  /** Browsers of the web widget, by a name of their own, and the user in each. */
  readonly visitors = new Map<string, string>()
  switchboard: Switchboard | null = null
  private readonly byExternalId = new Map<string, string>()
  private readonly conversationsOf = new Map<string, Set<string>>()

  addUser(user: MessagingUser): void {
    this.users.set(user.id, user)
    if (user.externalId !== null) this.byExternalId.set(user.externalId, user.id)
  }

  setExternalId(user: MessagingUser, externalId: string | null): void {
    if (user.externalId !== null) this.byExternalId.delete(user.externalId)
    user.externalId = externalId
    if (externalId !== null) this.byExternalId.set(externalId, user.id)
  }

  removeUser(user: MessagingUser): void {
    this.users.delete(user.id)
    if (user.externalId !== null && this.byExternalId.get(user.externalId) === user.id)
      this.byExternalId.delete(user.externalId)
    this.conversationsOf.delete(user.id)
  }

  userWithExternalId(externalId: string): MessagingUser | undefined {
    return this.users.get(this.byExternalId.get(externalId) ?? "")
  }

  /** Ids win over external ids. */
  userByIdOrExternalId(text: string): MessagingUser | undefined {
    return this.users.get(text) ?? this.userWithExternalId(text)
  }

  userWithZendeskId(zendeskId: string): MessagingUser | undefined {
    for (const user of this.users.values()) if (user.zendeskId === zendeskId) return user
    return undefined
  }

  /** The linked (or pending) client of a channel account, and whose it is. */
  clientOf(
    integrationId: string,
    externalId: string,
  ): { readonly user: MessagingUser; readonly client: Client } | undefined {
    for (const user of this.users.values()) {
      const client = user.clients.find(
        (item) => item.integrationId === integrationId && item.externalId === externalId,
      )
      if (client !== undefined) return { user, client }
    }
    return undefined
  }

  addConversation(conversation: Conversation): void {
    this.conversations.set(conversation.id, conversation)
    for (const participant of conversation.participants) this.join(participant.userId, conversation.id)
  }

  join(userId: string, conversationId: string): void {
    const list = this.conversationsOf.get(userId) ?? new Set<string>()
    list.add(conversationId)
    this.conversationsOf.set(userId, list)
  }

  removeConversation(conversation: Conversation): void {
    this.conversations.delete(conversation.id)
    for (const participant of conversation.participants)
      this.conversationsOf.get(participant.userId)?.delete(conversation.id)
  }

  /** Oldest first. */
  conversationsOfUser(userId: string): ReadonlyArray<Conversation> {
    return [...(this.conversationsOf.get(userId) ?? [])]
      .flatMap((id) => this.conversations.get(id) ?? [])
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  userOf(conversation: Conversation): MessagingUser | undefined {
    return this.users.get(conversation.participants[0]?.userId ?? "")
  }

  switchboardIntegration(id: string | null): SwitchboardIntegration | undefined {
    return id === null ? undefined : this.switchboard?.integrations.get(id)
  }

  /** The session in progress, whose ticket still takes messages. */
  activeSession(conversationId: string): ChatSession | undefined {
    for (const session of this.sessions.values())
      if (session.conversationId === conversationId && session.endId === null) return session
    return undefined
  }

  sessionMessages(session: ChatSession): ReadonlyArray<Message> {
    const messages = this.conversations.get(session.conversationId)?.messages ?? []
    // Ids rise with time, so they bound a session even when messages are deleted or conversations are merged.
    return messages.filter(({ id }) => id >= session.fromId && (session.endId === null || id < session.endId))
  }
}
