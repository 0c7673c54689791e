/** What a person at a terminal is asked, and what their answer does. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { runCli } from "../support/cli.ts"
import { atTerminal, whyNoTerminal } from "../support/terminal.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterAll(() => stage.close())

const reason = whyNoTerminal()
if (reason !== null) console.warn(`NOT TESTED: questions at a terminal: ${reason}`)

const doThis = "Do this in Zendesk?"
const forEver = "Turn multi-conversations on? This cannot be undone."

const setUp = (...answers: ReadonlyArray<readonly [string, string]>) =>
  atTerminal(["setup", "zendesk", "--config", stage.configFile], answers)

const left = async () => {
  const { out } = await runCli(["setup", "zendesk", "--dry-run", "--json", "--config", stage.configFile])
  return out
}

describe.skipIf(reason !== null)("opencx setup zendesk at a terminal", { timeout: 120_000 }, () => {
  it("no: nothing was changed", async () => {
    const before = await left()
    const { code, screen } = await setUp([doThis, "n"])
    assert.strictEqual(code, 0, screen)
    assert.include(screen, "Nothing was changed.")
    assert.notInclude(screen, forEver)
    assert.strictEqual(await left(), before)
  })

  it("Ctrl+C is a no", async () => {
    const before = await left()
    await setUp([doThis, "\u0003"])
    assert.strictEqual(await left(), before)
  })

  it("yes, but not what can never be undone", async () => {
    const { code, screen } = await setUp([doThis, "y"], [forEver, "n"])
    assert.strictEqual(code, 0, screen)
    const rest = await left()
    assert.notInclude(rest, "ticketing_webhook")
    assert.include(rest, "multi_conversations")
  })

  it("multi-conversations on their own question", async () => {
    const { code, screen } = await setUp([forEver, "y"])
    assert.strictEqual(code, 0, screen)
    assert.notInclude(await left(), "multi_conversations")
  })
})
