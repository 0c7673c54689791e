/** A ticket as its agents see it, internal notes included: for drafts that only agents read. Nothing here is for customers. */
import {
  CommentId,
  NotFound,
  type ThreadComment,
  type TicketId,
  TicketingError,
  type TicketThread,
} from "@opencx/core"
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { Priority } from "../client/RateBudget.ts"
import { htmlToMarkdown } from "../text/HtmlToMarkdown.ts"
import { ask } from "./Calls.ts"
import { chatMessages } from "./ConversationLog.ts"
import { newestFirst } from "./HumanComments.ts"
import { isAgentRole, type OurUser } from "./Self.ts"
import { checkTicketId, epochMillis, toSnapshot } from "./Tickets.ts"
import {
  CommentList,
  type CommentWire,
  idOrNull,
  idText,
  maybe,
  nextCursor,
  TicketWire,
  type UserWire,
  WireId,
} from "./Wire.ts"

const operation = "thread"

const WholeTicket = Schema.Struct({
  ticket: Schema.Struct({
    ...TicketWire.fields,
    subject: maybe(Schema.String),
    brand_id: maybe(WireId),
    group_id: maybe(WireId),
    from_messaging_channel: maybe(Schema.Boolean),
  }),
})

/** Fails closed: only who is known to be an end user is the customer, only who is known to be an agent is one. */
const writerOf = (
  author: string | null,
  us: OurUser,
  requesterId: string | null,
  users: ReadonlyMap<string, UserWire>,
): ThreadComment["by"] => {
  if (author === us.userId) return "us"
  const role = author === null ? null : (users.get(author)?.role ?? null)
  if (isAgentRole(role)) return "agent"
  if (role === "end-user") return "customer"
  return role === null && author !== null && author === requesterId ? "customer" : "other"
}

const textOf = (client: ZendeskClient, one: CommentWire): string =>
  typeof one.html_body === "string" && one.html_body !== ""
    ? htmlToMarkdown(one.html_body, { origin: client.origin, images: "alt" })
    : (one.body ?? "").trim()

const oldestFirst = (a: ThreadComment, b: ThreadComment): number =>
  a.createdAt - b.createdAt ||
  a.commentId.length - b.commentId.length ||
  (a.commentId < b.commentId ? -1 : a.commentId > b.commentId ? 1 : 0)

/** As many of the newest comments as a draft needs. */
const wanted = 100
/** A ticket holds at most 5,000 comments. */
const maxPages = 50

/** The newest page; all of them only when the server does not heed the order, for then the newest are the last. */
const newest = Effect.fnUntraced(function* (client: ZendeskClient, ticketId: TicketId, priority: Priority) {
  const comments: Array<CommentWire> = []
  const users = new Map<string, UserWire>()
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const list: typeof CommentList.Type = yield* ask(
      client,
      operation,
      { what: `ticket ${ticketId}` },
      CommentList,
      {
        method: "GET",
        path: `/api/v2/tickets/${ticketId}/comments`,
        query: {
          include: "users",
          sort: "-created_at",
          "page[size]": String(wanted),
          ...(cursor === null ? {} : { "page[after]": cursor }),
        },
        priority,
      },
    )
    comments.push(...list.comments)
    for (const user of list.users ?? []) if (user.id !== null) users.set(idText(user.id), user)
    cursor = nextCursor(list.meta)
    if (cursor === null || newestFirst(list.comments)) break
  }
  return { comments, users }
})

/** Two calls: the ticket, and its newest comments with their authors; a third for the messages of a live chat. */
export const readThread = Effect.fnUntraced(function* (
  client: ZendeskClient,
  self: Effect.Effect<OurUser, TicketingError>,
  ticketId: TicketId,
  priority: Priority = "live",
) {
  yield* checkTicketId(operation, ticketId)
  const us = yield* self
  const what = `ticket ${ticketId}`
  const { ticket } = yield* ask(client, operation, { what }, WholeTicket, {
    method: "GET",
    path: `/api/v2/tickets/${ticketId}`,
    priority,
  })
  const snapshot = toSnapshot(ticket)
  if (snapshot === null) return yield* new TicketingError({ operation, reason: new NotFound({ what }) })
  const { comments, users } = yield* newest(client, ticketId, priority)
  const seen = comments.map((one): ThreadComment => {
    const author = idOrNull(one.author_id)
    return {
      commentId: CommentId.make(idText(one.id)),
      by: writerOf(author, us, snapshot.requesterId, users),
      authorName: author === null ? null : (users.get(author)?.name ?? null),
      public: one.public === true,
      text: textOf(client, one),
      createdAt: epochMillis(one.created_at),
    }
  })
  const isChat = ticket.from_messaging_channel === true
  const messages = isChat ? yield* chatMessages(client, snapshot, priority) : []
  return {
    ticket: snapshot,
    subject: ticket.subject ?? "",
    brandId: idOrNull(ticket.brand_id),
    groupId: idOrNull(ticket.group_id),
    comments: [...seen, ...messages].sort(oldestFirst).slice(-wanted),
    isChat,
  } satisfies TicketThread
})
