import type { ApiRequest } from "../http/Request.ts"
import { json, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam, paged, wantsCursor } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { iso } from "../world/ids.ts"
import type { Comment } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { ticketOf } from "./ticketRoutes.ts"
import { viewAudit, viewComment } from "./ticketView.ts"
import { viewUser } from "./userView.ts"

/** Cursor paging takes `sort=-created_at`, offset paging `sort_order=desc`. */
const newestFirst = (request: ApiRequest): boolean =>
  wantsCursor(request)
    ? request.query.get("sort") === "-created_at"
    : request.query.get("sort_order") === "desc"

const listComments = (world: World, request: ApiRequest): Reply => {
  const comments = ticketOf(world, request).comments
  // `sort` alone, without a page size, is cursor vocabulary too and is honoured.
  const descending =
    newestFirst(request) || (!wantsCursor(request) && request.query.get("sort") === "-created_at")
  const withUsers = (request.query.get("include") ?? "").split(",").includes("users")
  return paged(request, {
    name: "comments",
    items: descending ? comments.toReversed() : comments,
    descending,
    render: (comment) => viewComment(world, comment),
    key: (comment) => ({ value: comment.id, id: comment.id }),
    baseUrl: world.baseUrl,
    ...(withUsers ? { sideLoads: { users: authorsOf(world, comments) } } : {}),
  })
}

const authorsOf = (world: World, comments: ReadonlyArray<Comment>): ReadonlyArray<object> =>
  [...new Set(comments.map((comment) => comment.authorId))].flatMap((id) => {
    const user = world.users.byId.get(id)
    return user === undefined ? [] : [viewUser(world, user)]
  })

const listAudits = (world: World, request: ApiRequest): Reply => {
  const audits = ticketOf(world, request).audits
  const descending = request.query.get("sort_order") === "desc" || request.query.get("sort") === "-created_at"
  return paged(request, {
    name: "audits",
    items: descending ? audits.toReversed() : audits,
    descending,
    render: viewAudit,
    key: (audit) => ({ value: audit.id, id: audit.id }),
    baseUrl: world.baseUrl,
  })
}

const showAudit = (world: World, request: ApiRequest): Reply => {
  const id = idParam(request, "audit_id")
  const audit = ticketOf(world, request).audits.find((item) => item.id === id)
  if (audit === undefined) throw recordNotFound()
  return json(200, { audit: viewAudit(audit) })
}

export const commentRoutes = (world: World): ReadonlyArray<Route> => {
  const read = { method: "GET", access: "agent", scope: "tickets" } as const
  return [
    { ...read, path: "/api/v2/tickets/:id/comments", handle: (request) => listComments(world, request) },
    {
      ...read,
      path: "/api/v2/tickets/:id/comments/count",
      handle: (request) =>
        json(200, {
          count: { value: ticketOf(world, request).comments.length, refreshed_at: iso(world.now()) },
        }),
    },
    { ...read, path: "/api/v2/tickets/:id/audits", handle: (request) => listAudits(world, request) },
    { ...read, path: "/api/v2/tickets/:id/audits/:audit_id", handle: (request) => showAudit(world, request) },
  ]
}
