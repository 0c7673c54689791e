import type { ApiRequest } from "../http/Request.ts"
import { json, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { fieldRoutes } from "./fieldRoutes.ts"
import { iso } from "../world/ids.ts"
import type { Brand, Group, GroupMembership, TicketField } from "../world/model.ts"
import type { World } from "../world/World.ts"

const viewField = (world: World, field: TicketField): object => ({
  url: `${world.baseUrl}/api/v2/ticket_fields/${field.id}.json`,
  id: field.id,
  type: field.type,
  title: field.title,
  raw_title: field.title,
  description: field.description,
  raw_description: field.description,
  position: field.position,
  active: field.active,
  required: field.required,
  collapsed_for_agents: false,
  regexp_for_validation: field.regexp,
  title_in_portal: field.title,
  raw_title_in_portal: field.title,
  visible_in_portal: false,
  editable_in_portal: false,
  required_in_portal: false,
  agent_can_edit: true,
  tag: field.tag,
  created_at: iso(field.createdAt),
  updated_at: iso(field.createdAt),
  removable: field.removable,
  agent_description: null,
  ...(field.type === "tagger" || field.type === "multiselect"
    ? { custom_field_options: optionsOf(field) }
    : {}),
})

const optionsOf = (field: TicketField): ReadonlyArray<object> =>
  field.options.map((option, position) => ({
    id: option.id,
    name: option.name,
    raw_name: option.name,
    value: option.value,
    position,
    default: option.default,
  }))

const viewGroup = (world: World, group: Group): object => ({
  url: `${world.baseUrl}/api/v2/groups/${group.id}.json`,
  id: group.id,
  name: group.name,
  description: "",
  is_public: true,
  default: group.id === world.groups.keys().next().value,
  deleted: false,
  created_at: iso(group.createdAt),
  updated_at: iso(group.createdAt),
})

const viewBrand = (world: World, brand: Brand): object => ({
  url: `${world.baseUrl}/api/v2/brands/${brand.id}.json`,
  id: brand.id,
  name: brand.name,
  brand_url: world.baseUrl,
  subdomain: brand.subdomain,
  host_mapping: null,
  has_help_center: brand.default,
  help_center_state: brand.default ? "enabled" : "disabled",
  active: true,
  default: brand.default,
  is_deleted: false,
  logo: null,
  ticket_form_ids: [],
  signature_template: "{{agent.signature}}",
  created_at: iso(brand.createdAt),
  updated_at: iso(brand.createdAt),
})

const viewMembership = (world: World, membership: GroupMembership): object => ({
  url: `${world.baseUrl}/api/v2/group_memberships/${membership.id}.json`,
  id: membership.id,
  user_id: membership.userId,
  group_id: membership.groupId,
  default: membership.default,
  created_at: iso(membership.createdAt),
  updated_at: iso(membership.createdAt),
})

const byId = <A extends { readonly id: number }>(
  world: World,
  request: ApiRequest,
  name: string,
  items: Iterable<A>,
  render: (world: World, item: A) => object,
): Reply =>
  paged(request, {
    name,
    items: [...items],
    render: (item) => render(world, item),
    key: (item) => ({ value: item.id, id: item.id }),
    baseUrl: world.baseUrl,
  })

const one = <A>(item: A | undefined, name: string, render: (item: A) => object): Reply => {
  if (item === undefined) throw recordNotFound()
  return json(200, { [name]: render(item) })
}

/** The account's own furniture: fields, groups, memberships, brands. Read-only here but for the fields. */
export const accountRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", method: "GET", scope: "account" } as const
  const memberships = (request: ApiRequest, keep: (item: GroupMembership) => boolean): Reply =>
    byId(world, request, "group_memberships", world.memberships.filter(keep), viewMembership)
  return [
    {
      ...agent,
      scope: "tickets",
      path: "/api/v2/ticket_fields",
      handle: (request) => byId(world, request, "ticket_fields", world.ticketFields.values(), viewField),
    },
    {
      ...agent,
      scope: "tickets",
      path: "/api/v2/ticket_fields/:id",
      handle: (request) =>
        one(world.ticketFields.get(idParam(request)), "ticket_field", (field) => viewField(world, field)),
    },
    {
      ...agent,
      path: "/api/v2/groups",
      handle: (request) => byId(world, request, "groups", world.groups.values(), viewGroup),
    },
    {
      ...agent,
      path: "/api/v2/groups/:id",
      handle: (request) =>
        one(world.groups.get(idParam(request)), "group", (group) => viewGroup(world, group)),
    },
    {
      ...agent,
      path: "/api/v2/brands",
      handle: (request) => byId(world, request, "brands", world.brands.values(), viewBrand),
    },
    {
      ...agent,
      path: "/api/v2/brands/:id",
      handle: (request) =>
        one(world.brands.get(idParam(request)), "brand", (brand) => viewBrand(world, brand)),
    },
    ...fieldRoutes(world, (field) => viewField(world, field)),
    { ...agent, path: "/api/v2/group_memberships", handle: (request) => memberships(request, () => true) },
    {
      ...agent,
      path: "/api/v2/users/:id/group_memberships",
      handle: (request) => memberships(request, (item) => item.userId === idParam(request)),
    },
    {
      ...agent,
      path: "/api/v2/groups/:id/memberships",
      handle: (request) => memberships(request, (item) => item.groupId === idParam(request)),
    },
  ]
}
