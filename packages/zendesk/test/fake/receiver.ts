/** A webhook receiver that keeps what it gets, byte by byte. */
import { createServer } from "node:http"
import { Effect } from "effect"

export interface Hook {
  readonly headers: Record<string, string | ReadonlyArray<string> | undefined>
  readonly body: Buffer
}

/** Starts one for the length of the test; `next` waits for a delivery. */
export const receiver = Effect.gen(function* () {
  const hooks: Array<Hook> = []
  let wake: () => void = () => {}
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      hooks.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(200).end()
      wake()
    })
  })
  yield* Effect.promise(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)))
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close().closeAllConnections()))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const next = Effect.promise(() =>
    hooks.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve)),
  ).pipe(Effect.map(() => hooks.shift()))
  return { url: `http://127.0.0.1:${port}/hook`, next, hooks }
})
