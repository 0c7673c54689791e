import { bodyOf, type ApiRequest, userOf } from "../http/Request.ts"
import { type FieldError, json, noContent, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asObject, asString, get, has, strings } from "../world/json.ts"
import { iso, secretToken, ulid } from "../world/ids.ts"
import type { Webhook, WebhookAuthentication } from "../world/model.ts"
import type { World } from "../world/World.ts"
import type { Delivery, DeliveryRecord } from "./Delivery.ts"

const view = (webhook: Webhook): object => ({
  id: webhook.id,
  name: webhook.name,
  description: webhook.description,
  status: webhook.status,
  endpoint: webhook.endpoint,
  http_method: webhook.httpMethod,
  request_format: webhook.requestFormat,
  subscriptions: webhook.subscriptions,
  custom_headers: webhook.customHeaders,
  // Secrets are never shown again.
  authentication:
    webhook.authentication === null
      ? null
      : { type: webhook.authentication.type, add_position: webhook.authentication.addPosition },
  created_by: String(webhook.createdBy),
  created_at: iso(webhook.createdAt),
  updated_by: String(webhook.createdBy),
  updated_at: iso(webhook.updatedAt),
})

const rowOf = (world: World, request: ApiRequest): Webhook => {
  const webhook = world.webhooks.get(request.params["id"] ?? "")
  if (webhook === undefined) throw recordNotFound()
  return webhook
}

const check = (source: unknown, partial: boolean): void => {
  const details: Record<string, ReadonlyArray<FieldError>> = {}
  const need = (name: string, ok: (value: string) => boolean): void => {
    if (partial && !has(source, name)) return
    const value = asString(get(source, name)) ?? ""
    if (!ok(value))
      details[name] = [
        { description: `${name}: is invalid`, error: value === "" ? "BlankValue" : "InvalidValue" },
      ]
  }
  need("name", (value) => value.trim() !== "")
  need("endpoint", (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))
  need("http_method", (value) => ["GET", "POST", "PUT", "PATCH", "DELETE"].includes(value))
  need("request_format", (value) => ["json", "xml", "form_encoded"].includes(value))
  need("status", (value) => value === "active" || value === "inactive")
  if (Object.keys(details).length > 0) throw recordInvalid(details)
}

const authenticationOf = (value: unknown): WebhookAuthentication | null => {
  if (value === undefined || value === null) return null
  const type = asString(get(value, "type")) ?? ""
  if (!["basic_auth", "bearer_token", "api_key"].includes(type)) {
    throw recordInvalid({
      authentication: [{ description: `authentication type ${type} is invalid`, error: "InvalidValue" }],
    })
  }
  return {
    type,
    addPosition: asString(get(value, "add_position")) ?? "header",
    data: asObject(get(value, "data")),
  }
}

const headersOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(asObject(value)).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text]] : [],
    ),
  )

const create = (world: World, request: ApiRequest): Reply => {
  const source = get(bodyOf(request), "webhook")
  check(source, false)
  const now = world.now()
  const webhook: Webhook = {
    id: ulid(now),
    name: asString(get(source, "name")) ?? "",
    description: asString(get(source, "description")) ?? null,
    status: asString(get(source, "status")) ?? "active",
    endpoint: asString(get(source, "endpoint")) ?? "",
    httpMethod: asString(get(source, "http_method")) ?? "POST",
    requestFormat: asString(get(source, "request_format")) ?? "json",
    subscriptions: strings(get(source, "subscriptions")),
    authentication: authenticationOf(get(source, "authentication")),
    customHeaders: headersOf(get(source, "custom_headers")),
    secret: secretToken(24),
    createdBy: userOf(request).id,
    createdAt: now,
    updatedAt: now,
    outcomes: [],
    pausedUntil: 0,
  }
  world.webhooks.set(webhook.id, webhook)
  return json(201, { webhook: view(webhook) })
}

/** PATCH and PUT; how the webhook is connected (subscriptions) was fixed at creation. */
const update = (world: World, request: ApiRequest): Reply => {
  const webhook = rowOf(world, request)
  const source = get(bodyOf(request), "webhook")
  check(source, true)
  webhook.name = asString(get(source, "name")) ?? webhook.name
  webhook.description = asString(get(source, "description")) ?? webhook.description
  webhook.status = asString(get(source, "status")) ?? webhook.status
  webhook.endpoint = asString(get(source, "endpoint")) ?? webhook.endpoint
  webhook.httpMethod = asString(get(source, "http_method")) ?? webhook.httpMethod
  webhook.requestFormat = asString(get(source, "request_format")) ?? webhook.requestFormat
  if (has(source, "authentication")) webhook.authentication = authenticationOf(get(source, "authentication"))
  if (has(source, "custom_headers")) webhook.customHeaders = headersOf(get(source, "custom_headers"))
  webhook.updatedAt = world.now()
  return noContent
}

