/**
 * The one place where this package speaks HTTP. A plugin's functions have no requirements, so there is no HttpClient to ask
 * for; and a sender must know what no client tells: whether a failed request can have reached the other side.
 */
import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { Effect, Schema } from "effect"

export interface Call {
  readonly method: "GET" | "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
  /** Largest answer that is read, in bytes. */
  readonly maxBytes: number
  readonly timeoutMs: number
}

export interface Reply {
  readonly status: number
  /** Lower-case names; of repeated headers the first. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** No answer, or one that is too large. `reached`: false when no connection came about, so nothing can have been sent. */
export class CallFailed extends Schema.TaggedError<CallFailed>("@opencx/channel-whatsapp/CallFailed")(
  "CallFailed",
  { reached: Schema.Boolean, tooLarge: Schema.Boolean, detail: Schema.String },
) {}

class TooLarge extends Error {}

interface Progress {
  connected: boolean
}

const headersOf = (raw: NodeJS.Dict<string | Array<string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name, first]]
    }),
  )

const run = (call: Call, progress: Progress, signal: AbortSignal): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const secure = call.url.startsWith("https:")
    const start = secure ? httpsRequest : httpRequest
    // A connection of its own per request: on a kept one, a server that just closes it leaves us not knowing.
    const request = start(call.url, { method: call.method, headers: call.headers, agent: false, signal })
    request.on("socket", (socket) => {
      socket.once(secure ? "secureConnect" : "connect", () => {
        progress.connected = true
      })
    })
    request.on("error", reject)
    request.on("response", (response) => {
      const chunks: Array<Uint8Array> = []
      let size = 0
      const refuse = () => {
        response.destroy()
        reject(new TooLarge(`more than ${call.maxBytes} bytes`))
      }
      if (Number(response.headers["content-length"] ?? 0) > call.maxBytes) return refuse()
      response.on("data", (chunk: Uint8Array) => {
        size += chunk.length
        if (size > call.maxBytes) return refuse()
        chunks.push(chunk)
      })
      response.on("error", reject)
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: headersOf(response.headers),
          body: Buffer.concat(chunks),
        }),
      )
    })
    request.end(call.body ?? undefined)
  })

const detailOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 200)

/** Sends one request and reads the whole answer. Any status is an answer; redirects are not followed. */
export const http = (call: Call): Effect.Effect<Reply, CallFailed> =>
  Effect.suspend(() => {
    const progress: Progress = { connected: false }
    return Effect.tryPromise({
      try: (signal) => run(call, progress, signal),
      catch: (error) =>
        new CallFailed({
          reached: progress.connected,
          tooLarge: error instanceof TooLarge,
          detail: detailOf(error),
        }),
    }).pipe(
      Effect.timeoutOrElse({
        duration: call.timeoutMs,
        orElse: () =>
          Effect.fail(
            new CallFailed({
              reached: progress.connected,
              tooLarge: false,
              detail: `no answer within ${Math.round(call.timeoutMs / 1000)} s`,
            }),
          ),
      }),
    )
  })
