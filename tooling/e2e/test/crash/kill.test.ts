/**
 * The runtime dies by SIGKILL at random moments of conversations under load and is started again each time. Afterwards
 * Zendesk's log and the mailboxes must show every message once. `OPENCX_KILLS` changes how often (default 50).
 */
import { tickets } from "@opencx/runtime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { audit, converse, pause } from "../support/customers.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"

const kills = Number(process.env["OPENCX_KILLS"] ?? 50)
const seed = Number(process.env["OPENCX_SEED"] ?? Date.now() % 1_000_000)

/** A small generator, so that a failed run can be had again by its seed. */
const random = ((state: number) => () => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return state / 4_294_967_296
})(seed)

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
    let started = 0
    let done = 0
    const load = { on: true }
    const running: Array<Promise<void>> = []
    const talk = async () => {
      await converse(stage, started++)
      done += 1
    }
    const loading = (async () => {
      while (load.on) {
        if (started - done < 8) running.push(talk())
        await pause(150 + random() * 250)
      }
    })()
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(random() * 1500)
      await runtime.kill()
      // One time in four the next kill may hit the start itself.
      runtime = await startRuntime(stage.configFile, { untilReady: kill + 1 === kills || random() < 0.75 })
    }
    load.on = false
    await loading
    await Promise.all(running)
    // Whatever is still under way must come to an end: no new mail, ticket or comment for two seconds.
    const written = () =>
      stage.sink.mails().length + tickets(stage).reduce((sum, t) => sum + 1 + t.comments.length, 0)
    for (let quiet = 0, last = -1; quiet < 20; quiet += 1) {
      const now = written()
      if (now !== last) quiet = 0
      last = now
      await pause(100)
    }
    const result = await audit(stage, started)
    console.log(
      `kill test: ${kills} kills, ${started} conversations, ${result.resent} mails handed over again under the same Message-ID`,
    )
    assert.deepStrictEqual(
      { ...result, resent: 0 },
      { lost: [], duplicateTickets: [], duplicateComments: [], duplicateMails: [], resent: 0, leaked: 0 },
    )
  })
})
