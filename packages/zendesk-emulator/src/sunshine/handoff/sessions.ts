import type { Ticket, TicketEvent } from "../../world/model.ts"
import { type Messaging, newId } from "../context.ts"
import { say } from "../conversations/messages.ts"
import { isAgentWorkspace } from "../conversations/responder.ts"
import { setControl } from "../switchboard/control.ts"
import type { Conversation } from "../world/model.ts"

/** Words that go with an activity; the activity itself is what programs read. */
const words: Readonly<Record<string, string>> = {
  "ticket:closed": "The conversation was closed",
  "conversation:endedByUser": "The conversation was ended by the customer",
}

const note = (messaging: Messaging, conversation: Conversation, activity: string): void => {
  if (!messaging.store.behaviour.activityMessages) return
  say(messaging, conversation, {
    author: { type: "business", subtypes: ["activity"] },
    content: { type: "text", text: words[activity] ?? activity },
    source: { type: "zd:agentWorkspace" },
    activity,
    destination: "none",
  })
}

/** Control leaves the Agent Workspace: to nobody (*Release control*) or to its next responder (*Pass control*). */
const giveBack = (
  messaging: Messaging,
  conversation: Conversation,
  reason: { readonly reason?: "ticketClosed" },
): void => {
  const { store } = messaging
  const workspace = store.switchboardIntegration(conversation.activeId)
  if (!isAgentWorkspace(workspace)) return
  const next = store.switchboardIntegration(workspace?.nextId ?? store.switchboard?.defaultId ?? null)
  const releases = store.behaviour.conversationControl === "release" || next === undefined
  setControl(messaging, conversation, {
    control: { activeId: releases ? null : next.id, pendingId: null },
    type: releases ? "switchboard:releaseControl" : "switchboard:passControl",
    ...reason,
  })
}

const ticketClosed = (messaging: Messaging, ticket: Ticket): void => {
  const session = messaging.store.sessions.get(ticket.id)
  const conversation = messaging.store.conversations.get(session?.conversationId ?? "")
  if (session === undefined || conversation === undefined || session.endId !== null) return
  note(messaging, conversation, "ticket:closed")
  session.endId = newId(messaging)
  giveBack(messaging, conversation, { reason: "ticketClosed" })
}

/** An agent or the customer ends the session: the ticket stays as it is, and takes no more messages. */
export const endSession = (
  messaging: Messaging,
  conversation: Conversation,
  by: "agent" | "customer",
): void => {
  const session = messaging.store.activeSession(conversation.id)
  if (by === "customer") note(messaging, conversation, "conversation:endedByUser")
  if (session !== undefined) session.endId = newId(messaging)
  giveBack(messaging, conversation, {})
}

/** What a change of a messaging ticket means for its conversation. A solved ticket changes nothing. */
export const onTicketEvent = (messaging: Messaging, event: TicketEvent): void => {
  const { store } = messaging
  if (!event.ticket.fromMessagingChannel || event.kind !== "Change") return
  const comment = event.comment
  const session = store.sessions.get(event.ticket.id)
  const conversation = store.conversations.get(session?.conversationId ?? "")
  const fromApi = comment?.public === true && event.via.channel === "api"
  if (fromApi && store.behaviour.commentsReachCustomer && conversation !== undefined)
    say(messaging, conversation, {
      author: { type: "business", displayName: event.actor?.name ?? "", subtypes: ["agent"] },
      content: { type: "text", text: comment.plainBody },
      source: { type: "zd:agentWorkspace" },
    })
  if (event.before.has("status") && event.ticket.status === "closed") ticketClosed(messaging, event.ticket)
}
