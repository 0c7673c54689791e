import { bodyOf, type ApiRequest, header } from "../http/Request.ts"
import { badRequest, ApiError, json, noContent, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam } from "../http/paging.ts"
import { Router } from "../http/Router.ts"
import type { CallsLog } from "../http/CallsLog.ts"
import { type Fault, faultKinds, type Faults } from "../faults/Faults.ts"
import { asArray, asInt, asNumber, asString, get } from "../world/json.ts"
import type { Messaging } from "../sunshine/context.ts"
import { mergeUsers } from "../support/userMerge.ts"
import { mergeTickets } from "../support/jobRoutes.ts"
import type { Delivery } from "../webhooks/Delivery.ts"
import type { World } from "../world/World.ts"
import { agentAction, customerTicket, requesterReply } from "./agentActions.ts"
import { articleControl, newArticle } from "./articleControl.ts"
import { addSunshineControls } from "./sunshineControl.ts"
import { newSchedule, scheduleControl, schedulePlan } from "../schedules/control.ts"
import { stateOf, ticketState } from "./state.ts"

export interface ControlParts {
  readonly world: () => World
  readonly delivery: () => Delivery
  readonly faults: () => Faults
  readonly calls: () => CallsLog
  readonly messaging: () => Messaging
  readonly reset: () => void
}

