import { viewArticle } from "../help-center/view.ts"
import { viewAudit, viewComment, viewTicket } from "../support/ticketView.ts"
import { viewIdentity, viewUser } from "../support/userView.ts"
import type { Messaging } from "../sunshine/context.ts"
import { chatState } from "../sunshine/people/chatState.ts"
import { viewClient, viewUser as viewMessagingUser } from "../sunshine/views.ts"
import type { Ticket } from "../world/model.ts"
import type { World } from "../world/World.ts"
import type { Delivery } from "../webhooks/Delivery.ts"

/** A ticket with all that was ever said on it. */
export const ticketState = (world: World, ticket: Ticket): object => ({
  ...viewTicket(world, ticket),
  deleted: ticket.deleted,
  via_id: ticket.via.id,
  followup_source_id: ticket.followupSourceId,
  comments: ticket.comments.map((comment) => viewComment(world, comment)),
  audits: ticket.audits.map(viewAudit),
})

type Part = (world: World, delivery: Delivery, messaging: Messaging) => unknown

const parts: Readonly<Record<string, Part>> = {
  tickets: (world) => world.tickets.all().map((ticket) => ticketState(world, ticket)),
  users: (world) =>
    [...world.users.byId.values()].map((user) => ({
      ...viewUser(world, user),
      identities: world.users.identitiesOf(user.id).map((identity) => viewIdentity(world, identity)),
    })),
  webhooks: (world) =>
    [...world.webhooks.values()].map(({ outcomes, ...webhook }) => ({
      ...webhook,
      recentOutcomes: outcomes.length,
    })),
  triggers: (world) => [...world.triggers.values()],
  deliveries: (_world, delivery) => delivery.log.all(),
  chats: (_world, _delivery, messaging) =>
    [...messaging.store.conversations.values()].map((item) => chatState(messaging, item)),
  messagingUsers: (_world, _delivery, { store }) =>
    [...store.users.values()].map((user) => ({
      ...viewMessagingUser(user),
      clients: user.clients.map(viewClient),
    })),
  channelDeliveries: (_world, _delivery, { store }) => store.channelDeliveries.all(),
  messagingDeliveries: (_world, _delivery, { hooks }) => hooks.log.all(),
  notifications: (world) => world.notifications.all(),
  cdnRequests: (world) => world.cdnRequests.all(),
  articles: (world) =>
    [...world.helpCenter.articles.values()].flatMap((article) => {
      const translation = article.translations.get(article.sourceLocale)
      return translation === undefined
        ? []
        : [{ ...viewArticle(world, article, translation), archived: article.archived }]
    }),
}

export const stateParts: ReadonlyArray<string> = Object.keys(parts)

/** A picture of the account; `only` picks parts, since the whole may be large under load. */
export const stateOf = (
  world: World,
  delivery: Delivery,
  messaging: Messaging,
  only: ReadonlyArray<string> = [],
): Record<string, unknown> => {
  const wanted = only.length === 0 ? stateParts : only
  const state: Record<string, unknown> = {
    now: world.now(),
    baseUrl: world.baseUrl,
    subdomain: world.settings.subdomain,
    clock: world.clockState(),
    integrationUserId: world.integrationUser()?.id ?? null,
    counts: countsOf(world, delivery, messaging),
  }
  for (const name of wanted) {
    const part = parts[name]
    if (part !== undefined) state[name] = part(world, delivery, messaging)
  }
  return state
}

/** Totals to compare with what a test meant to happen. */
export const countsOf = (world: World, delivery: Delivery, messaging: Messaging): Counts => {
  let comments = 0
  let publicComments = 0
  for (const ticket of world.tickets.all()) {
    comments += ticket.comments.length
    publicComments += ticket.comments.filter((comment) => comment.public).length
  }
  return {
    tickets: world.tickets.count,
    comments,
    publicComments,
    users: world.users.byId.size,
    articles: world.helpCenter.articles.size,
    deliveries: delivery.log.last,
    pendingDeliveries: delivery.pending,
    notifications: world.notifications.last,
    conversations: messaging.store.conversations.size,
    messagingUsers: messaging.store.users.size,
    messagingDeliveries: messaging.hooks.log.last,
    pendingMessagingDeliveries: messaging.hooks.pending,
  }
}

export interface Counts {
  readonly tickets: number
  readonly comments: number
  readonly publicComments: number
  readonly users: number
  readonly articles: number
  /** Webhook invocations ever made. */
  readonly deliveries: number
  readonly pendingDeliveries: number
  readonly notifications: number
  readonly conversations: number
  readonly messagingUsers: number
  /** Webhook bodies of the messaging side ever made. */
  readonly messagingDeliveries: number
  readonly pendingMessagingDeliveries: number
}
