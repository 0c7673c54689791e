import { bodyOf, type ApiRequest, userOf } from "../http/Request.ts"
import {
  ApiError,
  badRequest,
  invalidAttribute,
  json,
  recordInvalid,
  recordNotFound,
  type Reply,
} from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import { asArray, asBool, asInt, asString, get, ints, isObject } from "../world/json.ts"
import { isoMillis } from "../world/edge.ts"
import { secretToken } from "../world/ids.ts"
import { type JobStatus, type Ticket, type User, via } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { readComment } from "./commentInput.ts"
import { readChange } from "./ticketInput.ts"
import { countUpdate, ticketOf } from "./ticketRoutes.ts"
import { updateTicket } from "./ticketWriter.ts"

const maxTickets = 100
const maxJobs = 30

const viewJob = (world: World, job: JobStatus): object => ({
  id: job.id,
  job_type: job.type,
  url: `${world.baseUrl}/api/v2/job_statuses/${job.id}.json`,
  total: job.total,
  progress: job.progress,
  status: job.status,
  message: job.message,
  results: job.results,
})

/** Queues the work and answers with the job at once; it runs a little later. */
const queue = (world: World, type: string, total: number, run: () => ReadonlyArray<object>): Reply => {
  const open = [...world.jobs.values()].filter(
    (job) => job.status === "queued" || job.status === "working",
  ).length
  if (open >= maxJobs) {
    throw new ApiError(
      json(
        429,
        { error: "TooManyJobs", description: "Too many jobs are currently queued or running" },
        { "retry-after": "5" },
      ),
    )
  }
  const job: JobStatus = {
    id: secretToken(16),
    type,
    status: "queued",
    total,
    progress: 0,
    message: null,
    results: [],
  }
  if (world.jobs.size > 2_000) forgetDone(world)
  world.jobs.set(job.id, job)
  world.timers.after(50, () => {
    job.results = run()
    job.progress = total
    job.status = "completed"
    job.message = `Completed at ${isoMillis(world.now())}`
  })
  return json(200, { job_status: viewJob(world, job) })
}

const forgetDone = (world: World): void => {
  for (const [id, job] of world.jobs) if (job.status === "completed") world.jobs.delete(id)
}

/** One item of a batch fails alone, with the reason in its result. */
const result = (id: number, run: () => void): object => {
  try {
    run()
    return { index: 0, id, action: "update", status: "Updated", success: true }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const name = error.reply.status === 404 ? "TicketNotFound" : "TicketUpdateFailed"
    return {
      index: 0,
      id,
      action: "update",
      status: "Failed",
      success: false,
      error: name,
      details: String(error.reply.body),
    }
  }
}

const updateOne = (world: World, user: User, id: number, source: unknown): void => {
  const ticket = world.tickets.find(id)
  if (ticket === undefined) throw recordNotFound()
  countUpdate(world, ticket, user)
  updateTicket(world, ticket, readChange(world, source, true), { user, via: via.api() })
}

const updateMany = (world: World, request: ApiRequest): Reply => {
  const body = bodyOf(request)
  const user = userOf(request)
  const idsText = request.query.get("ids")
  const jobs =
    idsText === null
      ? asArray(get(body, "tickets")).map((item) => ({ id: asInt(get(item, "id")) ?? 0, source: item }))
      : idsText.split(",").map((id) => ({ id: asInt(id) ?? 0, source: get(body, "ticket") }))
  if (jobs.length === 0 || jobs.some((job) => !isObject(job.source))) {
    throw invalidAttribute(
      "tickets",
      "Invalid parameter: tickets must be an array, or ids and ticket must be given",
    )
  }
  if (jobs.length > maxTickets)
    throw badRequest("TooManyValues", `At most ${maxTickets} tickets may be updated at once`)
  return queue(world, "Bulk Update Ticket", jobs.length, () =>
    jobs.map((job) => result(job.id, () => updateOne(world, user, job.id, job.source))),
  )
}

/** The sources' comments stay; each source gets the tag `closed_by_merge` and is closed. */
const mergeInto = (world: World, user: User, target: Ticket, source: Ticket, body: unknown): void => {
  const title = `Request #${source.id} "${source.subject}" was closed and merged into this request.`
  const isPublic = (name: string): boolean =>
    source.isPublic && target.isPublic && (asBool(get(body, name)) ?? false)
  const targetText = asString(get(body, "target_comment")) ?? title
  const sourceText =
    asString(get(body, "source_comment")) ??
    `This request was closed and merged into request #${target.id} "${target.subject}".`
  const comment = (text: string, visible: boolean) => {
    const read = readComment(world, { body: text, public: visible })
    return read === undefined ? {} : { comment: read }
  }
  const actor = { user, via: via.merge() }
  updateTicket(world, target, comment(targetText, isPublic("target_comment_is_public")), actor)
  updateTicket(
    world,
    source,
    {
      ...comment(sourceText, isPublic("source_comment_is_public")),
      addTags: ["closed_by_merge"],
      status: "closed",
    },
    actor,
  )
}

export const mergeTickets = (
  world: World,
  user: User,
  target: Ticket,
  ids: ReadonlyArray<number>,
  body: unknown,
): Reply => {
  if (target.status === "closed") {
    throw recordInvalid({ base: [{ description: "Target ticket is closed", error: "InvalidMerge" }] })
  }
  return queue(world, "Merge Ticket", ids.length, () =>
    ids.map((id) =>
      result(id, () => {
        const source = world.tickets.find(id)
        if (source === undefined || source.id === target.id) throw recordNotFound()
        mergeInto(world, user, target, source, body)
      }),
    ),
  )
}

export const jobRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "tickets" } as const
  return [
    {
      ...agent,
      method: "PUT",
      path: "/api/v2/tickets/update_many",
      handle: (request) => updateMany(world, request),
    },
    {
      ...agent,
      method: "POST",
      path: "/api/v2/tickets/:id/merge",
      handle: (request) => {
        const body = bodyOf(request)
        const ids = ints(get(body, "ids"))
        if (ids.length === 0)
          throw invalidAttribute("ids", "Invalid parameter: ids must be an array of ticket ids")
        return mergeTickets(world, userOf(request), ticketOf(world, request), ids, body)
      },
    },
    {
      ...agent,
      method: "GET",
      path: "/api/v2/job_statuses/:id",
      handle: (request) => {
        const job = world.jobs.get(request.params["id"] ?? "")
        if (job === undefined) throw recordNotFound()
        return json(200, { job_status: viewJob(world, job) })
      },
    },
  ]
}
