import type { ApiRequest } from "../http/Request.ts"
import { json, type Reply, unprocessable } from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import { asInt } from "../world/json.ts"
import { type Ticket, ticketStatuses, type User } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { findUsers } from "./userSearch.ts"
import { viewTicket } from "./ticketView.ts"
import { viewUser } from "./userView.ts"

const maxResults = 1_000

interface Term {
  readonly negated: boolean
  readonly field: string
  readonly operator: string
  readonly value: string
}

const termPattern = /(-?)(?:([a-z_]+)(:|<=|>=|<|>))?(?:"([^"]*)"|(\S+))/gi

const parse = (query: string): ReadonlyArray<Term> =>
  [...query.matchAll(termPattern)].map((match) => ({
    negated: match[1] === "-",
    field: (match[2] ?? "").toLowerCase(),
    operator: match[3] ?? ":",
    value: match[4] ?? match[5] ?? "",
  }))

const compare = (actual: number, operator: string, wanted: number): boolean =>
  operator === "<"
    ? actual < wanted
    : operator === ">"
      ? actual > wanted
      : operator === "<="
        ? actual <= wanted
        : operator === ">="
          ? actual >= wanted
          : actual === wanted

const person = (user: User | undefined, value: string): boolean =>
  user !== undefined &&
  (String(user.id) === value ||
    (user.email ?? "").toLowerCase() === value ||
    user.name.toLowerCase().includes(value))

const matches = (world: World, ticket: Ticket, term: Term): boolean => {
  const value = term.value.toLowerCase()
  switch (term.field) {
    case "external_id":
      return (ticket.externalId ?? "").toLowerCase() === value
    case "status": {
      const wanted = ticketStatuses.findIndex((status) => status === value)
      return compare(ticketStatuses.indexOf(ticket.status), term.operator, wanted)
    }
    case "tags":
      return ticket.tags.includes(value)
    case "priority":
      return ticket.priority === value
    case "requester":
      return person(world.users.byId.get(ticket.requesterId), value)
    case "assignee":
      return value === "none"
        ? ticket.assigneeId === null
        : person(world.users.byId.get(ticket.assigneeId ?? 0), value)
    case "created":
      return compare(ticket.createdAt, term.operator, Date.parse(term.value))
    case "updated":
      return compare(ticket.updatedAt, term.operator, Date.parse(term.value))
    case "subject":
      return ticket.subject.toLowerCase().includes(value)
    default:
      return `${ticket.subject} ${ticket.description}`.toLowerCase().includes(value)
  }
}

/** Tickets the index knows: those a change was older than its lag ago. */
const findTickets = (world: World, terms: ReadonlyArray<Term>): ReadonlyArray<Ticket> => {
  const exact = terms.find((term) => term.field === "external_id" && !term.negated)
  const candidates = exact === undefined ? world.tickets.all() : world.tickets.withExternalId(exact.value)
  const indexedUntil = world.now() - world.settings.searchLagMs.tickets
  return candidates.filter(
    (ticket) =>
      ticket.createdAt <= indexedUntil &&
      terms.every((term) => matches(world, ticket, term) !== term.negated),
  )
}

const search = (world: World, request: ApiRequest): Reply => {
  const query = request.query.get("query") ?? ""
  const terms = parse(query)
  const type = terms.find((term) => term.field === "type")?.value ?? "all"
  const rest = terms.filter((term) => term.field !== "type")
  const tickets = type === "user" ? [] : findTickets(world, rest)
  const users = type === "ticket" ? [] : findUsers(world, query.replace(/type:user/i, "").trim())
  const page = Math.max(1, asInt(request.query.get("page")) ?? 1)
  const perPage = Math.min(100, Math.max(1, asInt(request.query.get("per_page")) ?? 100))
  if (page * perPage > maxResults) {
    throw unprocessable(
      "invalid",
      "Invalid search: Requested response size was greater than Search Response Limits",
    )
  }
  const sign = request.query.get("sort_order") === "asc" ? 1 : -1
  const found = [
    ...[...tickets]
      .sort((a, b) => sign * (a.id - b.id))
      .map((ticket) => ({ ...viewTicket(world, ticket), result_type: "ticket" })),
    ...users.map((user) => ({ ...viewUser(world, user), result_type: "user" })),
  ]
  const results = found.slice((page - 1) * perPage, page * perPage)
  const link = (to: number): string =>
    `${world.baseUrl}/api/v2/search.json?query=${encodeURIComponent(query)}&page=${to}&per_page=${perPage}`
  return json(200, {
    results,
    facets: null,
    count: found.length,
    next_page: page * perPage < Math.min(found.length, maxResults) ? link(page + 1) : null,
    previous_page: page > 1 ? link(page - 1) : null,
  })
}

export const searchRoutes = (world: World): ReadonlyArray<Route> => [
  {
    method: "GET",
    path: "/api/v2/search",
    access: "agent",
    scope: "search",
    handle: (request) => search(world, request),
  },
  {
    method: "GET",
    path: "/api/v2/search/count",
    access: "agent",
    scope: "search",
    handle: (request) => {
      const terms = parse(request.query.get("query") ?? "").filter((term) => term.field !== "type")
      return json(200, { count: findTickets(world, terms).length })
    },
  },
]
