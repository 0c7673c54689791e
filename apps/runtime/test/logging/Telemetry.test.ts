/** What reaches a collector, on a real socket: everything but secrets. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Metric } from "effect"
import { createServer } from "node:http"
import { KnownSecrets } from "../../src/logging/Logging.ts"
import { headersIn, telemetryFromEnvironment } from "../../src/logging/Telemetry.ts"

const secrets = ["s3cret-of-acme", 'with "quotes" and\nline']
const later = "known-only-later-4711"

interface Received {
  readonly path: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly body: string
}

const collector = async () => {
  const received: Array<Received> = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk) => (body += String(chunk)))
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body })
      response.end("{}")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { received, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

const told = async (program: Effect.Effect<unknown, unknown>): Promise<ReadonlyArray<Received>> => {
  const { close, received, url } = await collector()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=collector-key-1,x-scope=a%20b",
  }
  await Effect.runPromise(
    Effect.exit(program).pipe(
      Effect.provide(
        telemetryFromEnvironment(secrets).pipe(
          Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
        ),
      ),
      Effect.provideService(KnownSecrets, new Set([later])),
    ),
  )
  close()
  return received
}

const leaky = (secret: string) =>
  Effect.gen(function* () {
    yield* Effect.logInfo(`in words ${secret}`, { nested: [secret] }).pipe(
      Effect.annotateLogs({ note: secret, password: "never-seeded-1" }),
    )
    yield* Effect.annotateCurrentSpan({ where: secret, clientSecret: "never-seeded-2" })
    yield* Metric.update(Metric.counter("opencx_leaks", { attributes: { account: secret } }), 1)
    return yield* Effect.die(new Error(`failed with ${secret} and Bearer abcdefghijkl`))
  }).pipe(Effect.withSpan(`span of ${secret}`))

describe("a collector", () => {
  it("hears of spans, logs and metrics, with the headers that it asked for", async () => {
    const received = await told(Effect.withSpan(Effect.logInfo("Hello collector"), "hello-span"))
    const all = (path: string) =>
      received
        .filter((one) => one.path === path)
        .map(({ body }) => body)
        .join("")
    assert.include(all("/v1/traces"), "hello-span")
    assert.include(all("/v1/logs"), "Hello collector")
    assert.deepInclude(received[0]?.headers, { "api-key": "collector-key-1", "x-scope": "a b" })
  })

  it.each([...secrets, later])("never hears %j", async (secret) => {
    const received = await told(leaky(secret))
    const paths = new Set(received.map(({ path }) => path))
    assert.deepStrictEqual([...paths].sort(), ["/v1/logs", "/v1/metrics", "/v1/traces"])
    for (const { body, path } of received) {
      assert.doesNotThrow(() => JSON.parse(body))
      for (const one of [secret, JSON.stringify(secret).slice(1, -1), "never-seeded", "abcdefghijkl"])
        assert.notInclude(body, one, path)
    }
    const everything = received.map(({ body }) => body).join("")
    assert.include(everything, "[redacted]")
    assert.include(everything, "opencx_leaks")
  })
})

it("headers are read as OpenTelemetry writes them, and nonsense is left out", () => {
  assert.deepStrictEqual(headersIn("a=1, b = two=2 ,c=%zz,d=%20x"), { a: "1", b: "two=2", c: "%zz", d: " x" })
  assert.deepStrictEqual(headersIn("nothing,=x,b c=d,x\r\ny=z,"), {})
})
