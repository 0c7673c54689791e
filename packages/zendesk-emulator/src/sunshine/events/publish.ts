import { isoMillis } from "../../world/edge.ts"
import { type Messaging, newId } from "../context.ts"
import type { Conversation, Integration, MessagingWebhook } from "../world/model.ts"
import type { TriggerName } from "./triggers.ts"

/** Whose say counts for a conversation's events. */
export interface Control {
  readonly activeId: string | null
  readonly pendingId: string | null
}

/**
 * Switchboard members hear of conversations they control or were offered; in standby only with
 * `deliverStandbyEvents`. Integrations outside of the switchboard hear everything.
 */
const hears = (messaging: Messaging, integration: Integration, controls: ReadonlyArray<Control>): boolean => {
  const { switchboard } = messaging.store
  if (switchboard === null || !switchboard.enabled) return true
  const members = [...switchboard.integrations.values()].filter(
    (item) => item.integrationId === integration.id,
  )
  if (members.length === 0) return true
  return members.some(
    (member) =>
      member.deliverStandbyEvents ||
      controls.some((control) => control.activeId === member.id || control.pendingId === member.id),
  )
}

/**
 * Sends an event to every webhook that subscribed and may hear it. `controls` are the conversation's states that
 * count; none = an event that concerns no conversation. The payload is what is true now, not when it is sent.
 */
export const publish = (
  messaging: Messaging,
  type: TriggerName,
  controls: ReadonlyArray<Control> | null,
  payload: (webhook: MessagingWebhook) => object,
): void => {
  const id = newId(messaging)
  const createdAt = isoMillis(messaging.world.now())
  for (const integration of messaging.store.integrations.values()) {
    if (controls !== null && !hears(messaging, integration, controls)) continue
    for (const webhook of integration.webhooks) {
      if (!webhook.triggers.includes(type)) continue
      messaging.hooks.publish(integration, webhook, { id, createdAt, type, payload: payload(webhook) })
    }
  }
}

export const publishOf = (
  messaging: Messaging,
  type: TriggerName,
  conversation: Conversation,
  payload: (webhook: MessagingWebhook) => object,
): void => publish(messaging, type, [conversation], payload)
