import { checkSliding } from "../auth/RateLimits.ts"
import { bodyOf, type ApiRequest, userOf } from "../http/Request.ts"
import { conflict, invalidAttribute, json, noContent, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam, paged, wantsCursor } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asInt, asString, get, isObject } from "../world/json.ts"
import { iso } from "../world/ids.ts"
import { type Ticket, type User, via } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { createFromApi } from "./ticketCreate.ts"
import { reserveIdempotent } from "./idempotency.ts"
import { readChange } from "./ticketInput.ts"
import { updateTicket } from "./ticketWriter.ts"
import { viewAudit, viewTicket } from "./ticketView.ts"

const minute = 60_000

export const ticketOf = (world: World, request: ApiRequest): Ticket => {
  const ticket = world.tickets.find(idParam(request))
  if (ticket === undefined) throw recordNotFound()
  return ticket
}

/** The `ticket` member of a body, or the 400 that Zendesk gives without one. */
const ticketBody = (request: ApiRequest): unknown => {
  const body = bodyOf(request)
  const ticket = get(body, "ticket")
  if (!isObject(ticket)) throw invalidAttribute("ticket", "Invalid parameter: ticket must be an object")
  return ticket
}

/** 30 updates in 10 minutes per user and ticket. Counts every update that gets this far. */
export const countUpdate = (world: World, ticket: Ticket, user: User): void => {
  const now = world.now()
  const { ticketUpdatesPer10Minutes, ticketUpdatesPerMinute } = world.settings.limits
  world.rates.takeSliding(
    "tickets/update",
    ticketUpdatesPerMinute,
    minute,
    now,
    "Number of allowed ticket updates per minute exceeded",
  )
  if (ticketUpdatesPer10Minutes === Number.POSITIVE_INFINITY) return
  const recent = (ticket.updatesBy.get(user.id) ?? []).filter((at) => at > now - 10 * minute && at <= now)
  checkSliding(
    recent,
    ticketUpdatesPer10Minutes,
    10 * minute,
    now,
    "Number of allowed updates to this ticket exceeded",
  )
  recent.push(now)
  ticket.updatesBy.set(user.id, recent)
}

/** `safe_update` with an `updated_stamp` that is not the ticket's own answers 409. */
export const checkSafeUpdate = (ticket: Ticket, source: unknown): void => {
  if (get(source, "safe_update") === undefined) return
  const stamp = asString(get(source, "updated_stamp"))
  if (stamp === undefined || Date.parse(stamp) !== Date.parse(iso(ticket.updatedAt))) {
    throw conflict(
      "UpdateConflict",
      "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.",
    )
  }
}

const update = (world: World, request: ApiRequest): Reply => {
  const ticket = ticketOf(world, request)
  const source = ticketBody(request)
  const user = userOf(request)
  countUpdate(world, ticket, user)
  checkSafeUpdate(ticket, source)
  const change = readChange(world, source)
  const requesterId = asInt(get(source, "requester_id"))
  const requester = requesterId === undefined ? undefined : world.users.byId.get(requesterId)
  const written = updateTicket(
    world,
    ticket,
    requester === undefined ? change : { ...change, requesterId: requester.id },
    {
      user,
      via: via.api(),
    },
  )
  return json(200, {
    ticket: viewTicket(world, written.ticket),
    audit: written.audit === null ? emptyAudit(ticket, user) : viewAudit(written.audit),
  })
}

const emptyAudit = (ticket: Ticket, user: User): object => ({
  ticket_id: ticket.id,
  author_id: user.id,
  events: [],
})

const list = (world: World, request: ApiRequest): Reply => {
  const externalId = request.query.get("external_id")
  return listed(
    world,
    request,
    externalId === null ? world.tickets.all() : world.tickets.withExternalId(externalId),
  )
}

/** Tickets of any age that a person asked for. */
const requested = (world: World, request: ApiRequest): Reply => {
  const id = idParam(request)
  if (world.users.byId.get(id) === undefined) throw recordNotFound()
  return listed(
    world,
    request,
    world.tickets.all().filter(({ requesterId }) => requesterId === id),
  )
}

const listed = (world: World, request: ApiRequest, items: ReadonlyArray<Ticket>): Reply => {
  const { items: sorted, descending, byUpdate } = inOrder(items, request)
  return paged(request, {
    name: "tickets",
    items: sorted,
    descending,
    render: (ticket) => viewTicket(world, ticket),
    key: (ticket) => ({ value: byUpdate ? ticket.updatedAt : ticket.id, id: ticket.id }),
    baseUrl: world.baseUrl,
  })
}

/** `sort` is for cursor paging, `sort_by`/`sort_order` for offset paging; the wrong one is silently ignored. */
const inOrder = (
  items: ReadonlyArray<Ticket>,
  request: ApiRequest,
): { readonly items: ReadonlyArray<Ticket>; readonly descending: boolean; readonly byUpdate: boolean } => {
  const cursor = wantsCursor(request)
  const sort = cursor ? request.query.get("sort") : request.query.get("sort_by")
  const descending = cursor ? (sort ?? "").startsWith("-") : request.query.get("sort_order") === "desc"
  const byUpdate = sort !== null && sort.replace("-", "") === "updated_at"
  if (!byUpdate && !descending) return { items, descending, byUpdate }
  const sign = descending ? -1 : 1
  const order = (a: Ticket, b: Ticket): number =>
    byUpdate && a.updatedAt !== b.updatedAt ? a.updatedAt - b.updatedAt : a.id - b.id
  return { items: [...items].sort((a, b) => sign * order(a, b)), descending, byUpdate }
}

const showMany = (world: World, request: ApiRequest): Reply => {
  const ids = (request.query.get("ids") ?? "").split(",").slice(0, 100)
  const tickets = ids.flatMap((id) => {
    const ticket = world.tickets.find(asInt(id) ?? 0)
    return ticket === undefined ? [] : [viewTicket(world, ticket)]
  })
  return json(200, { tickets, count: tickets.length, next_page: null, previous_page: null })
}

export const ticketRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "tickets" } as const
  return [
    {
      ...agent,
      method: "POST",
      path: "/api/v2/tickets",
      ability: "create_tickets",
      reserve: (request) => reserveIdempotent(world, request),
      handle: (request) => createFromApi(world, ticketBody(request), userOf(request)),
    },
    { ...agent, method: "GET", path: "/api/v2/tickets", handle: (request) => list(world, request) },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/users/:id/tickets/requested",
      handle: (request) => requested(world, request),
    },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/tickets/count",
      handle: () => json(200, { count: { value: world.tickets.count, refreshed_at: iso(world.now()) } }),
    },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/tickets/show_many",
      handle: (request) => showMany(world, request),
    },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/tickets/:id",
      handle: (request) => json(200, { ticket: viewTicket(world, ticketOf(world, request)) }),
    },
    { ...agent, method: "PUT", path: "/api/v2/tickets/:id", handle: (request) => update(world, request) },
    {
      ...agent,
      method: "DELETE",
      path: "/api/v2/tickets/:id",
      handle: (request) => {
        world.tickets.delete(ticketOf(world, request), world.now())
        return noContent
      },
    },
  ]
}
