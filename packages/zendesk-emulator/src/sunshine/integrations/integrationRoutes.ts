import { json, type Reply } from "../../http/Reply.ts"
import { asArray, asString, get, has, type JsonObject } from "../../world/json.ts"
import { type Messaging, newId } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { flagField, textField } from "../http/fields.ts"
import { page } from "../http/paging.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewIntegration } from "../views.ts"
import type { Integration } from "../world/model.ts"
import { newWebhook } from "./webhookRoutes.ts"

/** Channels that can be made here, and the members each must bring. */
const channels: Readonly<Record<string, ReadonlyArray<string>>> = {
  android: [],
  apple: ["businessId"],
  custom: [],
  instagram: ["pageAccessToken", "appId", "appSecret"],
  ios: [],
  line: [],
  mailgun: ["apiKey", "domain", "incomingAddress"],
  messagebird: ["accessKey", "originator"],
  messenger: ["pageAccessToken", "appId", "appSecret"],
  telegram: ["token"],
  twilio: ["accountSid", "authToken"],
  unity: [],
  viber: ["token"],
  web: [],
  whatsapp: [],
}

/** Never shown again. */
const secrets = new Set([
  "appSecret",
  "authToken",
  "defaultResponderId",
  "webhooks",
  "id",
  "type",
  "status",
  "displayName",
])

const detailsIn = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).filter(([name]) => !secrets.has(name) && name !== "showAIDisclaimer"),
  )

export const integrationOf = (messaging: Messaging, request: SunshineRequest): Integration => {
  const integration = messaging.store.integrations.get(param(request, "integrationId"))
  if (integration === undefined) throw notFound.integration()
  return integration
}

const responderIn = (messaging: Messaging, body: JsonObject, now: string | null): string | null => {
  if (!has(body, "defaultResponderId")) return now
  const id = asString(get(body, "defaultResponderId")) ?? null
  if (id !== null && messaging.store.switchboardIntegration(id) === undefined)
    throw notFound.switchboardIntegration()
  return id
}

const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const body = bodyObject(request)
  const type = asString(get(body, "type")) ?? ""
  const members = channels[type]
  if (members === undefined) throw badRequest("Invalid integration type")
  for (const name of members) if (!has(body, name)) throw badRequest(`${name} is required`)
  const hooks = asArray(get(body, "webhooks"))
  if (type === "custom" && hooks.length !== 1) throw badRequest("webhooks must have exactly 1 item")
  const displayName = textField(body, "displayName", 100) ?? null
  const integration: Integration = {
    id: newId(messaging),
    type,
    displayName,
    status: "active",
    webhooks: type === "custom" ? hooks.map((hook) => newWebhook(messaging, hook)) : [],
    defaultResponderId: responderIn(messaging, body, null),
    showAIDisclaimer: flagField(body, "showAIDisclaimer") ?? true,
    details: detailsIn(body),
    builtIn: false,
  }
  messaging.store.integrations.set(integration.id, integration)
  return json(201, { integration: viewIntegration(messaging.store, integration) })
}

const list = (messaging: Messaging, request: SunshineRequest): Reply => {
  const types = request.query.get("filter[types]")?.split(",")
  const items = [...messaging.store.integrations.values()].filter(
    (item) => types === undefined || types.includes(item.type),
  )
  return page(request, {
    name: "integrations",
    items,
    idOf: (item) => item.id,
    view: (item) => viewIntegration(messaging.store, item),
    baseUrl: messaging.world.baseUrl,
  })
}

const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const integration = integrationOf(messaging, request)
  const body = bodyObject(request)
  const responder = responderIn(messaging, body, integration.defaultResponderId)
  if (integration.type === "custom" && has(body, "defaultResponderId"))
    throw badRequest("defaultResponderId is not supported for custom integrations")
  const displayName = textField(body, "displayName", 100)
  if (has(body, "displayName")) integration.displayName = displayName ?? null
  integration.defaultResponderId = responder
  integration.showAIDisclaimer = flagField(body, "showAIDisclaimer") ?? integration.showAIDisclaimer
  return json(200, { integration: viewIntegration(messaging.store, integration) })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const integration = integrationOf(messaging, request)
  const { store } = messaging
  if (integration.builtIn) throw badRequest("SDK integrations configured on Admin Center cannot be deleted")
  for (const [id, key] of store.keys) if (key.integrationId === integration.id) store.keys.delete(id)
  for (const [id, member] of store.switchboard?.integrations ?? [])
    if (member.integrationId === integration.id) store.switchboard?.integrations.delete(id)
  store.integrations.delete(integration.id)
  return empty
}

export const integrationRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const one = "/integrations/:integrationId"
  const route = routesOver(messaging, "app")
  return [
    route("POST", "/integrations", create),
    route("GET", "/integrations", list),
    route("GET", one, (_, request) =>
      json(200, { integration: viewIntegration(messaging.store, integrationOf(messaging, request)) }),
    ),
    route("PATCH", one, update),
    route("DELETE", one, remove),
  ]
}
