/** The second step of deletion: what was deleted before is scrubbed for good. */
import type { ApiRequest } from "../http/Request.ts"
import { json, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { secretToken } from "../world/ids.ts"
import type { World } from "../world/World.ts"
import { viewUser } from "./userView.ts"

const scrubbed = "SCRUBBED"

/** Answers with a job; ours is done at once. */
const eraseTicket = (world: World, request: ApiRequest): Reply => {
  const ticket = world.tickets.row(idParam(request))
  if (ticket === undefined || !ticket.deleted || ticket.subject === scrubbed) throw recordNotFound()
  ticket.subject = scrubbed
  ticket.comments.length = 0
  ticket.audits.length = 0
  const id = secretToken(16)
  const url = `${world.baseUrl}/api/v2/job_statuses/${id}.json`
  return json(200, { job_status: { id, url, total: 1, progress: null, status: "queued", results: null } })
}

const eraseUser = (world: World, request: ApiRequest): Reply => {
  const user = world.users.byId.get(idParam(request))
  if (user === undefined || user.active) throw recordNotFound()
  user.name = "Permanently deleted user"
  const view = viewUser(world, user)
  world.users.remove(user, true)
  return json(200, { deleted_user: view })
}

export const erasureRoutes = (world: World): ReadonlyArray<Route> => [
  {
    access: "agent",
    scope: "tickets",
    method: "DELETE",
    path: "/api/v2/deleted_tickets/:id",
    handle: (request) => eraseTicket(world, request),
  },
  {
    access: "agent",
    scope: "users",
    method: "DELETE",
    path: "/api/v2/deleted_users/:id",
    handle: (request) => eraseUser(world, request),
  },
]
