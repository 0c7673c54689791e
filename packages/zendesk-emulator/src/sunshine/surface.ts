import { ApiError, type Reply, text } from "../http/Reply.ts"
import { type ApiRequest, header } from "../http/Request.ts"
import { decodedParams, Router } from "../http/Router.ts"
import { appRoutes } from "./appRoutes.ts"
import type { Messaging } from "./context.ts"
import { activityRoutes } from "./conversations/activityRoutes.ts"
import { mediaReply, messagingAttachmentRoutes } from "./conversations/attachmentRoutes.ts"
import { conversationRoutes } from "./conversations/conversationRoutes.ts"
import { messageRoutes } from "./conversations/messageRoutes.ts"
import { keyHolder } from "./http/auth.ts"
import { forbidden, notFound, tooLarge, unauthorized } from "./http/errors.ts"
import type { SunshineRoute } from "./http/route.ts"
import { integrationRoutes } from "./integrations/integrationRoutes.ts"
import { integrationKeyRoutes } from "./integrations/keyRoutes.ts"
import { messagingWebhookRoutes } from "./integrations/webhookRoutes.ts"
import { controlRoutes } from "./switchboard/controlRoutes.ts"
import { switchboardRoutes } from "./switchboard/switchboardRoutes.ts"
import { clientRoutes } from "./users/clientRoutes.ts"
import { syncRoutes } from "./users/syncRoutes.ts"
import { messagingUserRoutes } from "./users/userRoutes.ts"

const maxJson = 100 * 1024
const appRoot = "/sc/v2/apps/:appId"

const routerOf = (messaging: Messaging): Router<SunshineRoute> => {
  const router = new Router<SunshineRoute>()
  const routes = [
    ...appRoutes(messaging),
    ...messagingUserRoutes(messaging),
    ...syncRoutes(messaging),
    ...clientRoutes(messaging),
    ...conversationRoutes(messaging),
    ...messageRoutes(messaging),
    ...activityRoutes(messaging),
    ...messagingAttachmentRoutes(messaging),
    ...controlRoutes(messaging),
    ...switchboardRoutes(messaging),
    ...integrationRoutes(messaging),
    ...integrationKeyRoutes(messaging),
    ...messagingWebhookRoutes(messaging),
  ]
  for (const route of routes) router.add({ ...route, path: (route.root ?? appRoot) + route.path })
  return router
}

const isJson = (request: ApiRequest): boolean =>
  !(header(request, "content-type") ?? "").toLowerCase().startsWith("multipart/")

const serve = async (
  messaging: Messaging,
  router: Router<SunshineRoute>,
  request: ApiRequest,
): Promise<Reply> => {
  const key = keyHolder(messaging.store, request.headers, messaging.world.now())
  const publicMedia = !messaging.store.behaviour.privateAttachments || key !== undefined
  const media = publicMedia ? mediaReply(messaging, request.path) : undefined
  if (media !== undefined && request.method === "GET") return media
  if (key === undefined) return unauthorized
  if (isJson(request) && request.body.length > maxJson) return tooLarge
  const match = router.find(request.method, request.path)
  if (match === undefined) throw notFound.resource()
  const params = decodedParams(match.params)
  if (params["appId"] !== messaging.store.appId) throw notFound.app()
  if (match.route.scope === "app" && key.scope === "integration") throw forbidden()
  return match.route.handle({ ...request, params, key })
}

/** Answers everything under `/sc/`. */
export const sunshineSurface = (messaging: Messaging): ((request: ApiRequest) => Promise<Reply>) => {
  const router = routerOf(messaging)
  return async (request) => {
    try {
      return await serve(messaging, router, request)
    } catch (error) {
      if (error instanceof ApiError) return error.reply
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return text(500, `emulator defect: ${detail}`)
    }
  }
}
