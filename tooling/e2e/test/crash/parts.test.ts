/** The runtime dies by SIGKILL while a long reply is going out in parts: no part is on the customer's phone twice. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { eventually, pause } from "../support/customers.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage, syncHelpCenter } from "../support/stage.ts"
import { chatsOf, doubtful, realTimeOf } from "../support/textCustomers.ts"

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

const twilio = () => realTimeOf(stage).providers.twilio
afterEach(() => twilio().faults.clear())

/** Three messages at Twilio's limit. */
const longReply = (mark: string): string =>
  Array.from({ length: 70 }, (_, i) => `${mark} sentence number ${i + 1} is about lamps and bikes.`).join(" ")

const sentTo = (number: string, mark: string): ReadonlyArray<string> =>
  twilio()
    .sent()
    .filter(({ body, to }) => to === number && body.includes(mark))
    .map(({ body }) => body)

/** A human answers this customer at length; Twilio's answers to the parts are as planned. */
const answered = async (number: string, mark: string, second: "mute" | "hang") => {
  const { people } = realTimeOf(stage)
  const words = `I want to talk to a human, please. ${mark}-wish`
  assert.strictEqual(await people.text(number, words, `SM${mark.padEnd(32, "0")}`), 200)
  const chat = await eventually(`the chat of ${mark}`, () =>
    chatsOf(stage, `${mark}-wish`).find(({ control }) => control.active === "zd-agentWorkspace"),
  )
  await eventually("the confirmation", () => sentTo(number, "").length > 0)
  // Nothing else is on its way now.
  await pause(500)
  twilio().faults.next("create", { kind: "none" }, { kind: second })
  const calls = () => twilio().requests.filter(({ method }) => method === "POST").length
  const before = calls()
  stage.emulator.sunshine.agent(chat.conversation.id, { action: "reply", body: longReply(mark) })
  await eventually(
    "the second part at Twilio",
    () => calls() >= before + 2 && sentTo(number, mark).length > 0,
  )
}

describe("kill -9 between the parts of a long reply", () => {
  for (const [second, number, mark, out] of [
    ["mute", "+14155553001", "a1", "Twilio has taken the part that was on its way"],
    ["hang", "+14155553002", "b2", "Twilio has not taken the part that was on its way"],
  ] as const) {
    it(`${out}: every part arrives once, in order`, { timeout: 120_000 }, async () => {
      await answered(number, mark, second)
      await eventually("the parts before the crash", () =>
        sentTo(number, mark).length === (second === "mute" ? 2 : 1) ? true : null,
      )
      await runtime.kill()
      runtime = await startRuntime(stage.configFile)
      await eventually("the whole reply", () => sentTo(number, mark).join(" ") === longReply(mark), 60)
      await pause(1_000)
      assert.strictEqual(sentTo(number, mark).join(" "), longReply(mark))
      assert.isAtLeast(sentTo(number, mark).length, 3)
      assert.strictEqual(await doubtful(stage), 0)
    })
  }
})
