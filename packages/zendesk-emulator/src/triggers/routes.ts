import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { type FieldError, json, noContent, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asArray, asBool, asInt, asString, get, has } from "../world/json.ts"
import { iso } from "../world/ids.ts"
import type { Condition, Trigger, TriggerAction } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { ruleOf } from "./conditions.ts"
import { actionFields } from "./definitions.ts"

const view = (world: World, trigger: Trigger): object => ({
  url: `${world.baseUrl}/api/v2/triggers/${trigger.id}.json`,
  id: trigger.id,
  title: trigger.title,
  raw_title: trigger.title,
  description: trigger.description,
  active: trigger.active,
  position: trigger.position,
  category_id: trigger.categoryId,
  default: trigger.default,
  conditions: { all: trigger.all, any: trigger.any },
  actions: trigger.actions,
  restriction: null,
  created_at: iso(trigger.createdAt),
  updated_at: iso(trigger.updatedAt),
})

const rowOf = (world: World, request: ApiRequest): Trigger => {
  const trigger = world.triggers.get(idParam(request))
  if (trigger === undefined) throw recordNotFound()
  return trigger
}

const conditionsOf = (value: unknown): ReadonlyArray<Condition> =>
  asArray(value).map((item) => ({
    field: asString(get(item, "field")) ?? "",
    operator: asString(get(item, "operator")) ?? "",
    value: get(item, "value") ?? "",
  }))

const actionsOf = (value: unknown): ReadonlyArray<TriggerAction> =>
  asArray(value).map((item) => ({ field: asString(get(item, "field")) ?? "", value: get(item, "value") }))

const conditionErrors = (world: World, conditions: ReadonlyArray<Condition>): ReadonlyArray<FieldError> =>
  conditions.flatMap((condition) => {
    const rule = ruleOf(world, condition.field)
    if (rule === undefined)
      return [{ description: `Condition field ${condition.field} is invalid`, error: "InvalidValue" }]
    return rule.operators.includes(condition.operator)
      ? []
      : [
          {
            description: `Operator ${condition.operator} of ${condition.field} is invalid`,
            error: "InvalidValue",
          },
        ]
  })

const actionErrors = (world: World, actions: ReadonlyArray<TriggerAction>): ReadonlyArray<FieldError> =>
  actions.flatMap((action) => {
    if (!actionFields.has(action.field))
      return [{ description: `Action ${action.field} is invalid`, error: "InvalidValue" }]
    if (action.field !== "notification_webhook") return []
    const [webhookId, template] = asArray(action.value)
    return world.webhooks.has(asString(webhookId) ?? "") && typeof template === "string"
      ? []
      : [{ description: "Webhook: is invalid; value must be [webhook id, body]", error: "InvalidValue" }]
  })

const check = (
  world: World,
  trigger: Omit<Trigger, "id" | "createdAt" | "updatedAt" | "default" | "position">,
): void => {
  const details: Record<string, ReadonlyArray<FieldError>> = {}
  if (trigger.title.trim() === "")
    details["title"] = [{ description: "Title: cannot be blank", error: "BlankValue" }]
  const conditions = conditionErrors(world, [...trigger.all, ...trigger.any])
  if (trigger.all.length + trigger.any.length === 0) {
    details["base"] = [{ description: "Conditions: at least one is required", error: "BlankValue" }]
  } else if (conditions.length > 0) details["conditions"] = conditions
  const actions = actionErrors(world, trigger.actions)
  if (trigger.actions.length === 0)
    details["actions"] = [{ description: "Actions: at least one is required", error: "BlankValue" }]
  else if (actions.length > 0) details["actions"] = actions
  if (
    trigger.categoryId === null
      ? world.settings.triggerCategoriesRequired
      : !world.triggerCategories.has(trigger.categoryId)
  ) {
    details["category"] = [{ description: "Category: is invalid", error: "InvalidValue" }]
  }
  if (Object.keys(details).length > 0) throw recordInvalid(details)
}

/** Conditions come in `conditions`, or as `all`/`any` beside the title (both are documented). */
const merged = (
  source: unknown,
  old: Trigger | undefined,
): Omit<Trigger, "id" | "createdAt" | "updatedAt" | "default" | "position"> => {
  const conditions = get(source, "conditions")
  const sent = has(source, "conditions") || has(source, "all") || has(source, "any")
  const all = get(conditions, "all") ?? get(source, "all")
  const any = get(conditions, "any") ?? get(source, "any")
  return {
    title: asString(get(source, "title")) ?? old?.title ?? "",
    description: asString(get(source, "description")) ?? old?.description ?? null,
    active: asBool(get(source, "active")) ?? old?.active ?? true,
    categoryId: asString(get(source, "category_id")) ?? old?.categoryId ?? null,
    all: sent ? conditionsOf(all) : (old?.all ?? []),
    any: sent ? conditionsOf(any) : (old?.any ?? []),
    actions: has(source, "actions") ? actionsOf(get(source, "actions")) : (old?.actions ?? []),
  }
}

const create = (world: World, request: ApiRequest): Reply => {
  const source = get(bodyOf(request), "trigger")
  const input = merged(source, undefined)
  check(world, input)
  const now = world.now()
  const position = asInt(get(source, "position")) ?? world.triggers.size
  const trigger: Trigger = {
    id: world.nextId(),
    ...input,
    position,
    default: false,
    createdAt: now,
    updatedAt: now,
  }
  world.triggers.set(trigger.id, trigger)
  return json(201, { trigger: view(world, trigger) })
}

const update = (world: World, request: ApiRequest): Reply => {
  const trigger = rowOf(world, request)
  const source = get(bodyOf(request), "trigger")
  const input = merged(source, trigger)
  check(world, input)
  Object.assign(trigger, input, {
    updatedAt: world.now(),
    position: asInt(get(source, "position")) ?? trigger.position,
  })
  return json(200, { trigger: view(world, trigger) })
}

const list = (world: World, request: ApiRequest): Reply => {
  const active = asBool(request.query.get("active"))
  const query = (request.query.get("query") ?? "").toLowerCase()
  const items = [...world.triggers.values()].filter(
    (trigger) =>
      (active === undefined || trigger.active === active) && trigger.title.toLowerCase().includes(query),
  )
  return paged(request, {
    name: "triggers",
    items: items.sort((a, b) => a.position - b.position || a.id - b.id),
    render: (trigger) => view(world, trigger),
    key: (trigger) => ({ value: trigger.position, id: trigger.id }),
    baseUrl: world.baseUrl,
  })
}

export const triggerRoutes = (world: World): ReadonlyArray<Route> => {
  const admin = { access: "admin", scope: "triggers" } as const
  const one = "/api/v2/triggers/:id"
  return [
    { ...admin, method: "GET", path: "/api/v2/triggers", handle: (request) => list(world, request) },
    { ...admin, method: "GET", path: "/api/v2/triggers/active", handle: (request) => list(world, request) },
    { ...admin, method: "GET", path: "/api/v2/triggers/search", handle: (request) => list(world, request) },
    { ...admin, method: "POST", path: "/api/v2/triggers", handle: (request) => create(world, request) },
    {
      ...admin,
      method: "GET",
      path: one,
      handle: (request) => json(200, { trigger: view(world, rowOf(world, request)) }),
    },
    { ...admin, method: "PUT", path: one, handle: (request) => update(world, request) },
    {
      ...admin,
      method: "DELETE",
      path: one,
      handle: (request) => {
        world.triggers.delete(rowOf(world, request).id)
        return noContent
      },
    },
  ]
}
