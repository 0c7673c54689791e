/**
 * The runtime dies by SIGKILL at random moments of live-chat handoffs under load. Afterwards every chat must hold the whole
 * conversation once and in order, and every reply must be on the customer's phone once. `OPENCX_KILLS` changes how often.
 */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { pause } from "../support/customers.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage, syncHelpCenter } from "../support/stage.ts"
import { auditTexts, converseByText, doubtful, realTimeOf } from "../support/textCustomers.ts"

const kills = Number(process.env["OPENCX_KILLS"] ?? 25)
const seed = Number(process.env["OPENCX_SEED"] ?? Date.now() % 1_000_000)

/** A small generator, so that a failed run can be had again by its seed. */
const random = ((state: number) => () => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return state / 4_294_967_296
})(seed)

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
    let started = 0
    let done = 0
    const load = { on: true }
    const running: Array<Promise<void>> = []
    const talk = async () => {
      await converseByText(stage, started++)
      done += 1
    }
    const loading = (async () => {
      while (load.on) {
        if (started - done < 6) running.push(talk())
        await pause(200 + random() * 300)
      }
    })()
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(random() * 1500)
      await runtime.kill()
      runtime = await startRuntime(stage.configFile, { untilReady: kill + 1 === kills || random() < 0.75 })
    }
    load.on = false
    await loading
    await Promise.all(running)
    // Whatever is still under way must come to an end: nothing new for two seconds.
    const written = () =>
      realTimeOf(stage).providers.twilio.messages().length +
      JSON.stringify(stage.emulator.sunshine.chats()).length
    for (let quiet = 0, last = -1; quiet < 20; quiet += 1) {
      const now = written()
      if (now !== last) quiet = 0
      last = now
      await pause(100)
    }
    console.log(
      `live-chat kill test: ${kills} kills, ${started} conversations, ${await doubtful(stage)} dead letters`,
    )
    assert.deepStrictEqual(auditTexts(stage, started), { lost: [], double: [], outOfOrder: [], leaked: 0 })
  })
})
