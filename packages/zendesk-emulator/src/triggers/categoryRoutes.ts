import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { invalidField, json, noContent, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asInt, asString, get } from "../world/json.ts"
import { iso } from "../world/ids.ts"
import type { TriggerCategory } from "../world/model.ts"
import type { World } from "../world/World.ts"

const view = (category: TriggerCategory): object => ({
  id: category.id,
  name: category.name,
  position: category.position,
  created_at: iso(category.createdAt),
  updated_at: iso(category.updatedAt),
})

const rowOf = (world: World, request: ApiRequest): TriggerCategory => {
  const category = world.triggerCategories.get(request.params["id"] ?? "")
  if (category === undefined) throw recordNotFound()
  return category
}

const create = (world: World, request: ApiRequest): Reply => {
  const source = get(bodyOf(request), "trigger_category")
  const name = asString(get(source, "name")) ?? ""
  if (name.trim() === "") throw invalidField("name", "Name: cannot be blank", "BlankValue")
  const now = world.now()
  const position = asInt(get(source, "position")) ?? world.triggerCategories.size + 1
  const category = { id: String(world.nextId()), name, position, createdAt: now, updatedAt: now }
  world.triggerCategories.set(category.id, category)
  return json(201, { trigger_category: view(category) })
}

const update = (world: World, request: ApiRequest): Reply => {
  const category = rowOf(world, request)
  const source = get(bodyOf(request), "trigger_category")
  category.name = asString(get(source, "name")) ?? category.name
  category.position = asInt(get(source, "position")) ?? category.position
  category.updatedAt = world.now()
  return json(200, { trigger_category: view(category) })
}

const remove = (world: World, request: ApiRequest): Reply => {
  const category = rowOf(world, request)
  for (const trigger of world.triggers.values()) {
    if (trigger.categoryId === category.id) {
      throw recordInvalid({ base: [{ description: "Category still has triggers", error: "InUse" }] })
    }
  }
  world.triggerCategories.delete(category.id)
  return noContent
}

export const triggerCategoryRoutes = (world: World): ReadonlyArray<Route> => {
  const admin = { access: "admin", scope: "triggers" } as const
  const one = "/api/v2/trigger_categories/:id"
  const list = (request: ApiRequest): Reply =>
    paged(request, {
      name: "trigger_categories",
      items: [...world.triggerCategories.values()].sort((a, b) => a.position - b.position),
      render: view,
      key: (category) => ({ value: category.position, id: Number(category.id) }),
      baseUrl: world.baseUrl,
    })
  return [
    { ...admin, method: "GET", path: "/api/v2/trigger_categories", handle: list },
    {
      ...admin,
      method: "POST",
      path: "/api/v2/trigger_categories",
      handle: (request) => create(world, request),
    },
    {
      ...admin,
      method: "GET",
      path: one,
      handle: (request) => json(200, { trigger_category: view(rowOf(world, request)) }),
    },
    { ...admin, method: "PATCH", path: one, handle: (request) => update(world, request) },
    { ...admin, method: "DELETE", path: one, handle: (request) => remove(world, request) },
  ]
}
