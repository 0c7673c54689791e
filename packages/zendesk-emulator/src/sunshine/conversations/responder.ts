import type { MessagingStore } from "../world/MessagingStore.ts"
import type { Conversation, Integration, SwitchboardIntegration } from "../world/model.ts"

/** The channel a conversation is on: where it began, else that of its primary client. */
export const channelOf = (store: MessagingStore, conversation: Conversation): Integration | undefined => {
  if (conversation.integrationId !== null) return store.integrations.get(conversation.integrationId)
  const primary = conversation.participants[0]?.clientIds[0]
  const client = store.userOf(conversation)?.clients.find((item) => item.id === primary)
  return store.integrations.get(client?.integrationId ?? "")
}

/** Who answers first: the channel's own default responder, else the switchboard's. */
export const defaultResponder = (
  store: MessagingStore,
  channel: Integration | undefined,
): SwitchboardIntegration | undefined => {
  const { switchboard } = store
  if (switchboard === null || !switchboard.enabled) return undefined
  return (
    store.switchboardIntegration(channel?.defaultResponderId ?? null) ??
    store.switchboardIntegration(switchboard.defaultId)
  )
}

/** A conversation that nobody controls gets its default responder as soon as the customer speaks. No event. */
export const wake = (store: MessagingStore, conversation: Conversation): void => {
  if (store.switchboardIntegration(conversation.activeId) !== undefined) return
  conversation.activeId = defaultResponder(store, channelOf(store, conversation))?.id ?? null
}

export const isAgentWorkspace = (integration: SwitchboardIntegration | undefined): boolean =>
  integration?.integrationType === "zd:agentWorkspace"

export const isAnswerBot = (integration: SwitchboardIntegration | undefined): boolean =>
  integration?.integrationType === "zd:answerBot"
