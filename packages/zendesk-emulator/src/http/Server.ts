import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http"
import { authenticate, authKind, authorize } from "../auth/authenticate.ts"
import type { Fault, Faults } from "../faults/Faults.ts"
import { faultReply } from "../faults/replies.ts"
import { sleep } from "../world/edge.ts"
import type { World } from "../world/World.ts"
import type { CallsLog } from "./CallsLog.ts"
import { ApiError, couldNotAuthenticate, html, invalidEndpoint, json, type Reply, text } from "./Reply.ts"
import { type ApiRequest, BodyTooLarge, type Caller, readBody } from "./Request.ts"
import { decodedParams, type Pool, type Route, type Router } from "./Router.ts"

/** What the pipeline needs; `account` changes on reset. */
export interface Account {
  readonly world: World
  readonly router: Router
  /** Sunshine Conversations: everything under `/sc/`, with keys and errors of its own. */
  readonly sunshine: (request: ApiRequest) => Promise<Reply>
}

export interface ServerParts {
  readonly account: () => Account
  readonly faults: () => Faults
  readonly calls: () => CallsLog
  /** Control plane and agent page: outside of limits, faults and the calls log. */
  readonly inside: (request: ApiRequest) => Promise<Reply | undefined>
}

interface Target {
  readonly method: string
  /** As sent. */
  readonly rawPath: string
  readonly path: string
  readonly hadJsonSuffix: boolean
  readonly query: URLSearchParams
  readonly queryText: string
}

interface Outcome {
  /** null: no answer is sent. */
  readonly reply: Reply | null
  readonly caller: Caller | undefined
  readonly pool: Pool
  readonly fault: Fault | undefined
}

const isSunshine = (path: string): boolean => path === "/sc" || path.startsWith("/sc/")

const targetOf = (request: IncomingMessage): Target => {
  const url = request.url ?? "/"
  const mark = url.indexOf("?")
  const rawPath = mark === -1 ? url : url.slice(0, mark)
  const queryText = mark === -1 ? "" : url.slice(mark + 1)
  const trimmed = rawPath.length > 1 && rawPath.endsWith("/") ? rawPath.slice(0, -1) : rawPath
  // There an external id or a file name may end like that.
  const hadJsonSuffix = trimmed.endsWith(".json") && !isSunshine(trimmed)
  return {
    method: request.method ?? "GET",
    rawPath,
    path: hadJsonSuffix ? trimmed.slice(0, -5) : trimmed,
    hadJsonSuffix,
    query: new URLSearchParams(queryText),
    queryText,
  }
}

const poolOf = (path: string): Pool =>
  path.startsWith("/api/v2/help_center") || path.startsWith("/api/v2/guide")
    ? "help_center"
    : path.startsWith("/api/")
      ? "support"
      : isSunshine(path)
        ? "sunshine"
        : "none"

/** Rate-limit headers, or the 429 itself. */
const limit = (
  world: World,
  pool: Pool,
): { readonly headers: Record<string, string>; readonly refusal?: Reply } => {
  const perMinute = world.settings.limits.requestsPerMinute
  if (pool === "none" || pool === "sunshine" || perMinute === Number.POSITIVE_INFINITY) return { headers: {} }
  const allowance = world.rates.take(pool, perMinute, world.now())
  const headers = {
    "x-rate-limit": String(allowance.limit),
    "x-rate-limit-remaining": String(allowance.remaining),
    "ratelimit-limit": String(allowance.limit),
    "ratelimit-remaining": String(allowance.remaining),
    "ratelimit-reset": String(allowance.resetSeconds),
  }
  if (allowance.ok) return { headers }
  const description = "Number of allowed API requests per minute exceeded"
  return {
    headers,
    refusal: json(
      429,
      { error: "APIRateLimitExceeded", description },
      { "retry-after": String(allowance.resetSeconds) },
    ),
  }
}

const attempt = (run: () => Reply): Reply => {
  try {
    return run()
  } catch (error) {
    if (error instanceof ApiError) return error.reply
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return text(500, `emulator defect: ${detail}`)
  }
}

export class Pipeline {
  private readonly parts: ServerParts
  private readonly hanging = new Set<() => void>()

  constructor(parts: ServerParts) {
    this.parts = parts
  }

