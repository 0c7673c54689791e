import { json, type Reply } from "../../http/Reply.ts"
import { asString, get } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { flagField } from "../http/fields.ts"
import { page } from "../http/paging.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewClient } from "../views.ts"
import type { Conversation, Integration } from "../world/model.ts"
import { addClient, confirmLink, tellClient } from "./clients.ts"
import { channelAddress } from "./address.ts"
import { userOf } from "./userRoutes.ts"

const linkable = ["whatsapp", "twilio", "messagebird", "mailgun"]
const confirmations = ["immediate", "userActivity", "prompt"]

const integrationIn = (messaging: Messaging, criteria: unknown): Integration => {
  const type = asString(get(criteria, "type")) ?? ""
  if (!linkable.includes(type)) throw badRequest(`matchCriteria.type must be one of ${linkable.join(", ")}`)
  const integration = messaging.store.integrations.get(asString(get(criteria, "integrationId")) ?? "")
  if (integration === undefined) throw notFound.integration()
  if (integration.type !== type) throw badRequest("matchCriteria.type must match the integration's type")
  return integration
}

const addressIn = (criteria: unknown, type: string): string => {
  if (type === "mailgun") {
    const address = asString(get(criteria, "address")) ?? ""
    if (!address.includes("@")) throw badRequest("matchCriteria.address is required")
    return address
  }
  const phone = asString(get(criteria, "phoneNumber")) ?? ""
  if (!/^\+[\d ()-]{7,24}$/.test(phone))
    throw badRequest("matchCriteria.phoneNumber must have the + prefix and the country code")
  return channelAddress(type, phone)
}

const targetIn = (messaging: Messaging, body: unknown, userId: string): Conversation => {
  const id = asString(get(get(body, "target"), "conversationId"))
  if (id === undefined) throw badRequest("target.conversationId is required")
  const conversation = messaging.store.conversations.get(id)
  if (conversation === undefined || !conversation.participants.some((item) => item.userId === userId))
    throw notFound.conversation()
  return conversation
}

/** A link request: the client is pending; with `immediate` it becomes active a moment later. */
const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const user = userOf(messaging, request)
  const body = bodyObject(request)
  const criteria = get(body, "matchCriteria")
  const integration = integrationIn(messaging, criteria)
  const externalId = addressIn(criteria, integration.type)
  const primary = flagField(criteria, "primary") ?? true
  const confirmation = asString(get(get(body, "confirmation"), "type")) ?? ""
  if (!confirmations.includes(confirmation))
    throw badRequest(`confirmation.type must be one of ${confirmations.join(", ")}`)
  const conversation = targetIn(messaging, body, user.id)
  const client = addClient(messaging, user, {
    type: integration.type,
    status: "pending",
    integrationId: integration.id,
    externalId,
    displayName: null,
  })
  const source = { type: "api" }
  tellClient(messaging, { type: "client:add", reason: "channelLinking", user, client, conversation, source })
  const view = viewClient(client)
  if (confirmation === "immediate")
    messaging.world.timers.after(messaging.store.behaviour.controlLagMs, () => {
      const still = messaging.store.users.get(user.id)?.clients.includes(client) === true
      if (still && client.status === "pending") confirmLink(messaging, user, client, conversation, primary)
    })
  return json(201, { client: view })
}

const list = (messaging: Messaging, request: SunshineRequest): Reply =>
  page(request, {
    name: "clients",
    items: [...userOf(messaging, request).clients].sort((a, b) => (a.id < b.id ? -1 : 1)),
    idOf: (item) => item.id,
    view: viewClient,
    baseUrl: messaging.world.baseUrl,
  })

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const user = userOf(messaging, request)
  const client = user.clients.find((item) => item.id === param(request, "clientId"))
  if (client === undefined) throw notFound.client()
  if (client.type === "sdk") throw badRequest("Cannot remove a client of type 'sdk'")
  user.clients = user.clients.filter((item) => item !== client)
  for (const conversation of messaging.store.conversationsOfUser(user.id))
    for (const participant of conversation.participants)
      participant.clientIds = participant.clientIds.filter((id) => id !== client.id)
  tellClient(messaging, { type: "client:remove", reason: "api", user, client, source: { type: "api" } })
  return empty
}

export const clientRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const all = "/users/:userIdOrExternalId/clients"
  const route = routesOver(messaging, "integration")
  return [route("POST", all, create), route("GET", all, list), route("DELETE", `${all}/:clientId`, remove)]
}
