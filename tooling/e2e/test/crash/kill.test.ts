/**
 * The runtime dies by SIGKILL at random moments of conversations under load and is started again each time. Afterwards
 * Zendesk's log and the mailboxes must show every message once. `OPENCX_KILLS` changes how often (default 50).
 */
import { tickets } from "@opencx/runtime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { audit, converse } from "../support/customers.ts"
import { killSettings, killWhile } from "../support/killing.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"

const { kills, seed } = killSettings(50)

describe("kill -9 at random moments", () => {
  let stage: Stage
  let runtime: RuntimeProcess

  beforeAll(async () => {
    stage = await setStage({ reconcileSeconds: 1 })
    runtime = await startRuntime(stage.configFile)
  })
  afterAll(async () => {
    await runtime.kill()
    await stage.close()
  })

  it(`${kills} kills: nothing lost, nothing double`, { timeout: 900_000 }, async () => {
    console.log(`kill test: seed ${seed}`)
    const end = await killWhile(runtime, {
      stage,
      kills,
      seed,
      atOnce: 8,
      converse,
      written: () =>
        stage.sink.mails().length + tickets(stage).reduce((sum, t) => sum + 1 + t.comments.length, 0),
    })
    runtime = end.runtime
    const result = await audit(stage, end.started)
    console.log(
      `kill test: ${kills} kills, ${end.started} conversations, ${result.resent} mails handed over again under the same Message-ID`,
    )
    assert.deepStrictEqual(
      { ...result, resent: 0 },
      { lost: [], duplicateTickets: [], duplicateComments: [], duplicateMails: [], resent: 0, leaked: 0 },
    )
  })
})
