/** The Postgres server is gone for 30 s and comes back, while the runtime lives. */
import { acquirePostgres } from "@opencx-tooling/postgres"
import { afterAll, describe, it } from "vitest"
import { liveThrough } from "../support/outage.ts"
import { startRuntime } from "../support/runtimeProcess.ts"
import { setStage } from "../support/stage.ts"

const server = await acquirePostgres()
const own = "skipped" in server || server.pid() === null ? null : server

if (own === null) {
  const why =
    "skipped" in server ? server.skipped : "OPENCX_TEST_POSTGRES_URL names a server that is not ours to stop"
  console.warn(`SKIPPED: the Postgres outage test did not run: ${why}`)
}

describe("Postgres", () => {
  afterAll(async () => {
    if (!("skipped" in server)) await server.close()
  })

  it("stopped for 30 s and started again", { timeout: 300_000 }, async (context) => {
    if (own === null) return context.skip("no private Postgres server; the reason is printed above")
    const databaseUrl = await own.createDatabase("opencx_outage")
    const stage = await setStage({ reconcileSeconds: 1, databaseUrl })
    const runtime = await startRuntime(stage.configFile)
    try {
      await liveThrough(stage, runtime, {
        seconds: 30,
        before: 4,
        during: 4,
        begin: own.stop,
        end: own.start,
      })
    } finally {
      await runtime.kill()
      await stage.close()
    }
  })
})
