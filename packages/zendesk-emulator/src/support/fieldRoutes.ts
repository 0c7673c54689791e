import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { invalidField, json, noContent, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asArray, asBool, asInt, asString, get, has } from "../world/json.ts"
import type { TicketField, TicketFieldOption } from "../world/model.ts"
import type { World } from "../world/World.ts"

const types = [
  "text",
  "textarea",
  "checkbox",
  "date",
  "integer",
  "decimal",
  "regexp",
  "partialcreditcard",
  "multiselect",
  "tagger",
  "lookup",
]

const withOptions = (type: string): boolean => type === "tagger" || type === "multiselect"

/** All options at once; those with an id keep it. */
const readOptions = (world: World, source: unknown): ReadonlyArray<TicketFieldOption> =>
  asArray(get(source, "custom_field_options")).map((item) => {
    const name = asString(get(item, "name"))
    const value = asString(get(item, "value"))
    if (name === undefined || name === "" || value === undefined || value === "")
      throw invalidField("custom_field_options", "Option: name and value cannot be blank", "BlankValue")
    return {
      id: asInt(get(item, "id")) ?? world.nextId(),
      name,
      value,
      default: asBool(get(item, "default")) ?? false,
    }
  })

const changed = (world: World, field: TicketField, source: unknown): TicketField => {
  const title = asString(get(source, "title")) ?? field.title
  if (title === "") throw invalidField("title", "Title: cannot be blank", "BlankValue")
  return {
    ...field,
    title,
    description: asString(get(source, "description")) ?? field.description,
    active: asBool(get(source, "active")) ?? field.active,
    required: asBool(get(source, "required")) ?? field.required,
    regexp: has(source, "regexp_for_validation")
      ? (asString(get(source, "regexp_for_validation")) ?? null)
      : field.regexp,
    options:
      withOptions(field.type) && has(source, "custom_field_options")
        ? readOptions(world, source)
        : field.options,
  }
}

const blankField = (world: World, type: string): TicketField => ({
  id: world.nextId(),
  type,
  title: "",
  description: "",
  required: false,
  active: true,
  removable: true,
  position: world.ticketFields.size,
  tag: null,
  regexp: null,
  options: [],
  createdAt: world.now(),
})

/** What administrators do to the account's own fields. The type of a field never changes; system fields cannot go. */
export const fieldRoutes = (world: World, view: (field: TicketField) => object): ReadonlyArray<Route> => {
  const admin = { access: "admin", scope: "tickets", path: "/api/v2/ticket_fields/:id" } as const
  const known = (request: ApiRequest): TicketField => {
    const field = world.ticketFields.get(idParam(request))
    if (field === undefined) throw recordNotFound()
    return field
  }
  const keep = (status: number, field: TicketField): Reply => {
    world.ticketFields.set(field.id, field)
    return json(status, { ticket_field: view(field) })
  }
  return [
    {
      ...admin,
      method: "POST",
      path: "/api/v2/ticket_fields",
      handle: (request) => {
        const source = get(bodyOf(request), "ticket_field")
        const type = asString(get(source, "type")) ?? ""
        if (!types.includes(type)) throw invalidField("type", `Type: ${type} is invalid`, "InvalidValue")
        return keep(201, changed(world, blankField(world, type), source))
      },
    },
    {
      ...admin,
      method: "PUT",
      handle: (request) => keep(200, changed(world, known(request), get(bodyOf(request), "ticket_field"))),
    },
    {
      ...admin,
      method: "DELETE",
      handle: (request) => {
        const field = known(request)
        if (!field.removable) throw invalidField("base", "System fields cannot be deleted")
        world.ticketFields.delete(field.id)
        return noContent
      },
    },
  ]
}
