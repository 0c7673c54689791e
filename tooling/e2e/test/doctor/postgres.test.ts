/** Setting up, verifying and diagnosing with Postgres as the database, and when that database is gone. */
import { acquirePostgres } from "@opencx-tooling/postgres"
import { Schema } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { afterAll, assert, describe, it } from "vitest"
import { setStage } from "../support/stage.ts"

const server = await acquirePostgres()
if ("skipped" in server) console.warn(`SKIPPED: the doctor on Postgres did not run: ${server.skipped}`)

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const opencx = (...args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, OPENCX_LOG_LEVEL: "Error" } }
    execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

const Report = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      ok: Schema.Boolean,
      complete: Schema.Boolean,
      organizations: Schema.Array(
        Schema.Struct({
          checks: Schema.Array(
            Schema.Struct({ id: Schema.String, status: Schema.String, needed: Schema.Boolean }),
          ),
        }),
      ),
    }),
  ),
)

describe("the doctor on Postgres", () => {
  afterAll(async () => {
    if (!("skipped" in server)) await server.close()
  })

  it("finds the same as on the embedded database; without the database it says so and ends with 2", async (context) => {
    if ("skipped" in server) return context.skip("no Postgres server; the reason is printed above")
    const stage = await setStage({ databaseUrl: await server.createDatabase("opencx_doctor") })
    const where = ["--config", stage.configFile]
    try {
      const setup = await opencx("setup", "zendesk", "--yes", "--json", ...where)
      assert.strictEqual(setup.code, 0, setup.err)
      const found = await opencx("doctor", "--json", ...where)
      const { complete, ok, organizations } = Report(found.out)
      const bad = organizations.flatMap(({ checks }) =>
        checks.filter(({ needed, status }) => status === "unknown" || (needed && status === "problem")),
      )
      // Nothing was synced on this stage, and that is all that is wrong.
      assert.deepStrictEqual(
        bad.map(({ id }) => id),
        ["articles.sync_ran"],
        found.out,
      )
      assert.deepStrictEqual([ok, complete, found.code], [false, true, 1])
      assert.strictEqual((await opencx("verify", ...where)).code, 0)
      if (server.pid() === null) return
      await server.stop()
      const gone = await opencx("doctor", "--json", ...where)
      assert.strictEqual(gone.code, 2, gone.err)
      assert.strictEqual(gone.out, "")
      assert.match(gone.err, /says nothing about Zendesk/)
      assert.notMatch(gone.err, /^\s+at .*\.ts:\d+/m)
    } finally {
      await stage.close()
    }
  }, 180_000)
})
