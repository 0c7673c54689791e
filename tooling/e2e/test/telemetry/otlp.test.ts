/** Traces and metrics reach a collector that the environment names. */
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { mailsTo } from "@opencx/runtime"
import { Schema } from "effect"
import { assert, it } from "vitest"
import { eventually, post, ticketOf } from "../support/customers.ts"
import { startRuntime } from "../support/runtimeProcess.ts"
import { setStage, syncHelpCenter } from "../support/stage.ts"

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))

const collector = async () => {
  const bodies = new Map<string, ReadonlyArray<string>>()
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const path = request.url ?? ""
      bodies.set(path, [...(bodies.get(path) ?? []), Buffer.concat(chunks).toString()])
      response.end("{}")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { bodies, endpoint: `http://127.0.0.1:${port}`, close: () => server.close() }
}

const Attributes = Schema.Array(
  Schema.Struct({
    key: Schema.String,
    value: Schema.Struct({ stringValue: Schema.optionalKey(Schema.String) }),
  }),
)
const Traces = Schema.Struct({
  resourceSpans: Schema.Array(
    Schema.Struct({
      scopeSpans: Schema.Array(
        Schema.Struct({
          spans: Schema.Array(
            Schema.Struct({ traceId: Schema.String, name: Schema.String, attributes: Attributes }),
          ),
        }),
      ),
    }),
  ),
})

/** The names of all spans in traces that tell of this session. */
const spansOf = (bodies: ReadonlyArray<string>, sessionId: string): ReadonlySet<string> => {
  const spans = bodies
    .map((body) => Schema.decodeUnknownSync(Schema.fromJsonString(Traces))(body))
    .flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    )
  const traces = new Set(
    spans
      .filter(({ attributes }) =>
        attributes.some(({ key, value }) => key === "opencx.session" && value.stringValue === sessionId),
      )
      .map(({ traceId }) => traceId),
  )
  return new Set(spans.filter(({ traceId }) => traces.has(traceId)).map(({ name }) => name))
}

/** What operators watch an installation by: each of these leaves for the collector, with a value of this run. */
const figures = [
  "opencx_lane_oldest_wait_seconds",
  "opencx_lane_events_waiting",
  "opencx_queue_oldest_seconds",
  "opencx_webhook_ack_seconds",
  "opencx_handoff_seconds",
  "opencx_provider_errors_total",
  "opencx_zendesk_budget_remaining",
  "opencx_zendesk_breaker_open",
  "opencx_sync_lag_seconds",
  "opencx_dead_letters",
  "opencx_dead_letters_total",
  "opencx_webhook_last_seen_seconds",
]
const Metrics = Schema.Struct({
  resourceMetrics: Schema.Array(
    Schema.Struct({
      scopeMetrics: Schema.Array(
        Schema.Struct({ metrics: Schema.Array(Schema.Struct({ name: Schema.String })) }),
      ),
    }),
  ),
})

const metricsIn = (bodies: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(
    bodies
      .map((body) => Schema.decodeUnknownSync(Schema.fromJsonString(Metrics))(body))
      .flatMap(({ resourceMetrics }) => resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics))
      .flatMap(({ metrics }) => metrics.map(({ name }) => name)),
  )

it(
  "every figure that operators watch reaches a collector that is pushed to",
  { timeout: 120_000 },
  async () => {
    const { bodies, close, endpoint } = await collector()
    const stage = await setStage({ reconcileSeconds: 3600 })
    await syncHelpCenter(stage)
    const runtime = await startRuntime(stage.configFile, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })
    try {
      await post(stage, {
        from: "mia@example.com",
        subject: "Figures",
        text: "I want to talk to a human, please. My case is figures-x.",
        messageId: "<figures@example.com>",
      })
      const ticket = await eventually("the ticket", () => ticketOf(stage, "figures-x"))
      await eventually("the word about it", () => mailsTo(stage, "mia@example.com")[0])
      stage.sink.refuse({ code: 550, message: "5.1.1 unknown" })
      stage.emulator.agent(ticket.id, { action: "reply", body: "Nobody reads this." })
      // Nobody scrapes: what is looked up rather than counted must be looked up for the collector, too.
      const missing = () => {
        const there = metricsIn(bodies.get("/v1/metrics") ?? [])
        return figures.filter((name) => !there.has(name))
      }
      await eventually("all figures", () => missing().length === 0, 120).catch(() =>
        assert.deepStrictEqual(missing(), []),
      )
    } finally {
      await runtime.kill()
      await stage.close()
      close()
    }
  },
)

it("one session's id leads from what came in to each call of Zendesk", { timeout: 120_000 }, async () => {
  const { bodies, close, endpoint } = await collector()
  const stage = await setStage({ reconcileSeconds: 3600 })
  const runtime = await startRuntime(stage.configFile, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })
  try {
    await post(stage, {
      from: "tracy@example.com",
      subject: "Traces",
      text: "I want to talk to a human, please. My case is traced-x.",
      messageId: "<traced@example.com>",
    })
    const ticket = await eventually("the ticket", () => ticketOf(stage, "traced-x"))
    await eventually("the word about it", () => mailsTo(stage, "tracy@example.com")[0])
    stage.emulator.agent(ticket.id, { action: "reply", body: "Found you." })
    await eventually("the reply", () =>
      mailsTo(stage, "tracy@example.com").find((mail) => mail.text.includes("Found you.")),
    )
    assert.strictEqual(await runtime.stop(), 0)
    const names = spansOf(bodies.get("/v1/traces") ?? [], ticket.external_id ?? "")
    for (const name of [
      "Ingest.events",
      "Conversation.receive",
      "Worker.run",
      "Zendesk.request",
      "channel-email.send",
      "Ingest.ticketSignal",
      "Signals.handOn",
    ])
      assert.include([...names], name)
    const everything = [...bodies.values()].flat().join("")
    for (const secret of ["opencx-secret", stage.hook.secret]) assert.notInclude(everything, secret)
  } finally {
    await runtime.kill()
    await stage.close()
    close()
  }
})

it("OTEL_EXPORTER_OTLP_ENDPOINT", { timeout: 60_000 }, async () => {
  const { bodies, close, endpoint } = await collector()
  const child = spawn(process.execPath, [main, "tour", "--steps", "0"], {
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: "opencx-e2e",
      OPENCX_LOG_LEVEL: "Error",
    },
    stdio: "ignore",
  })
  const code = await new Promise((resolve) => child.once("exit", resolve))
  close()
  assert.strictEqual(code, 0)
  const traces = (bodies.get("/v1/traces") ?? []).join("")
  assert.include(traces, "opencx-e2e")
  assert.include(traces, "KnowledgeSync.")
  assert.include((bodies.get("/v1/metrics") ?? []).join(""), "opencx_sync_articles")
})
