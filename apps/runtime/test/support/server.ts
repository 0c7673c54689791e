/** The whole runtime in this process, with one organization that has nothing: for what stands in front of the routes. */
import type { RuntimeConfigInput } from "../../src/config/RuntimeConfig.ts"
import { checkConfig } from "../../src/config/load.ts"
import { freePort } from "../../src/demo/ports.ts"
import { noExtras, runtimeLayer } from "../../src/Runtime.ts"
import { Effect, Exit, Layer, Logger, References, Scope } from "effect"
import { request } from "node:http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { outside } from "./run.ts"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Server {
  readonly port: number
  /** A request with any headers, `Host` too, that follows no redirect. */
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>
  /** Runs something on the runtime's own services. */
  readonly within: <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>
  readonly close: () => Promise<void>
}

type Services = Layer.Success<ReturnType<typeof runtimeLayer>>

const askOf =
  (port: number) =>
  (path: string, { body, headers, method = "GET" }: Ask = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, method, headers: { ...headers } }, (answer) => {
        const chunks: Array<Buffer> = []
        answer.on("data", (chunk: Buffer) => chunks.push(chunk))
        const told = () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          })
        answer.on("error", reject)
        answer.on("end", told)
        // Events have no end: that they begin is the answer.
        if (String(answer.headers["content-type"]).startsWith("text/event-stream"))
          answer.once("data", () => {
            told()
            sent.destroy()
          })
      })
      sent.on("error", reject)
      sent.end(body)
    })

/** Everything that is logged, as one text a line. */
const loggingTo = (logs: Array<string>) =>
  Layer.mergeAll(
    Logger.layer([Logger.make((input) => void logs.push(Logger.formatJson.log(input)))]),
    Layer.succeed(References.MinimumLogLevel, "Debug"),
  )

/** `config` is laid over the smallest one. `logs`: where every line goes, also of level Debug. */
export const startServer = async (
  config: Partial<RuntimeConfigInput> & { readonly host?: string; readonly logs?: Array<string> } = {},
): Promise<Server> => {
  const { host = "127.0.0.1", logs, ...rest } = config
  const dataDir = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  const scope = Scope.makeUnsafe()
  const starting = Effect.gen(function* () {
    const port = yield* freePort("127.0.0.1", 0)
    const http = { host, ...rest.http, port }
    const raw = { dataDir, organizations: [{ id: "acme", name: "Acme" }], ...rest, http }
    const services = yield* Layer.build(runtimeLayer(yield* checkConfig(raw, {}, "the test"), noExtras))
    return { port, services }
  })
  const { port, services } = await Effect.runPromise(
    starting.pipe(
      Effect.provideService(Scope.Scope, scope),
      Effect.provide(logs === undefined ? outside : Layer.merge(outside, loggingTo(logs))),
    ),
  )
  return {
    port,
    ask: askOf(port),
    within: (effect) => Effect.runPromise(Effect.provide(effect, services)),
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
