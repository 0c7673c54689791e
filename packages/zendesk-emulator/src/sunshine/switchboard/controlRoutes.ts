import { asString, get } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { badRequest, forbidden, notFound } from "../http/errors.ts"
import { newMetadata } from "../http/fields.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import type { Conversation } from "../world/model.ts"
import { type ControlAction, requestControl } from "./control.ts"

/** An integration key may act only where its own integration has a say. */
const checkCaller = (
  messaging: Messaging,
  conversation: Conversation,
  request: SunshineRequest,
  action: ControlAction,
): void => {
  const { store } = messaging
  if (request.key.scope === "app" || !store.behaviour.integrationKeysNeedControl) return
  const own = (id: string | null): boolean =>
    store.switchboardIntegration(id)?.integrationId === request.key.integrationId
  const active = own(conversation.activeId)
  const pending = own(conversation.pendingId)
  const allowed =
    action === "releaseControl" ? active : action === "acceptControl" ? pending : active || pending
  if (!allowed) throw forbidden()
}

const act = (messaging: Messaging, request: SunshineRequest, action: ControlAction): typeof empty => {
  const conversation = messaging.store.conversations.get(param(request, "conversationId"))
  if (conversation === undefined) throw notFound.conversation()
  const body = bodyObject(request)
  const metadata = newMetadata(body)
  const aimed = action === "passControl" || action === "offerControl"
  const target = asString(get(body, "switchboardIntegration")) ?? ""
  if (aimed && target === "") throw badRequest("switchboardIntegration is required")
  checkCaller(messaging, conversation, request, action)
  const callerIntegrationId = request.key.integrationId
  requestControl(messaging, conversation, { action, target, metadata, callerIntegrationId }, request.path)
  return empty
}

export const controlRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> =>
  (["passControl", "offerControl", "acceptControl", "releaseControl"] as const).map((action) => ({
    method: "POST",
    path: `/conversations/:conversationId/${action}`,
    scope: "integration",
    handle: (request) => act(messaging, request, action),
  }))
