import { agentOf } from "../../control/agents.ts"
import { badRequest, conflict, recordNotFound } from "../../http/Reply.ts"
import { readComment } from "../../support/commentInput.ts"
import { htmlToText } from "../../support/text.ts"
import type { TicketChange } from "../../support/ticketInput.ts"
import { updateTicket } from "../../support/ticketWriter.ts"
import { asArray, asString, get } from "../../world/json.ts"
import { type Ticket, type TicketStatus, type User, via } from "../../world/model.ts"
import type { Messaging } from "../context.ts"
import { businessActivity } from "../conversations/activities.ts"
import { readContent } from "../conversations/content.ts"
import { say } from "../conversations/messages.ts"
import { isAgentWorkspace } from "../conversations/responder.ts"
import { endSession } from "../handoff/sessions.ts"
import { setControl } from "../switchboard/control.ts"
import type { Conversation, Metadata } from "../world/model.ts"
import { fileContent } from "./customer.ts"

export const chatActionNames = [
  "reply",
  "trigger",
  "note",
  "typing",
  "stop-typing",
  "read",
  "solve",
  "pending",
  "reopen",
  "close",
  "end",
  "take",
] as const

const source = { type: "zd:agentWorkspace" } as const

const statusBy: Readonly<Record<string, TicketStatus>> = {
  solve: "solved",
  pending: "pending",
  reopen: "open",
  close: "closed",
}

/** The ticket of the session in progress, else the latest one the conversation had. */
export const ticketOf = (messaging: Messaging, conversation: Conversation): Ticket | undefined => {
  const { store, world } = messaging
  const active = store.activeSession(conversation.id)
  const last = [...store.sessions.values()].findLast((item) => item.conversationId === conversation.id)
  return world.tickets.find((active ?? last)?.ticketId ?? 0)
}

const inControl = (messaging: Messaging, conversation: Conversation): boolean =>
  isAgentWorkspace(messaging.store.switchboardIntegration(conversation.activeId))

const needControl = (messaging: Messaging, conversation: Conversation): void => {
  if (!inControl(messaging, conversation))
    throw conflict("NotInControl", "the Agent Workspace does not have this conversation; take it first")
}

const agentMetadata = (messaging: Messaging, agentId: string): Metadata =>
  messaging.store.behaviour.agentIdMetadata ? { "__zendesk_msg.agent.id": agentId } : {}

/** Text first, then each file as a message of its own. */
const reply = (
  messaging: Messaging,
  conversation: Conversation,
  ticket: Ticket,
  user: User,
  input: unknown,
): void => {
  const html = asString(get(input, "html_body"))
  const body = asString(get(input, "body")) ?? (html === undefined ? "" : htmlToText(html))
  const files = asArray(get(input, "attachments"))
  if (body.trim() === "" && files.length === 0)
    throw badRequest("BlankMessage", "a reply needs body or attachments")
  const contents = [
    ...(body.trim() === "" ? [] : [{ type: "text", text: body }]),
    ...files.map((file) => fileContent(messaging, file)),
  ].map((content) => readContent(messaging.store, content))
  for (const content of contents)
    say(messaging, conversation, {
      author: { type: "business", displayName: user.name, subtypes: ["agent"] },
      content,
      source,
      metadata: agentMetadata(messaging, String(user.id)),
    })
  const change = ticket.assigneeId === null ? { assigneeId: user.id } : {}
  updateTicket(messaging.world, ticket, change, { user, via: via.web() })
}

/** Text that a messaging trigger says by itself. */
const autoText = (messaging: Messaging, conversation: Conversation, input: unknown): void => {
  const text = asString(get(input, "body")) ?? ""
  if (text === "") throw badRequest("BlankMessage", "an automatic message needs body")
  say(messaging, conversation, {
    author: {
      type: "business",
      displayName: asString(get(input, "display_name")) ?? messaging.store.appName,
    },
    content: readContent(messaging.store, { type: "text", text }),
    source,
    metadata: agentMetadata(messaging, "__trigger"),
  })
}

const changeTicket = (
  messaging: Messaging,
  ticket: Ticket,
  user: User,
  input: unknown,
  action: string,
): void => {
  const status = statusBy[action]
  const body = asString(get(input, "body"))
  const said =
    body === undefined || body === "" ? undefined : readComment(messaging.world, { body, public: false })
  if (action === "note" && said === undefined) throw badRequest("BlankComment", "a note needs body")
  const change: TicketChange = {
    ...(said === undefined ? {} : { comment: said }),
    ...(status === undefined ? {} : { status }),
  }
  updateTicket(messaging.world, ticket, change, { user, via: via.web() })
}

/** A human takes the conversation over from whoever has it. */
const take = (messaging: Messaging, conversation: Conversation): void => {
  const members = [...(messaging.store.switchboard?.integrations.values() ?? [])]
  const workspace = members.find(isAgentWorkspace)
  if (workspace === undefined) throw badRequest("NoWorkspace", "the switchboard has no Agent Workspace")
  if (inControl(messaging, conversation)) return
  setControl(messaging, conversation, {
    control: { activeId: workspace.id, pendingId: null },
    type: "switchboard:passControl",
  })
}

/**
 * What a person does in the Agent Workspace with a live chat: `{action, body?, author_id?, attachments?}`. Notes are
 * ticket comments and never get into the conversation; a solved ticket keeps control, a closed one gives it back.
 */
export const chatAction = (messaging: Messaging, conversation: Conversation, input: unknown): void => {
  const action = chatActionNames.find((name) => name === get(input, "action"))
  if (action === undefined)
    throw badRequest("InvalidAction", `action must be one of ${chatActionNames.join(", ")}`)
  if (action === "take") return take(messaging, conversation)
  if (action === "typing" || action === "stop-typing") {
    needControl(messaging, conversation)
    const type = action === "typing" ? "typing:start" : "typing:stop"
    return businessActivity(messaging, conversation, type, source)
  }
  if (action === "read") return businessActivity(messaging, conversation, "conversation:read", source)
  const ticket = ticketOf(messaging, conversation)
  if (ticket === undefined) throw recordNotFound()
  const user = agentOf(messaging.world, input, ticket)
  if (action === "end") return endSession(messaging, conversation, "agent")
  if (action !== "reply" && action !== "trigger") return changeTicket(messaging, ticket, user, input, action)
  needControl(messaging, conversation)
  if (action === "trigger") return autoText(messaging, conversation, input)
  return reply(messaging, conversation, ticket, user, input)
}

/** A reply made on the ticket; false when the ticket has no chat in progress. */
export const replyInChat = (messaging: Messaging, ticketId: number, input: unknown): boolean => {
  const session = messaging.store.sessions.get(ticketId)
  const conversation = messaging.store.conversations.get(session?.conversationId ?? "")
  if (session === undefined || session.endId !== null || conversation === undefined) return false
  chatAction(messaging, conversation, input)
  return true
}
