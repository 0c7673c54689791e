/** Webhook bodies of Sunshine, as its documents describe them. */
import { Effect } from "effect"
import { type ChatEvent, chatEventOf, decodeMessagingEvents, type MessagingEvent } from "../../src/index.ts"
import { sessionId } from "./drafts.ts"
import { contactId, names, orgId } from "./sunshine.ts"

export const holders = {
  ours: { id: "s1", name: "opencx", integrationId: "i1", integrationType: "custom" },
  humans: { id: "s2", name: "zd-agentWorkspace", integrationId: "i2", integrationType: "zd:agentWorkspace" },
  bot: { id: "s3", name: "zd-answerBot", integrationId: "i3", integrationType: "zd:answerBot" },
} as const

export const conversationJson = (more: object = {}): object => ({
  id: "c0ffee00c0ffee00c0ffee00",
  type: "personal",
  metadata: { opencx_org_id: orgId, opencx_contact_id: contactId, opencx_session_id: sessionId },
  activeSwitchboardIntegration: holders.ours,
  ...more,
})

export const eventJson = (type: string, payload: object, more: object = {}): object => ({
  id: `ev-${type}`,
  createdAt: "2026-11-21T09:00:00.000Z",
  type,
  payload,
  ...more,
})

export const messageJson = (more: object = {}): object => ({
  id: "m1",
  received: "2026-11-21T08:59:59.000Z",
  author: { type: "user", userId: "u1", displayName: "Dana", user: { id: "u1", externalId: contactId } },
  content: { type: "text", text: "Hello" },
  source: { type: "whatsapp", integrationId: "w1" },
  ...more,
})

export const messageEvent = (message: object = {}, conversation: object = {}): object =>
  eventJson("conversation:message", {
    conversation: conversationJson(conversation),
    message: messageJson(message),
  })

export const bodyOf = (...events: ReadonlyArray<unknown>): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ app: { id: "a" }, webhook: { id: "w", version: "v2" }, events }))

/** Decodes; the bodies here are all readable. */
export const decoded = (...events: ReadonlyArray<unknown>): ReadonlyArray<MessagingEvent> =>
  Effect.runSync(decodeMessagingEvents(bodyOf(...events)))

/** One event, decoded, which must be a message. */
export const decodedMessage = (
  message: object = {},
  conversation: object = {},
): Extract<MessagingEvent, { readonly _tag: "Message" }> => {
  const [event] = decoded(messageEvent(message, conversation))
  if (event?._tag !== "Message") throw new Error(`not a message: ${JSON.stringify(event)}`)
  return event
}

/** What one event means. */
export const meaning = (event: unknown): ChatEvent => {
  const [one] = decoded(event)
  if (one === undefined) throw new Error("no event")
  return chatEventOf(one, names)
}
