import type { ApiRequest } from "../http/Request.ts"
import { json, type Reply, unprocessable } from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import { asArray, asInt, parseJson } from "../world/json.ts"
import type { Ticket } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { viewTicket } from "./ticketView.ts"

const minute = 60_000

const decode = (cursor: string): readonly [number, number] => {
  const parts = asArray(parseJson(Buffer.from(cursor, "base64").toString("utf8")))
  const at = asInt(parts[0])
  const id = asInt(parts[1])
  if (at === undefined || id === undefined) throw unprocessable("InvalidValue", "The cursor is not valid")
  return [at, id]
}

const encode = (at: number, id: number): string => Buffer.from(JSON.stringify([at, id])).toString("base64")

/** Where to go on: after a cursor, or from a start time that must be a minute old. */
const startOf = (world: World, request: ApiRequest): readonly [number, number] => {
  const cursor = request.query.get("cursor")
  if (cursor !== null) return decode(cursor)
  const start = asInt(request.query.get("start_time"))
  if (start === undefined) throw unprocessable("InvalidValue", "start_time or cursor is required")
  if (start * 1_000 > world.now() - minute) {
    throw unprocessable("InvalidValue", "Too recent start_time. Use a start_time older than 60 seconds")
  }
  return [start * 1_000, -1]
}

/** `GET /incremental/tickets/cursor`: by time of change, deleted tickets included. */
const tickets = (world: World, request: ApiRequest): Reply => {
  world.rates.takeSliding(
    "incremental/tickets",
    world.settings.limits.incrementalPerMinute,
    minute,
    world.now(),
    "Number of allowed incremental ticket export API requests per minute exceeded",
  )
  const [from, fromId] = startOf(world, request)
  const perPage = Math.min(1_000, Math.max(1, asInt(request.query.get("per_page")) ?? 1_000))
  const page: Array<Ticket> = []
  let more = false
  for (const ticket of world.tickets.inOrderOfChange()) {
    if (ticket.updatedAt < from || (ticket.updatedAt === from && ticket.id <= fromId)) continue
    if (page.length === perPage) {
      more = true
      break
    }
    page.push(ticket)
  }
  const last = page.at(-1)
  const cursor = last === undefined ? encode(from, fromId) : encode(last.updatedAt, last.id)
  return json(200, {
    tickets: page.map((ticket) => ({
      ...viewTicket(world, ticket),
      ...(ticket.deleted ? { status: "deleted" } : {}),
    })),
    after_cursor: cursor,
    after_url: `${world.baseUrl}/api/v2/incremental/tickets/cursor.json?cursor=${encodeURIComponent(cursor)}`,
    before_cursor: null,
    before_url: null,
    end_of_stream: !more,
  })
}

export const incrementalRoutes = (world: World): ReadonlyArray<Route> => [
  {
    method: "GET",
    path: "/api/v2/incremental/tickets/cursor",
    access: "admin",
    scope: "tickets",
    handle: (request) => tickets(world, request),
  },
]
