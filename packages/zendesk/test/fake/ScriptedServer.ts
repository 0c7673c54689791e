/** A real HTTP server on loopback whose every answer a test writes down; also answers badly when told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, type Scope } from "effect"

export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage["headers"]
  readonly body: string
  readonly bytes: Buffer
}

/** `reset` cuts the connection, `hang` never answers, `cut` breaks off in the middle of the body. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly json: unknown }
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly text: string | Buffer }
  | "reset"
  | "hang"
  | "cut"

export type Script = (seen: Seen) => Reply | Promise<Reply>

export interface Scripted {
  readonly url: string
  readonly seen: ReadonlyArray<Seen>
  /** Requests to one route, `POST /api/v2/tickets`. */
  to(route: string): ReadonlyArray<Seen>
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const send = (response: ServerResponse, reply: Reply): void => {
  if (reply === "hang") return
  if (reply === "reset") {
    response.socket?.resetAndDestroy()
    return
  }
  if (reply === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" })
    response.write('{"ticket"')
    setTimeout(() => response.socket?.destroy(), 5)
    return
  }
  const isJson = "json" in reply
  const type = isJson ? "application/json; charset=utf-8" : "text/plain"
  response.writeHead(reply.status ?? 200, { "content-type": type, ...reply.headers })
  response.end(isJson ? JSON.stringify(reply.json) : reply.text)
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address()
      if (address === null || typeof address === "string") reject(new Error("no port"))
      else resolve(address.port)
    })
  })

/** Starts a server for the length of the test. */
export const scripted = (script: Script): Effect.Effect<Scripted, never, Scope.Scope> =>
  Effect.gen(function* () {
    const seen: Array<Seen> = []
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const bytes = await read(request)
      const url = new URL(request.url ?? "/", "http://x")
      const one: Seen = {
        method: request.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: bytes.toString("utf8"),
        bytes,
      }
      seen.push(one)
      send(response, await script(one))
    }
    const server = createServer((request, response) => {
      void answer(request, response).catch((error: unknown) => {
        response.writeHead(599).end(String(error))
      })
    })
    const port = yield* Effect.promise(() => listen(server))
    yield* Effect.addFinalizer(() =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
    )
    return {
      url: `http://127.0.0.1:${port}`,
      seen,
      to: (route) => seen.filter((one) => `${one.method} ${one.path}` === route),
    }
  })

type Route = Reply | ((seen: Seen, nth: number) => Reply | Promise<Reply>)

/** A script from a table of routes; a function is told how often its route was asked, from 1. Others answer 404. */
export const routes = (table: Readonly<Record<string, Route>>): Script => {
  const counts = new Map<string, number>()
  return (seen) => {
    const key = `${seen.method} ${seen.path}`
    const route = table[key]
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    if (route === undefined)
      return { status: 404, json: { error: "InvalidEndpoint", description: `no route ${key}` } }
    return typeof route === "function" ? route(seen, nth) : route
  }
}
