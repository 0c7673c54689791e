import { oauthRoutes } from "./auth/oauth.ts"
import type { Faults } from "./faults/Faults.ts"
import { articleRoutes } from "./help-center/articleRoutes.ts"
import { onArticle } from "./help-center/edit.ts"
import { Listings } from "./help-center/listing.ts"
import { structureRoutes } from "./help-center/structureRoutes.ts"
import type { Reply } from "./http/Reply.ts"
import type { ApiRequest } from "./http/Request.ts"
import { Router } from "./http/Router.ts"
import type { Messaging } from "./sunshine/context.ts"
import { scheduleRoutes } from "./schedules/routes.ts"
import { Hooks } from "./sunshine/events/Hooks.ts"
import { conversationLogRoutes } from "./sunshine/handoff/logRoutes.ts"
import { onTicketEvent } from "./sunshine/handoff/sessions.ts"
import { replyInChat } from "./sunshine/people/agent.ts"
import { seedSunshine } from "./sunshine/seed.ts"
import { sunshineSurface } from "./sunshine/surface.ts"
import { MessagingStore } from "./sunshine/world/MessagingStore.ts"
import { accountRoutes } from "./support/accountRoutes.ts"
import { commentRoutes } from "./support/commentRoutes.ts"
import { erasureRoutes } from "./support/erasureRoutes.ts"
import { identityRoutes } from "./support/identityRoutes.ts"
import { incrementalRoutes } from "./support/incrementalRoutes.ts"
import { jobRoutes } from "./support/jobRoutes.ts"
import { searchRoutes } from "./support/searchRoutes.ts"
import { tagRoutes } from "./support/tagRoutes.ts"
import { ticketRoutes } from "./support/ticketRoutes.ts"
import { uploadRoutes } from "./support/uploadRoutes.ts"
import { userRoutes } from "./support/userRoutes.ts"
import { triggerCategoryRoutes } from "./triggers/categoryRoutes.ts"
import { definitionRoutes } from "./triggers/definitions.ts"
import { runTriggers } from "./triggers/engine.ts"
import { triggerRoutes } from "./triggers/routes.ts"
import { Delivery } from "./webhooks/Delivery.ts"
import { articleEvent, ticketEvents } from "./webhooks/events.ts"
import { webhookRoutes } from "./webhooks/routes.ts"
import { seedWorld } from "./world/seed.ts"
import type { Settings } from "./world/options.ts"
import { World } from "./world/World.ts"

/** A seeded account with its routes and its webhook deliveries. */
export interface LiveAccount {
  readonly world: World
  readonly router: Router
  readonly delivery: Delivery
  readonly messaging: Messaging
  readonly sunshine: (request: ApiRequest) => Promise<Reply>
}

export const liveAccount = (
  settings: Settings,
  faults: Faults,
  urls: { readonly baseUrl: string; readonly cdnUrl: string },
): LiveAccount => {
  const world = new World(settings)
  world.baseUrl = urls.baseUrl
  world.cdnUrl = urls.cdnUrl
  seedWorld(world)
  const delivery = new Delivery(world, faults)
  const store = new MessagingStore()
  seedSunshine(world, store)
  const messaging: Messaging = { world, store, faults, hooks: new Hooks(world, store, faults) }
  world.ticketListeners.push((event) => {
    ticketEvents(world, delivery, event)
    runTriggers(world, delivery, event)
  })
  world.ticketListeners.push((event) => onTicketEvent(messaging, event))
  world.chatReply = (ticket, reply) => replyInChat(messaging, ticket.id, reply)
  onArticle(world, (type, articleId) => articleEvent(world, delivery, type, articleId))
  const listings = new Listings(world)
  const router = new Router()
  router.addAll([
    ...oauthRoutes(world),
    ...ticketRoutes(world),
    ...jobRoutes(world),
    ...commentRoutes(world),
    ...conversationLogRoutes(messaging),
    ...tagRoutes(world),
    ...userRoutes(world),
    ...identityRoutes(world),
    ...erasureRoutes(world),
    ...uploadRoutes(world),
    ...accountRoutes(world),
    ...scheduleRoutes(world),
    ...incrementalRoutes(world),
    ...searchRoutes(world),
    ...webhookRoutes(world, delivery),
    ...definitionRoutes(world),
    ...triggerRoutes(world),
    ...triggerCategoryRoutes(world),
    ...articleRoutes(world, listings),
    ...structureRoutes(world, listings),
  ])
  return { world, router, delivery, messaging, sunshine: sunshineSurface(messaging) }
}
