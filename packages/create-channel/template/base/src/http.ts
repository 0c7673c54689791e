/** One HTTP call at the edge: bounded in time and bytes, no redirects. */
import { Data, Effect } from "effect"

export interface Request {
  readonly method: "GET" | "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxBytes: number
  readonly timeoutMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** No answer. `sent`: the other side may have seen the request; false only when no connection came about. */
export class NoAnswer extends Data.TaggedError("NoAnswer")<{
  readonly detail: string
  readonly sent: boolean
}> {}

const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
])

/** `fetch` hides the reason in `cause`. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""
}

const noAnswer = (error: unknown): NoAnswer => {
  const code = codeOf(error)
  const detail = code || (error instanceof Error ? error.message : "the call failed")
  return new NoAnswer({ detail, sent: !neverConnected.has(code) })
}

const readBody = async (response: Response, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const exchange = async (request: Request, signal: AbortSignal): Promise<Answer> => {
  const { body, headers, method, url } = request
  // Redirects are not followed: they could lead our key, or this server, to anywhere.
  // @effect-diagnostics-next-line globalFetch:off
  const response = await fetch(url, {
    method,
    headers,
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body }),
  })
  return {
    status: response.status,
    headers: response.headers,
    bytes: await readBody(response, request.maxBytes),
  }
}

/** Makes the call. Every status is an answer. */
export const call = (request: Request): Effect.Effect<Answer, NoAnswer> =>
  Effect.tryPromise({ try: (signal) => exchange(request, signal), catch: noAnswer }).pipe(
    Effect.timeoutOrElse({
      duration: request.timeoutMs,
      orElse: () =>
        Effect.fail(new NoAnswer({ detail: `no answer within ${request.timeoutMs} ms`, sent: true })),
    }),
  )

/** The body as text, for JSON. */
export const textOf = (answer: Answer): string => new TextDecoder().decode(answer.bytes)
