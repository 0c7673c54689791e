/** One call of a provider's REST API. The one place where this channel speaks HTTP by itself. */
import { Effect } from "effect"
import { Fault } from "./failures.ts"

export interface ApiCall {
  /** For sentences: `Twilio`. */
  readonly provider: string
  readonly method: "GET" | "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: URLSearchParams | string | null
  readonly maxBytes: number
}

export interface ApiAnswer {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

const ask = async (call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> => {
  const { body, headers, maxBytes, method, provider, url } = call
  // A plugin's functions have no requirements, so there is no HttpClient to ask for.
  // @effect-diagnostics-next-line globalFetch:off
  const response = await fetch(url, { method, headers, body, redirect: "error", signal })
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`${provider}'s answer is too long`)
    chunks.push(chunk)
  }
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    text: Buffer.concat(chunks).toString("utf8"),
  }
}

/** Whatever was answered within ten seconds. A `Fault` leaves open whether the provider did it. */
export const callApi = (call: ApiCall): Effect.Effect<ApiAnswer, Fault> =>
  Effect.tryPromise({
    try: (signal) => ask(call, signal),
    // The cause is left out: it can hold the request with its credentials.
    catch: () => new Fault({ message: `the connection to ${call.provider} failed` }),
  }).pipe(
    Effect.timeoutOrElse({
      duration: "10 seconds",
      orElse: () => Effect.fail(new Fault({ message: `${call.provider} did not answer within 10 s` })),
    }),
  )
