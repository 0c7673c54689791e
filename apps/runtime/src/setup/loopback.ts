/** A listener on this machine that waits for a person to come back from Zendesk's consent page. */
import { Deferred, Effect } from "effect"
import { createServer, type ServerResponse } from "node:http"
import { ConfigurationError } from "../config/ConfigError.ts"

export const callbackPath = "/callback"

export const redirectUriOf = (port: number): string => `http://127.0.0.1:${port}${callbackPath}`

/** What the listener makes of an answer: an end, or null to go on waiting. `page`: what the browser shows. */
export interface Reading<A> {
  readonly result: A | null
  readonly page: string
}

const respond = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    // The address holds a code.
    "referrer-policy": "no-referrer",
    connection: "close",
  })
  response.end(`${text}\n`)
}

/** Listens on loopback while the scope is open. The answer comes into what is returned; whatever else asks gets a 404. */
export const listenForAnswer = Effect.fnUntraced(function* <A>(
  port: number,
  read: (answer: URLSearchParams) => Reading<A>,
) {
  const answer = yield* Deferred.make<A>()
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    const base = "http://127.0.0.1"
    const target = request.url ?? "/"
    const url = URL.canParse(target, base) ? new URL(target, base) : null
    if (url === null || request.method !== "GET" || url.pathname !== callbackPath)
      return respond(response, 404, "Nothing is here.")
    const { page, result } = read(url.searchParams)
    // The browser gets its page before the listener is closed.
    if (result !== null) response.once("finish", () => Deferred.doneUnsafe(answer, Effect.succeed(result)))
    respond(response, result === null ? 400 : 200, page)
  })
  const listening = Effect.callback<void, ConfigurationError>((resume) => {
    server.once("error", (cause) =>
      resume(
        Effect.fail(
          new ConfigurationError({
            problem: `Nothing can listen on 127.0.0.1:${port}: ${cause.message}`,
            hint: "Choose another port with --port, and register its redirect URL with the OAuth client; or use --by-hand.",
          }),
        ),
      ),
    )
    server.listen(port, "127.0.0.1", () => resume(Effect.void))
  })
  const close = Effect.sync(() => {
    server.close()
    server.closeAllConnections()
  })
  yield* Effect.acquireRelease(listening, () => close)
  return answer
})
