import { bodyOf, type ApiRequest, userOf } from "../http/Request.ts"
import { json, type Reply } from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import { get } from "../world/json.ts"
import { via } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { readTags } from "./tagRules.ts"
import type { TicketChange } from "./ticketInput.ts"
import { checkSafeUpdate, countUpdate, ticketOf } from "./ticketRoutes.ts"
import { updateTicket } from "./ticketWriter.ts"

const change = (
  world: World,
  request: ApiRequest,
  status: number,
  toChange: (tags: ReadonlyArray<string>) => TicketChange,
): Reply => {
  const ticket = ticketOf(world, request)
  const body = bodyOf(request)
  const fromQuery = request.query.get("tags")
  const user = userOf(request)
  countUpdate(world, ticket, user)
  checkSafeUpdate(ticket, body)
  const tags = readTags(get(body, "tags") ?? fromQuery ?? [])
  updateTicket(world, ticket, toChange(tags), { user, via: via.api() })
  return json(status, { tags: ticket.tags })
}

/** POST sets, PUT adds, DELETE removes. */
export const tagRoutes = (world: World): ReadonlyArray<Route> => {
  const base = { path: "/api/v2/tickets/:id/tags", access: "agent", scope: "tickets" } as const
  return [
    { ...base, method: "GET", handle: (request) => json(200, { tags: ticketOf(world, request).tags }) },
    { ...base, method: "POST", handle: (request) => change(world, request, 201, (tags) => ({ tags })) },
    { ...base, method: "PUT", handle: (request) => change(world, request, 200, (addTags) => ({ addTags })) },
    {
      ...base,
      method: "DELETE",
      handle: (request) => change(world, request, 200, (removeTags) => ({ removeTags })),
    },
  ]
}
