/** From Sunshine's events to what they mean. Pure: one event in, one out. */
import { ContactId, OrgId, SessionId } from "@opencx/core"
import { DateTime, Option, Schema } from "effect"
import { controlOf, type SwitchboardNames } from "../chat/Control.ts"
import type { MessagingUserWire } from "../wire/ApiWire.ts"
import type { ConversationRef, MessageRef, SourceRef } from "../wire/EventWire.ts"
import type { ChatEvent, ChatProfile, ChatSource, SessionMeta } from "./ChatEvent.ts"
import { classifyMessage } from "./classifyMessage.ts"
import { readContent } from "./content.ts"
import type { MessagingEvent } from "./decodeMessagingEvents.ts"

type Of<Tag extends MessagingEvent["_tag"]> = Extract<MessagingEvent, { readonly _tag: Tag }>

const decodeSession = Schema.decodeUnknownOption(
  Schema.Struct({ opencx_org_id: OrgId, opencx_contact_id: ContactId, opencx_session_id: SessionId }),
)

const sessionOf = (conversation: ConversationRef | null | undefined): SessionMeta | null =>
  Option.match(decodeSession(conversation?.metadata), {
    onNone: () => null,
    onSome: (meta) => ({
      orgId: meta.opencx_org_id,
      contactId: meta.opencx_contact_id,
      sessionId: meta.opencx_session_id,
    }),
  })

const base = (event: MessagingEvent) => ({ eventId: event.id, at: event.at })

const inChat = (event: MessagingEvent, conversation: ConversationRef, names: SwitchboardNames) => ({
  ...base(event),
  conversationId: conversation.id,
  session: sessionOf(conversation),
  control: controlOf(conversation.activeSwitchboardIntegration, names),
})

const ignored = (
  event: MessagingEvent,
  why: string,
  conversation: ConversationRef | null | undefined,
  names: SwitchboardNames,
): ChatEvent => ({
  ...base(event),
  _tag: "Ignored",
  why,
  conversationId: conversation?.id ?? null,
  session: sessionOf(conversation),
  control:
    conversation === null || conversation === undefined
      ? null
      : controlOf(conversation.activeSwitchboardIntegration, names),
})

const sourceOf = (source: SourceRef | null | undefined): ChatSource => ({
  type: source?.type ?? "unknown",
  integrationId: source?.integrationId ?? null,
  messageId: source?.originalMessageId ?? null,
  address: source?.client?.externalId ?? null,
  displayName: source?.client?.displayName ?? null,
})

const profileOf = (user: MessagingUserWire | null | undefined, displayName: string | null): ChatProfile => {
  const full = [user?.profile?.givenName, user?.profile?.surname]
    .filter((part) => typeof part === "string" && part !== "")
    .join(" ")
  return {
    name: full === "" ? displayName : full,
    email: user?.profile?.email ?? null,
    locale: user?.profile?.locale ?? null,
  }
}

const customerOf = (user: MessagingUserWire | null | undefined) => ({
  externalId: user?.externalId ?? null,
  zendeskId: user?.zendeskId === null || user?.zendeskId === undefined ? null : String(user.zendeskId),
  authenticated: user?.authenticated === true,
})

const time = (text: string | null | undefined): number | null =>
  Option.match(DateTime.make(text ?? ""), { onNone: () => null, onSome: DateTime.toEpochMillis })

const customerWrote = (event: Of<"Message">, names: SwitchboardNames): ChatEvent => {
  const { author, content, deleted, id, received, source } = event.message
  const userId = author.userId ?? author.user?.id
  if (userId === undefined || userId === null)
    return ignored(event, "a customer's message that names no customer", event.conversation, names)
  return {
    ...inChat(event, event.conversation, names),
    ...customerOf(author.user),
    ...readContent(content, deleted === true),
    _tag: "CustomerWrote",
    messageId: id,
    userId,
    source: sourceOf(source),
    profile: profileOf(author.user, author.displayName ?? source?.client?.displayName ?? null),
    sentAt: time(source?.originalMessageTimestamp) ?? time(received) ?? event.at,
  }
}

const humanWrote = (
  event: Of<"Message">,
  names: SwitchboardNames,
  agentId: string | null,
  automatic: boolean,
): ChatEvent => {
  const { files, text } = readContent(event.message.content, event.message.deleted === true)
  return {
    ...inChat(event, event.conversation, names),
    _tag: "HumanWrote",
    messageId: event.message.id,
    agentName: event.message.author.displayName ?? null,
    agentId,
    automatic,
    text,
    files,
  }
}

const endedBy: Readonly<Record<string, Extract<ChatEvent, { readonly _tag: "Ended" }>["by"]>> = {
  "ticket:closed": "ticket_closed",
  "ticket:transfer:email": "transferred_to_email",
  "conversation:endedByUser": "customer",
}