/** Reads a fault from foreign JSON; says what is wrong with it. */
export const readFault = (source: unknown): Fault => {
  const kind = faultKinds.find((item) => item === get(source, "kind"))
  if (kind === undefined) throw badRequest("InvalidFault", `kind must be one of ${faultKinds.join(", ")}`)
  const path = asString(get(get(source, "match"), "path"))
  const method = asString(get(get(source, "match"), "method"))
  const phase = get(source, "phase")
  const code = asString(get(get(source, "error"), "code"))
  const message = asString(get(get(source, "error"), "message"))
  const numbers = Object.fromEntries(
    ["times", "afterN", "probability", "ms", "retryAfter"].flatMap((name) => {
      const value = asNumber(get(source, name))
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return {
    kind,
    match: { ...(method === undefined ? {} : { method }), ...(path === undefined ? {} : { path }) },
    ...numbers,
    ...(phase === "after" || phase === "before" ? { phase } : {}),
    ...(code === undefined ? {} : { error: { code, message: message ?? "" } }),
  }
}

const addFaults = (parts: ControlParts, request: ApiRequest): Reply => {
  const body = bodyOf(request)
  const list = Array.isArray(body) ? body : (get(body, "faults") ?? [body])
  const faults = asArray(list).map(readFault)
  try {
    return json(201, { ids: faults.map((fault) => parts.faults().add(fault)) })
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest("InvalidFault", `match.path: ${error.message}`)
    throw error
  }
}

const calls = (parts: ControlParts, request: ApiRequest): Reply => {
  const since = asInt(request.query.get("since")) ?? 0
  const method = request.query.get("method")?.toUpperCase()
  const path = request.query.get("path")
  const found = parts
    .calls()
    .since(
      since,
      (call) =>
        (method === undefined || call.method === method) && (path === null || call.path.includes(path)),
    )
  return json(200, { calls: found, last: parts.calls().last })
}

const clock = (parts: ControlParts, request: ApiRequest): Reply => {
  const body = bodyOf(request)
  const world = parts.world()
  const advance = asNumber(get(body, "advanceMs"))
  const skew = asNumber(get(body, "setSkewMs"))
  if (advance === undefined && skew === undefined)
    throw badRequest("InvalidClock", "send advanceMs or setSkewMs (numbers of milliseconds)")
  if (advance !== undefined) world.advance(advance)
  if (skew !== undefined) world.skew(skew)
  return json(200, { now: world.now(), ...world.clockState() })
}

const suspend = (parts: ControlParts, request: ApiRequest, suspended: boolean): Reply => {
  const user = parts.world().users.byId.get(idParam(request))
  if (user === undefined) throw recordNotFound()
  user.suspended = suspended
  return json(200, { user: { id: user.id, suspended } })
}

const merge = (parts: ControlParts, request: ApiRequest): Reply => {
  const world = parts.world()
  const target = world.tickets.find(idParam(request))
  const user = [...world.users.byId.values()].find((item) => item.role === "agent") ?? world.integrationUser()
  if (target === undefined || user === undefined) throw recordNotFound()
  const body = bodyOf(request)
  return mergeTickets(
    world,
    user,
    target,
    asArray(get(body, "ids")).map((id) => asInt(id) ?? 0),
    body,
  )
}

/** An admin merges the path's user into `{into}`. */
const mergeUser = (parts: ControlParts, request: ApiRequest): Reply => {
  const world = parts.world()
  const loser = world.users.byId.get(idParam(request))
  if (loser === undefined) throw recordNotFound()
  return mergeUsers(world, loser, { id: get(bodyOf(request), "into") })
}

/** Removes everything an account has, keeps faults' and calls' own lists to their own endpoints. */
const reset = (parts: ControlParts): Reply => {
  parts.reset()
  return noContent
}

const routerOf = (parts: ControlParts): Router => {
  const router = new Router()
  const add = (method: string, path: string, handle: (request: ApiRequest) => Reply): void =>
    router.add({ method, path: `/__emulator${path}`, access: "public", handle })
  const ticketReply = (status: number, ticket: Parameters<typeof ticketState>[1]): Reply =>
    json(status, { ticket: ticketState(parts.world(), ticket) })
  add("GET", "/calls", (request) => calls(parts, request))
  add("DELETE", "/calls", () => {
    parts.calls().clear()
    return noContent
  })
  add("GET", "/state", (request) => {
    const only = (request.query.get("only") ?? "").split(",").filter((name) => name !== "")
    return json(200, stateOf(parts.world(), parts.delivery(), parts.messaging(), only))
  })
  add("POST", "/reset", () => reset(parts))
  add("GET", "/faults", () => json(200, { faults: parts.faults().list() }))
  add("POST", "/faults", (request) => addFaults(parts, request))
  add("DELETE", "/faults", () => {
    parts.faults().clear()
    return noContent
  })
  add("DELETE", "/faults/:id", (request) => {
    if (!parts.faults().remove(idParam(request))) throw recordNotFound()
    return noContent
  })
  add("GET", "/clock", () => json(200, { now: parts.world().now(), ...parts.world().clockState() }))
  add("POST", "/clock", (request) => clock(parts, request))
  add("POST", "/tickets", (request) => ticketReply(201, customerTicket(parts.world(), bodyOf(request))))
  add("POST", "/tickets/:id/agent", (request) =>
    ticketReply(200, agentAction(parts.world(), idParam(request), bodyOf(request))),
  )
  add("POST", "/tickets/:id/requester-reply", (request) =>
    ticketReply(200, requesterReply(parts.world(), idParam(request), bodyOf(request))),
  )
  add("POST", "/tickets/:id/merge", (request) => merge(parts, request))
  add("POST", "/users/:id/suspend", (request) => suspend(parts, request, true))
  add("POST", "/users/:id/unsuspend", (request) => suspend(parts, request, false))
  add("POST", "/users/:id/merge", (request) => mergeUser(parts, request))
  addSunshineControls(add, parts.messaging)
  add("POST", "/articles", (request) => newArticle(parts.world(), bodyOf(request)))
  add("POST", "/articles/:id", (request) => articleControl(parts.world(), idParam(request), bodyOf(request)))
  add("POST", "/schedules", (request) => json(201, { schedule: newSchedule(parts.world(), bodyOf(request)) }))
  add("POST", "/schedules/plan", (request) => {
    schedulePlan(parts.world(), bodyOf(request))
    return noContent
  })
  add("POST", "/schedules/:id", (request) =>
    json(200, { schedule: scheduleControl(parts.world(), idParam(request), bodyOf(request)) }),
  )
  return router
}

/** A page of another site must not drive the emulator through its user's browser. */
export const crossSite = (request: ApiRequest): boolean => header(request, "sec-fetch-site") === "cross-site"

export const controlPlane = (parts: ControlParts): ((request: ApiRequest) => Reply | undefined) => {
  const router = routerOf(parts)
  return (request) => {
    if (!request.path.startsWith("/__emulator")) return undefined
    if (crossSite(request))
      return json(403, {
        error: "CrossSite",
        description: "control requests must not come from another site",
      })
    const match = router.find(request.method, request.path)
    if (match === undefined)
      return json(404, {
        error: "UnknownControl",
        description: `no control ${request.method} ${request.path}`,
      })
    try {
      return match.route.handle({ ...request, params: match.params })
    } catch (error) {
      if (error instanceof ApiError) return error.reply
      throw error
    }
  }
}
