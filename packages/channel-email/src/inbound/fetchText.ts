/** Small texts over https. The one place where this package speaks HTTP by itself. */
import { Effect } from "effect"
import { Fault, toFault } from "../faults.ts"

/** Reads `url`; fails on anything but a 2xx answer of at most 64 kB within five seconds. Follows no redirects. */
export type FetchText = (url: string) => Effect.Effect<string, Fault>

const MAX = 65_536

const read = async (url: string, signal: AbortSignal): Promise<string> => {
  // A plugin's functions have no requirements, so there is no HttpClient to ask for.
  // @effect-diagnostics-next-line globalFetch:off
  const response = await fetch(url, { redirect: "error", signal })
  if (!response.ok || response.body === null)
    throw new Error(`${new URL(url).host} answered ${response.status}`)
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > MAX) throw new Error(`${new URL(url).host} answered with more than ${MAX} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

/** Over the platform's own `fetch`. */
export const fetchText: FetchText = (url) =>
  Effect.tryPromise({
    try: (signal) => read(url, signal),
    catch: toFault,
  }).pipe(
    Effect.timeoutOrElse({
      duration: "5 seconds",
      orElse: () => Effect.fail(new Fault({ message: "no answer within 5 s" })),
    }),
  )