const activityTypeOf = (message: MessageRef): string => {
  const { activity, content } = message
  if (typeof activity?.type === "string") return activity.type
  // The activity may stand in the content instead; both places are in the documents.
  const inner =
    typeof content === "object" && content !== null && "activity" in content ? content.activity : null
  return typeof inner === "object" && inner !== null && "type" in inner && typeof inner.type === "string"
    ? inner.type
    : ""
}

const ofMessage = (event: Of<"Message">, names: SwitchboardNames): ChatEvent => {
  const { agentId, author } = classifyMessage(event, names)
  switch (author) {
    case "customer":
      return customerWrote(event, names)
    case "human":
      return humanWrote(event, names, agentId, false)
    case "trigger":
      return humanWrote(event, names, null, true)
    case "activity": {
      const type = activityTypeOf(event.message)
      const by = endedBy[type]
      return by === undefined
        ? ignored(event, `Zendesk noted an activity: ${type || "unnamed"}`, event.conversation, names)
        : { ...inChat(event, event.conversation, names), _tag: "Ended", by }
    }
    case "echo":
      return ignored(event, "our own words, coming back", event.conversation, names)
    case "bot":
      return ignored(event, "Zendesk's own bot wrote", event.conversation, names)
    case "foreign":
      return ignored(event, "another program wrote for the business", event.conversation, names)
  }
}

const ofPostback = (event: Of<"Postback">, names: SwitchboardNames): ChatEvent => ({
  ...inChat(event, event.conversation, names),
  ...customerOf(event.user),
  _tag: "CustomerWrote",
  messageId: event.id,
  userId: event.user.id,
  source: sourceOf(event.source),
  profile: profileOf(event.user, event.source?.client?.displayName ?? null),
  text: event.postback?.payload ?? "",
  files: [],
  payload: event.postback?.payload ?? null,
  sentAt: event.at,
})

const ofActivity = (event: Of<"Activity">, names: SwitchboardNames): ChatEvent => {
  const author = event.activity.author?.type === "user" ? "customer" : "business"
  const at = inChat(event, event.conversation, names)
  return event.type === "conversation:read"
    ? { ...at, _tag: "Read", author }
    : { ...at, _tag: "Typing", author, on: event.activity.type !== "typing:stop" }
}

const failureText = (error: Of<"Control">["error"]): string =>
  `Zendesk did not do it: ${error?.message ?? "no reason given"} (${error?.code ?? "no code"})`

const ofControl = (event: Of<"Control">, names: SwitchboardNames): ChatEvent => ({
  ...inChat(event, event.conversation, names),
  _tag: "ControlChanged",
  action: event.action,
  reason: event.reason ?? null,
  failure: event.failed ? failureText(event.error) : null,
})

const ofDelivery = (event: Of<"Delivery">): ChatEvent => {
  const conversationId = event.conversation?.id ?? null
  const messageId = event.message.id
  if (event.stage !== "failure")
    return { ...base(event), _tag: "Delivered", conversationId, messageId, stage: event.stage }
  const channel = event.destination?.type ?? null
  const why = event.error?.message ?? event.error?.code ?? "no reason given"
  return {
    ...base(event),
    _tag: "DeliveryFailed",
    conversationId,
    session: sessionOf(event.conversation),
    messageId,
    channel,
    // Silence about it must not keep a failure from being told.
    final: event.isFinalEvent !== false,
    explanation: `The message did not reach the customer${channel === null ? "" : ` on ${channel}`}: ${why}`,
  }
}

const ofMerge = (event: Of<"UserMerge">): ChatEvent => {
  const { discarded, surviving } = event.mergedUsers
  const survivingChat = event.mergedConversations?.surviving?.id
  const discardedChat = event.mergedConversations?.discarded?.id
  return {
    ...base(event),
    _tag: "UsersMerged",
    survivingUserId: surviving.id,
    survivingExternalId: surviving.externalId ?? null,
    discardedUserId: discarded.id,
    discardedExternalId: discarded.externalId ?? null,
    conversations:
      survivingChat === undefined || discardedChat === undefined
        ? null
        : { survivingId: survivingChat, discardedId: discardedChat },
    reason: event.reason ?? null,
  }
}

/** What one event means. `names`: as configured, to tell who has the conversation. */
export const chatEventOf = (event: MessagingEvent, names: SwitchboardNames): ChatEvent => {
  switch (event._tag) {
    case "Message":
      return ofMessage(event, names)
    case "Postback":
      return ofPostback(event, names)
    case "Activity":
      return ofActivity(event, names)
    case "Control":
      return ofControl(event, names)
    case "Delivery":
      return ofDelivery(event)
    case "UserMerge":
      return ofMerge(event)
    case "Other":
      return ignored(event, `nothing to do on ${event.type}`, event.conversation, names)
    case "Unknown":
      return ignored(event, `an event of an unknown kind: ${event.type}`, event.conversation, names)
    case "Unreadable":
      return ignored(event, `an event that cannot be read: ${event.detail}`, null, names)
  }
}
