/**
 * What was said in the live chat behind a ticket. Chat messages are no comments of the ticket; they stand in its conversation
 * log, beside them (`GET /tickets/{id}/conversation_log`, Support API, "Conversation Log").
 */
import { CommentId, type ThreadComment, type TicketId, type TicketSnapshot } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { Priority } from "../client/RateBudget.ts"
import { ask } from "./Calls.ts"
import { epochMillis } from "./Tickets.ts"
import { idOrNull, maybe, WireId } from "./Wire.ts"

const Author = Schema.Struct({
  type: maybe(Schema.String),
  display_name: maybe(Schema.String),
  "zen:support:user_id": maybe(WireId),
})
const Event = Schema.Struct({
  id: WireId,
  type: Schema.String,
  created_at: maybe(Schema.String),
  author: maybe(Author),
  content: maybe(Schema.Struct({ type: maybe(Schema.String), text: maybe(Schema.String) })),
  source: maybe(Schema.Struct({ type: maybe(Schema.String) })),
})
const Log = Schema.Struct({ events: Schema.Array(Event) })

/** One page: the newest. */
const wanted = 100

/** Fails closed: a user is the customer only where they are the ticket's requester; of bots nobody knows whose words they say. */
const writerOf = (
  event: typeof Event.Type,
  requesterId: TicketSnapshot["requesterId"],
): ThreadComment["by"] => {
  const { author, source } = event
  if (author?.type === "agent" || source?.type === "zd:agentWorkspace") return "agent"
  const isRequester = idOrNull(author?.["zen:support:user_id"]) === requesterId && requesterId !== null
  return author?.type === "user" && isRequester ? "customer" : "other"
}

/** Texts alone, newest first. None when the log cannot be read: a draft is possible without it. */
export const chatMessages = Effect.fnUntraced(function* (
  client: ZendeskClient,
  {
    requesterId,
    ticketId,
  }: { readonly ticketId: TicketId; readonly requesterId: TicketSnapshot["requesterId"] },
  priority: Priority,
) {
  const { events } = yield* ask(client, "thread", { what: `the chat of ticket ${ticketId}` }, Log, {
    method: "GET",
    path: `/api/v2/tickets/${ticketId}/conversation_log`,
    query: { sort: "-created_at", "page[size]": String(wanted) },
    priority,
  }).pipe(
    Effect.catch((error) =>
      error.isRetryable
        ? Effect.fail(error)
        : Effect.as(Effect.logDebug(`No chat of ticket ${ticketId}`, error.message), { events: [] }),
    ),
  )
  return events.flatMap((event): ReadonlyArray<ThreadComment> => {
    const text = event.content?.text?.trim() ?? ""
    if (event.type !== "Messaging::ConversationMessage" || text === "") return []
    return [
      {
        commentId: CommentId.make(String(event.id)),
        by: writerOf(event, requesterId),
        authorName: event.author?.display_name ?? null,
        public: true,
        text,
        createdAt: epochMillis(event.created_at),
      },
    ]
  })
})
