/**
 * One runtime stops and another takes over, under load, as an upgrade does it: nothing is lost and nothing doubled. The new
 * one is started first and waits (`serve --wait`), or is started when the old one is gone.
 */
import { acquirePostgres } from "@opencx-tooling/postgres"
import { afterAll, assert, describe, it } from "vitest"
import { audit, converse, eventually, pause } from "../support/customers.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"

const server = await acquirePostgres()
if ("skipped" in server) console.warn(`SKIPPED: the handover on Postgres did not run: ${server.skipped}`)

afterAll(async () => {
  if (!("skipped" in server)) await server.close()
})

const handovers = 3

/** The next runtime, and what became of the one before. */
type HandOver = (stage: Stage, old: RuntimeProcess) => Promise<RuntimeProcess>

const waiting: HandOver = async (stage, old) => {
  await old.ready
  const env = { OPENCX_LOG_LEVEL: "Info" }
  const next = await startRuntime(stage.configFile, { args: ["--wait"], untilReady: false, env })
  await eventually("it waits", () => next.log().some((line) => line.includes("waiting until it stops")))
  assert.strictEqual(await old.stop(), 0, old.log().join("\n"))
  return next
}

const afterwards: HandOver = async (stage, old) => {
  assert.strictEqual(await old.stop(), 0, old.log().join("\n"))
  return startRuntime(stage.configFile)
}

const upgradeUnderLoad = async (stage: Stage, handOver: HandOver): Promise<void> => {
  let runtime = await startRuntime(stage.configFile)
  try {
    const talks: Array<Promise<void>> = []
    for (let round = 0; round < handovers; round += 1) {
      for (let n = 0; n < 4; n += 1) talks.push(converse(stage, talks.length))
      // In the midst of it: at another moment each time.
      await pause(300 + round * 700)
      runtime = await handOver(stage, runtime)
    }
    await Promise.all(talks)
    await runtime.ready
    const result = await audit(stage, talks.length)
    assert.deepStrictEqual(
      { ...result, resent: 0 },
      { lost: [], duplicateTickets: [], duplicateComments: [], duplicateMails: [], resent: 0, leaked: 0 },
    )
    assert.strictEqual(result.resent, 0, "a stop that is asked for cuts no mail off")
  } finally {
    await runtime.kill()
  }
}

describe("an upgrade under load", () => {
  it.each([
    ["stop, then start", afterwards],
    ["the new process waits for the old one", waiting],
  ])("on SQLite: %s", { timeout: 240_000 }, async (_, handOver) => {
    const stage = await setStage({ reconcileSeconds: 1 })
    try {
      await upgradeUnderLoad(stage, handOver)
    } finally {
      await stage.close()
    }
  })

  it("on Postgres: the new process waits for the old one", { timeout: 240_000 }, async (context) => {
    if ("skipped" in server) return context.skip(`no Postgres: ${server.skipped}`)
    const databaseUrl = await server.createDatabase("opencx_handover")
    const stage = await setStage({ reconcileSeconds: 1, databaseUrl })
    try {
      await upgradeUnderLoad(stage, waiting)
    } finally {
      await stage.close()
    }
  })
})
