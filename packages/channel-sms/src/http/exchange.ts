/**
 * One HTTP exchange at the edge: bounded in time and bytes, no redirects, no connection reuse. A plugin's functions have no
 * requirements, so there is no `HttpClient` to ask for; and only the bare module tells whether a request can have arrived.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as httpRequest,
} from "node:http"
import { Agent as HttpsAgent, request as httpsRequest } from "node:https"
import { Data, Effect } from "effect"

/** `sent`: the other side may have seen the request. False only when no connection came about. */
export class ExchangeFailed extends Data.TaggedError("ExchangeFailed")<{
  readonly detail: string
  readonly sent: boolean
  readonly tooLarge: boolean
}> {}

export interface ExchangeRequest {
  readonly method: "GET" | "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Answers with more bytes than this fail with `tooLarge` as soon as that is known. */
  readonly maxBytes: number
  readonly timeoutMs: number
}

export interface ExchangeAnswer {
  readonly status: number
  /** Lower-case names; the first value of each. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

// A stale kept-alive connection would look like a request that was lost on the way.
const http = new HttpAgent({ keepAlive: false })
const https = new HttpsAgent({ keepAlive: false })

const headersOf = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name, first]]
    }),
  )

interface Progress {
  sent: boolean
}

const failure = (detail: string, progress: Progress, tooLarge = false): ExchangeFailed =>
  new ExchangeFailed({ detail, sent: progress.sent, tooLarge })

const collect = (
  response: IncomingMessage,
  maxBytes: number,
  progress: Progress,
  done: (result: ExchangeAnswer | ExchangeFailed) => void,
): void => {
  const tooLarge = () => {
    // First the reason: breaking the connection reports an error of its own.
    done(failure(`the answer has more than ${maxBytes} bytes`, progress, true))
    response.destroy()
  }
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) return tooLarge()
  const chunks: Array<Buffer> = []
  let size = 0
  response.on("data", (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) tooLarge()
    else chunks.push(chunk)
  })
  response.on("end", () =>
    done({ status: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(chunks) }),
  )
  response.on("error", (error) => done(failure(error.message, progress)))
  response.on("aborted", () => done(failure("the connection broke during the answer", progress)))
}

const open = (
  input: ExchangeRequest,
  progress: Progress,
  done: (result: ExchangeAnswer | ExchangeFailed) => void,
): ClientRequest => {
  const secure = input.url.startsWith("https:")
  const options = { method: input.method, headers: { ...input.headers }, agent: secure ? https : http }
  const request = (secure ? httpsRequest : httpRequest)(input.url, options)
  request.on("socket", (socket) => {
    socket.once(secure ? "secureConnect" : "connect", () => {
      progress.sent = true
    })
  })
  request.on("response", (response) => collect(response, input.maxBytes, progress, done))
  request.on("error", (error) => done(failure(error.message, progress)))
  request.end(input.body)
  return request
}

/** Performs the exchange. Every status is an answer; what is not an answer fails with `ExchangeFailed`. */
export const exchange = (input: ExchangeRequest): Effect.Effect<ExchangeAnswer, ExchangeFailed> =>
  Effect.suspend(() => {
    const progress: Progress = { sent: false }
    return Effect.callback<ExchangeAnswer, ExchangeFailed>((resume) => {
      let request: ClientRequest
      try {
        request = open(input, progress, (result) =>
          resume(result instanceof ExchangeFailed ? Effect.fail(result) : Effect.succeed(result)),
        )
      } catch (error) {
        return resume(Effect.fail(failure(error instanceof Error ? error.message : "bad request", progress)))
      }
      return Effect.sync(() => request.destroy())
    }).pipe(
      Effect.timeoutOrElse({
        duration: input.timeoutMs,
        orElse: () => Effect.fail(failure(`no answer within ${input.timeoutMs} ms`, progress)),
      }),
    )
  })
