/** `opencx schedules`: what Zendesk has, what is used, and reading it now. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { runHere } from "../support/inProcess.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

let stage: ZendeskStage
let id = 0
beforeAll(async () => {
  stage = await setZendeskStage()
  id = stage.emulator.schedules.add({ name: "Øst \u202eسوق", timeZone: "Kyiv", intervals: [[540, 1_020]] })
  stage.emulator.schedules.add({ name: "Nowhere", timeZone: "Middle Earth" })
}, 30_000)
afterAll(() => stage.close())

const schedules = (...args: ReadonlyArray<string>) =>
  runHere(["schedules", "--config", stage.configFile, ...args])

describe("opencx schedules", { timeout: 60_000 }, () => {
  it("lists them for who has to choose, marks of direction made harmless", async () => {
    const { code, out } = await schedules()
    assert.strictEqual(code, 0)
    assert.match(out, /Øst \ufffdسوق: Kyiv \(Europe\/Kyiv\), 1 intervals a week/)
    assert.match(out, /Nowhere: Middle Earth \(a zone that OpenCX does not know\), never open/)
    assert.match(out, /come from none of them/)
  })

  it("reads the one that is used, and says what is known of it", async () => {
    await stage.configure({ handoff: { officeHours: { zendeskSchedule: id } } })
    const before = await schedules()
    assert.match(before.out, /no copy was ever read/)
    const { code, out } = await schedules("--read", "--json")
    assert.strictEqual(code, 0)
    const [{ used }] = JSON.parse(out)
    assert.strictEqual(used.copy.hours.timeZone, "Europe/Kyiv")
    assert.isNull(used.trouble)
    assert.match((await schedules()).out, /Office hours: "Øst/)
  })

  it("ends with 1 where something cannot be read, and says since when", async () => {
    stage.emulator.schedules.plan(404)
    const { code, err, out } = await schedules("--read")
    assert.strictEqual(code, 1)
    assert.match(out, /not part of this plan/)
    assert.match(out, /cannot be read since 20\d\d-/)
    assert.match(err, /Not every schedule can be read/)
  })
})
