/** A provider on loopback: real HTTP, real event streams, every answer written down by the test; also bad ones. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Effect, type Scope } from "effect"
import { type Asked, readAsked } from "./Asked.ts"
import { anthropicEvents, openAiEvents, type Saying } from "./wire.ts"

/**
 * `hang` never answers, `reset` cuts before the first byte, `cut` in the middle of the stream, `stall` stops writing there,
 * `garbage` sends events that are no JSON, `endless` writes for ever, `redirect` sends elsewhere.
 */
export type Bad = "hang" | "reset" | "cut" | "stall" | "garbage" | "endless" | "redirect"
export type Reply =
  | Saying
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly bad: Bad; readonly saying?: Saying }

/** `nth`: from 1. */
export type Script = (asked: Asked, nth: number) => Reply

export interface ModelServer {
  readonly url: string
  readonly asked: ReadonlyArray<Asked>
  /** Connections that the client closed before their answer was whole. */
  readonly cancelled: () => number
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const events = (path: string, saying: Saying): ReadonlyArray<string> =>
  path.endsWith("/messages") ? anthropicEvents(saying) : openAiEvents(saying)

const streamHead = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" }

const writeForEver = (response: ServerResponse): void => {
  // Comments, which clients read over.
  const chunk = `: ${"y".repeat(65_536)}\n\n`
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on("drain", more)
  more()
}

const misbehave = (response: ServerResponse, path: string, bad: Bad, saying: Saying): void => {
  if (bad === "hang") return
  if (bad === "reset") {
    response.socket?.resetAndDestroy()
    return
  }
  if (bad === "redirect") {
    response.writeHead(307, { location: "http://127.0.0.1:9/elsewhere" }).end()
    return
  }
  response.writeHead(200, streamHead)
  if (bad === "endless") return writeForEver(response)
  if (bad === "garbage") {
    response.end("data: {not json at all\n\ndata: [DONE]\n\n")
    return
  }
  const all = events(path, saying)
  const half = all.slice(0, Math.ceil(all.length * 0.6)).join("")
  response.write(half, () => {
    if (bad === "cut") setTimeout(() => response.socket?.destroy(), 5)
  })
}

const send = (response: ServerResponse, path: string, reply: Reply): void => {
  if ("bad" in reply) return misbehave(response, path, reply.bad, reply.saying ?? {})
  if ("status" in reply) {
    const body = reply.body ?? { error: { message: "scripted failure for key sk-secret-key", type: "error" } }
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
    return
  }
  response.writeHead(200, streamHead)
  for (const event of events(path, reply)) response.write(event)
  response.end()
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address === null || typeof address === "string") reject(new Error("no port"))
      else resolve(address.port)
    })
  })

/** Starts a provider for the length of the test. */
export const modelServer = (script: Script): Effect.Effect<ModelServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const asked: Array<Asked> = []
    let cancelled = 0
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      response.on("close", () => {
        if (!response.writableFinished) cancelled += 1
      })
      const one = readAsked(request.url ?? "", request.headers, await read(request))
      asked.push(one)
      send(response, one.path, script(one, asked.length))
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
    return { url: `http://127.0.0.1:${port}`, asked, cancelled: () => cancelled }
  })