  listen(): HttpServer {
    const server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy())
    })
    server.keepAliveTimeout = 65_000
    return server
  }

  /** Lets go of requests that a `hang` fault holds. */
  release(): void {
    for (const resume of this.hanging) resume()
    this.hanging.clear()
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request)
    let body: Buffer
    try {
      body = await readBody(request)
    } catch (error) {
      if (error instanceof BodyTooLarge) write(response, text(413, "Request Entity Too Large"))
      return
    }
    const api: ApiRequest = {
      ...target,
      params: {},
      headers: request.headers,
      body,
      caller: { kind: "anonymous" },
    }
    const inside = await this.parts.inside(api)
    if (inside !== undefined) return write(response, inside)
    const { world } = this.parts.account()
    const started = performance.now()
    const time = world.now()
    const outcome = await this.answer(request, api, target)
    this.parts.calls().push(
      {
        time,
        method: target.method,
        path: target.rawPath,
        query: target.queryText,
        status: outcome.reply?.status ?? 0,
        headers: headersOfInterest(request),
        auth: authKind(request.headers),
        userId: outcome.caller?.kind === "user" ? outcome.caller.user.id : null,
        pool: outcome.pool,
        durationMs: Math.round((performance.now() - started) * 1_000) / 1_000,
        fault: outcome.fault?.kind ?? null,
      },
      body,
      String(request.headers["content-type"] ?? ""),
    )
    if (outcome.reply === null) request.socket.resetAndDestroy()
    else write(response, outcome.reply)
  }

  private async answer(request: IncomingMessage, api: ApiRequest, target: Target): Promise<Outcome> {
    const { world, router } = this.parts.account()
    const pool = poolOf(target.path)
    const fault = this.parts.faults().forRequest(target.method, target.rawPath)
    const none = { caller: undefined, pool, fault } as const
    if (wrongHost(world, request)) return { ...none, reply: noHelpDesk }
    if (fault?.kind === "resetBeforeCommit") return { ...none, reply: null }
    if (fault?.kind === "hang" && fault.phase !== "after") {
      await this.hang(request)
      return { ...none, reply: null }
    }
    const injected = fault === undefined ? undefined : faultReply(fault, pool)
    if (injected !== undefined) return { ...none, reply: injected }
    if (pool === "sunshine") return this.after(await this.sunshine(api, fault), none, request)
    const caller = authenticate(world, request.headers)
    const limited = limit(world, pool)
    const reply =
      caller === undefined
        ? couldNotAuthenticate
        : (limited.refusal ?? (await this.route(router, { ...api, caller }, fault)))
    const headers = { ...limited.headers, ...reply.headers }
    return this.after({ ...reply, headers }, { ...none, caller }, request)
  }

  /** The answer, unless a fault keeps it: what was to be written is written by now. */
  private async after(
    reply: Reply,
    rest: Omit<Outcome, "reply">,
    request: IncomingMessage,
  ): Promise<Outcome> {
    const { fault } = rest
    const outcome = { ...rest, reply }
    if (fault?.kind === "hang") await this.hang(request)
    if (fault?.kind === "latency" && fault.phase === "after") await sleep(fault.ms ?? 0)
    if (fault?.kind === "resetAfterCommit" || fault?.kind === "hang") return { ...outcome, reply: null }
    return outcome
  }

  private async sunshine(request: ApiRequest, fault: Fault | undefined): Promise<Reply> {
    if (fault?.kind === "latency" && fault.phase !== "after") await sleep(fault.ms ?? 0)
    return this.parts.account().sunshine(request)
  }

  private async route(router: Router, request: ApiRequest, fault: Fault | undefined): Promise<Reply> {
    const match = router.find(request.method, request.path)
    const refusal = match === undefined ? invalidEndpoint : this.refusal(match.route, request)
    if (match === undefined || refusal !== undefined) return refusal ?? invalidEndpoint
    const full = { ...request, params: decodedParams(match.params) }
    const reserved = match.route.reserve?.(full)
    if (reserved !== undefined && typeof reserved !== "function") return reserved
    if (fault?.kind === "latency" && fault.phase !== "after") await sleep(fault.ms ?? 0)
    const reply = attempt(() => match.route.handle(full))
    return reserved === undefined ? reply : (reserved(reply) ?? reply)
  }

  private refusal(route: Route, request: ApiRequest): Reply | undefined {
    const { world } = this.parts.account()
    const inHelpCenter = request.path.startsWith("/api/v2/help_center")
    if (inHelpCenter && !request.hadJsonSuffix && world.settings.helpCenterNeedsJsonSuffix)
      return unsupportedType
    return authorize(request.caller, route)
  }

  private hang(request: IncomingMessage): Promise<void> {
    return new Promise((resolve) => {
      this.hanging.add(resolve)
      request.socket.once("close", () => {
        this.hanging.delete(resolve)
        resolve()
      })
    })
  }
}

const unsupportedType = json(415, { error: "UnsupportedMediaType", description: "Use the .json suffix" })

const noHelpDesk = html(
  404,
  "<!DOCTYPE html><html><head><title>Help Center Closed</title></head><body><h1>No help desk at this address</h1></body></html>",
)

/** The wildcard domain answers for every subdomain; only ours is a help desk. */
const wrongHost = (world: World, request: IncomingMessage): boolean => {
  const host = (request.headers.host ?? "").split(":")[0] ?? ""
  return host.endsWith(".zendesk.com") && host !== `${world.settings.subdomain}.zendesk.com`
}

const interesting = ["idempotency-key", "content-type", "user-agent", "x-request-id", "traceparent", "host"]

const headersOfInterest = (request: IncomingMessage): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const name of interesting) {
    const value = request.headers[name]
    if (typeof value === "string") out[name] = value
  }
  return out
}

const write = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) })
  response.end(reply.body)
}
