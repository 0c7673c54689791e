import { iso, ulid } from "../world/ids.ts"
import { isAgent, type TicketEvent, type Webhook } from "../world/model.ts"
import type { World } from "../world/World.ts"
import type { Delivery } from "./Delivery.ts"

const subscribers = (world: World, type: string): ReadonlyArray<Webhook> =>
  [...world.webhooks.values()].filter(
    (webhook) => webhook.status === "active" && webhook.subscriptions.includes(type),
  )

const envelope = (world: World, type: string, subject: string, detail: object, event: object): object => ({
  account_id: world.accountId,
  id: ulid(world.now()),
  type,
  subject,
  time: iso(world.now()),
  zendesk_event_version: "2022-11-06",
  detail,
  event,
})

const detailOf = (event: TicketEvent): object => ({
  id: String(event.ticket.id),
  subject: event.ticket.subject,
  description: event.ticket.description,
  status: event.ticket.status.toUpperCase(),
  external_id: event.ticket.externalId,
  requester_id: String(event.ticket.requesterId),
  assignee_id: event.ticket.assigneeId === null ? null : String(event.ticket.assigneeId),
  tags: event.ticket.tags,
  is_public: event.ticket.isPublic,
  updated_at: iso(event.ticket.updatedAt),
})

/** Event subscriptions: every ticket, internal notes too. Inner field names are not confirmed. */
export const ticketEvents = (world: World, delivery: Delivery, event: TicketEvent): void => {
  const publish = (type: string, body: object): void => {
    for (const webhook of subscribers(world, type)) {
      delivery.fromEvent(
        webhook,
        event.ticket.id,
        envelope(world, type, `zen:ticket:${event.ticket.id}`, detailOf(event), body),
      )
    }
  }
  const comment = event.comment
  if (comment !== null) {
    const author = world.users.byId.get(comment.authorId)
    publish("zen:event-type:ticket.comment_added", {
      comment: {
        id: String(comment.id),
        body: comment.body,
        is_public: comment.public,
        author: {
          id: String(comment.authorId),
          is_staff: author !== undefined && isAgent(author),
          name: author?.name ?? "",
        },
      },
    })
  }
  if (event.before.has("status")) {
    publish("zen:event-type:ticket.status_changed", {
      current: event.ticket.status.toUpperCase(),
      previous: String(event.before.get("status")).toUpperCase(),
    })
  }
}

/** `article.published` and `article.unpublished`. */
export const articleEvent = (
  world: World,
  delivery: Delivery,
  type: "published" | "unpublished",
  articleId: number,
): void => {
  const name = `zen:event-type:article.${type}`
  for (const webhook of subscribers(world, name)) {
    delivery.fromEvent(
      webhook,
      null,
      envelope(world, name, `zen:article:${articleId}`, { id: String(articleId) }, {}),
    )
  }
}