const list = (world: World, request: ApiRequest): Reply => {
  const name = (request.query.get("filter[name_contains]") ?? "").toLowerCase()
  const status = request.query.get("filter[status]")
  const matching = [...world.webhooks.values()].filter(
    (webhook) => webhook.name.toLowerCase().includes(name) && (status === null || webhook.status === status),
  )
  // This list is cursor-paged whether or not a size was sent.
  if (!request.query.has("page[size]")) request.query.set("page[size]", "100")
  return paged(request, {
    name: "webhooks",
    items: matching.sort((a, b) => (a.id < b.id ? -1 : 1)),
    render: view,
    key: (webhook) => ({ value: webhook.id, id: 0 }),
    baseUrl: world.baseUrl,
  })
}

const secretOf = (webhook: Webhook): Reply =>
  json(200, { signing_secret: { algorithm: "SHA256", secret: webhook.secret } })

const remove = (world: World, request: ApiRequest): Reply => {
  const webhook = rowOf(world, request)
  const used = [...world.triggers.values()].some((trigger) =>
    trigger.actions.some(
      (action) => Array.isArray(action.value) && action.value[0] === webhook.id && trigger.active,
    ),
  )
  if (used)
    throw recordInvalid({
      base: [{ description: "Webhook is connected to an active trigger", error: "InUse" }],
    })
  world.webhooks.delete(webhook.id)
  return noContent
}

/** The words of `filter[status]` in Zendesk's OpenAPI file. */
const statusOf = ({ attempts, state }: DeliveryRecord): string => {
  if (state === "pending") return "accepted"
  if (state === "dropped") return "unknown"
  const code = attempts.at(-1)?.status ?? 0
  if (state !== "failed" || code === 0) return state
  return code < 500 ? "client error" : "server error"
}

const invocations = (world: World, delivery: Delivery, request: ApiRequest): Reply => {
  const webhook = rowOf(world, request)
  const items = delivery.log
    .all()
    .filter((entry) => entry.webhookId === webhook.id)
    .slice(-100)
    .toReversed()
  return json(200, {
    invocations: items.map((entry) => ({
      id: entry.invocationId,
      status: statusOf(entry),
      latest_completed_at: iso(entry.attempts.at(-1)?.at ?? entry.createdAt),
    })),
    meta: { has_more: false, after_cursor: null, before_cursor: null },
    links: { next: null, prev: null },
  })
}

/** Admins only. These paths take no `.json` in Zendesk; here they do no harm with it. */
export const webhookRoutes = (world: World, delivery: Delivery): ReadonlyArray<Route> => {
  const admin = { access: "admin", scope: "webhooks" } as const
  const one = "/api/v2/webhooks/:id"
  return [
    { ...admin, method: "GET", path: "/api/v2/webhooks", handle: (request) => list(world, request) },
    { ...admin, method: "POST", path: "/api/v2/webhooks", handle: (request) => create(world, request) },
    {
      ...admin,
      method: "GET",
      path: one,
      handle: (request) => json(200, { webhook: view(rowOf(world, request)) }),
    },
    { ...admin, method: "PUT", path: one, handle: (request) => update(world, request) },
    { ...admin, method: "PATCH", path: one, handle: (request) => update(world, request) },
    { ...admin, method: "DELETE", path: one, handle: (request) => remove(world, request) },
    {
      ...admin,
      method: "GET",
      path: `${one}/signing_secret`,
      handle: (request) => secretOf(rowOf(world, request)),
    },
    {
      ...admin,
      method: "POST",
      path: `${one}/signing_secret`,
      handle: (request) => {
        const webhook = rowOf(world, request)
        webhook.secret = secretToken(24)
        return json(201, { signing_secret: { algorithm: "SHA256", secret: webhook.secret } })
      },
    },
    {
      ...admin,
      method: "GET",
      path: `${one}/invocations`,
      handle: (request) => invocations(world, delivery, request),
    },
  ]
}
