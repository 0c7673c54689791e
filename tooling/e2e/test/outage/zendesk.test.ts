/** Zendesk answers 503 to everything for a minute, in the middle of conversations. Nothing is lost, nothing is double. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { audit, converse, eventually, pause } from "../support/customers.ts"
import { operatorOf } from "../support/operator.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"

describe("Zendesk", () => {
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

  it("503 for a minute", { timeout: 300_000 }, async () => {
    const talks = Array.from({ length: 4 }, (_, n) => converse(stage, n))
    await eventually("a first ticket", () => stage.emulator.counts().tickets > 0)
    const fault = stage.emulator.addFault({ kind: "status503", match: { path: "^/(api|oauth)/" } })
    for (let n = 4; n < 8; n += 1) talks.push(converse(stage, n))
    await pause(60_000)
    stage.emulator.removeFault(fault)
    await Promise.all(talks)
    assert.deepStrictEqual(await operatorOf({ ...stage, organization: "larkspoke" }).deadLetters(), [])
    assert.deepStrictEqual(await audit(stage, 8), {
      lost: [],
      duplicateTickets: [],
      duplicateComments: [],
      duplicateMails: [],
      resent: 0,
      leaked: 0,
    })
  })
})
