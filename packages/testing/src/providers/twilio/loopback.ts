/** A small HTTP server on loopback with a log of every request and faults on demand; the fakes of this folder's neighbours use it too. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { sleep, systemClock, toJson } from "./edge.ts"

/** A request as it came, and how it was answered. Header names are lower-case. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Status of the answer; null when the connection was broken instead. */
  readonly status: number | null
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Something goes wrong, once per entry in a plan. */
export type Fault =
  /** Answered with this status, and `code` and `message` in the provider's own form; nothing happens. */
  | {
      readonly kind: "refuse"
      readonly status: number
      readonly code?: number | string
      readonly message?: string
      readonly retryAfter?: number
    }
  /** The connection breaks before anything happens, or after everything has happened. */
  | { readonly kind: "resetBefore" }
  | { readonly kind: "resetAfter" }
  /** Everything happens; the answer is this text. */
  | { readonly kind: "garbage"; readonly body: string }
  /** Happens, but so much later. Milliseconds. */
  | { readonly kind: "slow"; readonly ms: number }
  /** No answer ever; nothing happens. */
  | { readonly kind: "hang" }
  /** Everything happens; no answer ever. */
  | { readonly kind: "mute" }
  /** As it should be: lets a plan begin later. */
  | { readonly kind: "none" }

/** Faults to come, by operation (`create`, `list`, …). */
export class FaultPlan {
  private readonly plan = new Map<string, Array<Fault>>()
  /** The next calls of this operation go wrong like this, in order. */
  next(operation: string, ...faults: ReadonlyArray<Fault>): void {
    this.plan.set(operation, [...(this.plan.get(operation) ?? []), ...faults])
  }
  take(operation: string): Fault {
    return this.plan.get(operation)?.shift() ?? { kind: "none" }
  }
  clear(): void {
    this.plan.clear()
  }
}

export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a fake does with a call: an operation for the fault plan, a refusal in its own form, and the work itself. */
export interface Route {
  readonly operation: string
  refuse(fault: Extract<Fault, { kind: "refuse" }>): Reply
  run(): Reply
}

export const jsonReply = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: toJson(value),
})

const MAX_BODY = 10_000_000

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BODY) throw new Error("too large")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const write = (response: ServerResponse, reply: Reply): number => {
  response.writeHead(reply.status, { ...reply.headers })
  response.end(reply.body)
  return reply.status
}

/** Plays one call with its fault. Answers with the status, or null when the connection was broken. */
const play = async (route: Route, fault: Fault, response: ServerResponse): Promise<number | null> => {
  switch (fault.kind) {
    case "refuse":
      return write(response, route.refuse(fault))
    case "resetBefore":
      response.destroy()
      return null
    case "resetAfter":
      route.run()
      response.destroy()
      return null
    case "garbage":
      route.run()
      return write(response, { status: 200, body: fault.body })
    case "slow":
      await sleep(fault.ms)
      return write(response, route.run())
    case "hang":
      return null
    case "mute":
      route.run()
      return null
    case "none":
      return write(response, route.run())
  }
}

export interface Loopback {
  /** `http://127.0.0.1:1234` */
  readonly url: string
  readonly requests: ReadonlyArray<LoggedRequest>
  readonly faults: FaultPlan
  close(): Promise<void>
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value.join(", ") : value
      return first === undefined ? [] : [[name, first]]
    }),
  )

/** Starts a server; `route` decides what a call is, null means 404. The log keeps the newest 5,000 requests. */
export const startLoopback = async (
  at: { readonly host?: string; readonly port?: number },
  route: (call: Call) => Route | null,
): Promise<Loopback> => {
  const requests: Array<LoggedRequest> = []
  const faults = new FaultPlan()
  const host = at.host ?? "127.0.0.1"
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://loopback")
    const call: Call = {
      method: request.method ?? "GET",
      url,
      headers: headersOf(request),
      body: await readBody(request),
    }
    const found = route(call)
    const log = (status: number | null) => {
      const { body, headers, method } = call
      const query = Object.fromEntries(url.searchParams)
      requests.push({ method, path: url.pathname, query, headers, body, at: systemClock(), status })
      if (requests.length > 5_000) requests.shift()
    }
    log(
      found === null
        ? write(response, jsonReply(404, { message: "not found" }))
        : await play(found, faults.take(found.operation), response),
    )
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject)
    server.listen(at.port ?? 0, host, () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
  return { url: `http://${host}:${port}`, requests, faults, close: () => stop(server) }
}
