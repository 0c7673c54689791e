import { json, type Reply } from "../../http/Reply.ts"
import { asString, get, has, strings } from "../../world/json.ts"
import { secretToken } from "../../world/ids.ts"
import { type Messaging, newId } from "../context.ts"
import { triggerNames } from "../events/triggers.ts"
import { badRequest, forbidden, notFound } from "../http/errors.ts"
import { flagField } from "../http/fields.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewWebhook } from "../views.ts"
import type { Integration, MessagingWebhook } from "../world/model.ts"

const maxWebhooks = 10

const targetIn = (source: unknown): string => {
  const target = asString(get(source, "target")) ?? ""
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol))
    throw badRequest("target must be a valid URL")
  return target
}

const triggersIn = (source: unknown): ReadonlyArray<string> => {
  const triggers = strings(get(source, "triggers"))
  if (triggers.length === 0) throw badRequest("triggers must have at least 1 item")
  const unknown = triggers.find((name) => !triggerNames.some((known) => known === name))
  if (unknown !== undefined) throw badRequest(`Unknown trigger ${unknown}`)
  return triggers
}

/** The secret is made here and travels as `X-API-Key`. At most 10 webhooks in the app. */
export const newWebhook = (messaging: Messaging, source: unknown): MessagingWebhook => {
  const all = [...messaging.store.integrations.values()].flatMap((item) => item.webhooks)
  if (all.length >= maxWebhooks) throw badRequest(`An app is limited to ${maxWebhooks} webhooks`)
  return {
    id: newId(messaging),
    target: targetIn(source),
    triggers: triggersIn(source),
    secret: secretToken(16),
    includeFullUser: flagField(source, "includeFullUser") ?? false,
    includeFullSource: flagField(source, "includeFullSource") ?? false,
  }
}

/** Integration keys see their own integration only. */
const customOf = (messaging: Messaging, request: SunshineRequest): Integration => {
  const named = param(request, "integrationId")
  const id = named === "me" ? (request.key.integrationId ?? "") : named
  const integration = messaging.store.integrations.get(id)
  if (integration === undefined) throw notFound.integration()
  if (request.key.scope === "integration" && request.key.integrationId !== id) throw forbidden()
  if (integration.type !== "custom") throw forbidden()
  return integration
}

const webhookOf = (messaging: Messaging, request: SunshineRequest): MessagingWebhook => {
  const id = param(request, "webhookId")
  const webhook = customOf(messaging, request).webhooks.find((item) => item.id === id)
  if (webhook === undefined) throw notFound.resource()
  return webhook
}

const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const integration = customOf(messaging, request)
  const webhook = newWebhook(messaging, bodyObject(request))
  integration.webhooks.push(webhook)
  return json(201, { webhook: viewWebhook(webhook) })
}

const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const webhook = webhookOf(messaging, request)
  const body = bodyObject(request)
  const target = has(body, "target") ? targetIn(body) : webhook.target
  const triggers = has(body, "triggers") ? triggersIn(body) : webhook.triggers
  webhook.includeFullUser = flagField(body, "includeFullUser") ?? webhook.includeFullUser
  webhook.includeFullSource = flagField(body, "includeFullSource") ?? webhook.includeFullSource
  webhook.target = target
  webhook.triggers = triggers
  return json(200, { webhook: viewWebhook(webhook) })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const webhook = webhookOf(messaging, request)
  const integration = customOf(messaging, request)
  integration.webhooks = integration.webhooks.filter((item) => item !== webhook)
  return empty
}

export const messagingWebhookRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const all = "/integrations/:integrationId/webhooks"
  const one = `${all}/:webhookId`
  const route = routesOver(messaging, "integration")
  return [
    route("POST", all, create),
    route("GET", all, (_, request) =>
      json(200, { webhooks: customOf(messaging, request).webhooks.map(viewWebhook) }),
    ),
    route("GET", one, (_, request) => json(200, { webhook: viewWebhook(webhookOf(messaging, request)) })),
    route("PATCH", one, update),
    route("DELETE", one, remove),
  ]
}
