import { json, recordNotFound, type Reply } from "../../http/Reply.ts"
import type { ApiRequest } from "../../http/Request.ts"
import { paged } from "../../http/paging.ts"
import type { Route } from "../../http/Router.ts"
import { ticketOf } from "../../support/ticketRoutes.ts"
import { viewAttachment, viewTicket } from "../../support/ticketView.ts"
import { isoMillis } from "../../world/edge.ts"
import { iso } from "../../world/ids.ts"
import { type Comment, isAgent, type Ticket } from "../../world/model.ts"
import type { Messaging } from "../context.ts"
import { nameOf } from "../users/names.ts"
import type { Message } from "../world/model.ts"

interface Entry {
  readonly at: number
  readonly key: string
  readonly view: object
}

const messageAuthor = (messaging: Messaging, message: Message): object => {
  const user = messaging.store.users.get(message.author.userId ?? "")
  if (user !== undefined)
    return {
      type: "user",
      display_name: nameOf(user),
      "zen:sunco:user_id": user.id,
      "zen:support:user_id": Number(user.zendeskId ?? -1),
    }
  const agentId = Number(message.metadata?.["__zendesk_msg.agent.id"])
  const human = message.author.subtypes?.includes("agent") === true
  return {
    type: human ? "agent" : "bot",
    display_name: message.author.displayName ?? messaging.store.appName,
    "zen:support:user_id": Number.isSafeInteger(agentId) ? agentId : -1,
  }
}

const messageEntry = (messaging: Messaging, message: Message): Entry => ({
  at: message.at,
  key: message.id,
  view: {
    id: message.id,
    type: "Messaging::ConversationMessage",
    created_at: iso(message.at),
    received_at: isoMillis(message.at),
    author: messageAuthor(messaging, message),
    content: message.content,
    source: { type: message.source.type },
    metadata: { custom: {}, system: {}, ticket_version: 0 },
    reference: `zen:sunco:conversation_message:${message.id}`,
    attachments: [],
  },
})

const commentEntry = (messaging: Messaging, comment: Comment): Entry => {
  const { world } = messaging
  const author = world.users.byId.get(comment.authorId)
  return {
    at: comment.createdAt,
    key: String(comment.id),
    view: {
      id: String(comment.id),
      type: "Comment",
      created_at: iso(comment.createdAt),
      author: {
        type: author !== undefined && isAgent(author) ? "agent" : "user",
        display_name: author?.name ?? "",
        "zen:support:user_id": comment.authorId,
      },
      content: { type: "html", body: comment.htmlBody },
      metadata: { custom: {}, system: {}, ticket_version: 0, public: comment.public },
      reference: `zen:ticket_event:${comment.id}`,
      attachments: comment.attachments.map((file) => viewAttachment(world, file)),
    },
  }
}

const entriesOf = (messaging: Messaging, ticket: Ticket): ReadonlyArray<Entry> => {
  const session = messaging.store.sessions.get(ticket.id)
  const messages = session === undefined ? [] : messaging.store.sessionMessages(session)
  return [
    ...messages.map((message) => messageEntry(messaging, message)),
    ...ticket.comments.map((comment) => commentEntry(messaging, comment)),
  ].sort((a, b) => a.at - b.at)
}

/** Messages and comments in order of time, cursor-paged: what a missed webhook can be recovered from. */
const log = (messaging: Messaging, request: ApiRequest): Reply => {
  const ascending = entriesOf(messaging, ticketOf(messaging.world, request)).map((entry, index) => ({
    ...entry,
    index,
  }))
  const descending = request.query.get("sort") === "-created_at"
  const query = new URLSearchParams(request.query)
  if (!query.has("page[size]")) query.set("page[size]", "100")
  return paged(
    { ...request, query },
    {
      name: "events",
      items: descending ? ascending.toReversed() : ascending,
      descending,
      render: (entry) => entry.view,
      key: (entry) => ({ value: entry.at, id: entry.index }),
      baseUrl: messaging.world.baseUrl,
    },
  )
}

/** Only while the session is in progress and the ticket is not closed. */
const activeTicket = (messaging: Messaging, request: ApiRequest): Reply => {
  const session = messaging.store.activeSession(request.params["conversation_id"] ?? "")
  const ticket = messaging.world.tickets.find(session?.ticketId ?? 0)
  if (ticket === undefined || ticket.status === "closed") throw recordNotFound()
  return json(200, { ticket: viewTicket(messaging.world, ticket) })
}

export const conversationLogRoutes = (messaging: Messaging): ReadonlyArray<Route> => {
  const read = { method: "GET", access: "agent", scope: "tickets" } as const
  return [
    { ...read, path: "/api/v2/tickets/:id/conversation_log", handle: (request) => log(messaging, request) },
    {
      ...read,
      path: "/api/v2/tickets/messaging/conversations/:conversation_id/ticket",
      handle: (request) => activeTicket(messaging, request),
    },
  ]
}
