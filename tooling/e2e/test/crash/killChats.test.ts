/**
 * The runtime dies by SIGKILL at random moments of live-chat handoffs under load. Afterwards every chat must hold the whole
 * conversation once and in order, and every reply must be on the customer's phone once. `OPENCX_KILLS` changes how often.
 */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { killSettings, killWhile } from "../support/killing.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage, syncHelpCenter } from "../support/stage.ts"
import { auditTexts, converseByText, doubtful, realTimeOf } from "../support/textCustomers.ts"

const { kills, seed } = killSettings(25)

describe("kill -9 at random moments of live chats", () => {
  let stage: Stage
  let runtime: RuntimeProcess

  beforeAll(async () => {
    stage = await setStage({ reconcileSeconds: 1 }, {}, undefined, { realTime: true })
    await syncHelpCenter(stage)
    runtime = await startRuntime(stage.configFile)
  })
  afterAll(async () => {
    await runtime.kill()
    await stage.close()
  })

  it(`${kills} kills: nothing lost, nothing double, in order`, { timeout: 900_000 }, async () => {
    console.log(`live-chat kill test: seed ${seed}`)
    const end = await killWhile(runtime, {
      stage,
      kills,
      seed,
      atOnce: 6,
      converse: converseByText,
      written: () =>
        realTimeOf(stage).providers.twilio.messages().length +
        JSON.stringify(stage.emulator.sunshine.chats()).length,
    })
    runtime = end.runtime
    console.log(
      `live-chat kill test: ${kills} kills, ${end.started} conversations, ${await doubtful(stage)} dead letters`,
    )
    assert.deepStrictEqual(auditTexts(stage, end.started), {
      lost: [],
      double: [],
      outOfOrder: [],
      leaked: 0,
    })
  })
})
