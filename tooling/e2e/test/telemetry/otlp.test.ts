/** Traces and metrics reach a collector that the environment names. */
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))

const collector = async () => {
  const bodies = new Map<string, string>()
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const path = request.url ?? ""
      bodies.set(path, (bodies.get(path) ?? "") + Buffer.concat(chunks).toString())
      response.end("{}")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { bodies, endpoint: `http://127.0.0.1:${port}`, close: () => server.close() }
}

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
  const traces = bodies.get("/v1/traces") ?? ""
  assert.include(traces, "opencx-e2e")
  assert.include(traces, "KnowledgeSync.")
  assert.include(bodies.get("/v1/metrics") ?? "", "opencx_sync_articles")
})
