/** Office hours from a Zendesk schedule that cannot be had, is not read, or does not say what one expects. */
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import { connectZendesk } from "../../src/layers/ZendeskAccounts.ts"
import { organizationSchedule } from "../../src/schedules/OrganizationSchedule.ts"
import { readNow } from "../../src/schedules/readNow.ts"
import { Effect, Schema } from "effect"
import { OrganizationConfig } from "../../src/config/RuntimeConfig.ts"
import {
  checkIn,
  type DoctorStage,
  isOk,
  isProblem,
  setDoctorStage,
  troubles,
} from "../support/doctorStage.ts"
import { oauth } from "../support/zendeskStage.ts"

let stage: DoctorStage
let id = 0
beforeAll(async () => {
  stage = await setDoctorStage()
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const nine = [[1_980, 2_460]] as const
const all = ["hours.readable", "hours.schedule", "hours.current", "hours.open"] as const

const organization = (wanted: string | number) => ({
  handoff: { officeHours: { zendeskSchedule: wanted } },
})
const decode = Schema.decodeUnknownSync(OrganizationConfig)

/** What the runtime does on its interval. */
const read = (wanted: string | number) => {
  const config = decode({
    id: "acme",
    name: "Acme",
    zendesk: { subdomain: "acme", baseUrl: stage.emulator.url, auth: oauth },
    ...organization(wanted),
  })
  return stage.within(
    Effect.gen(function* () {
      const schedule = yield* organizationSchedule(config, yield* connectZendesk(config))
      return schedule === null ? null : yield* readNow(schedule)
    }).pipe(Effect.scoped),
  )
}

beforeEach(() => {
  stage.emulator.schedules.plan("on")
  id = stage.emulator.schedules.add({ name: `Support ${id}`, timeZone: "Copenhagen", intervals: nine })
  stage.configure(organization(id))
})

describe("office hours from a schedule", { timeout: 60_000 }, () => {
  it("are not asked about while none is configured, and cost no call", async () => {
    stage.configure({})
    stage.emulator.clearCalls()
    const found = await stage.look()
    assert.deepStrictEqual(
      found.checks.filter(({ id: name }) => name.startsWith("hours.")),
      [],
    )
    assert.isFalse(stage.emulator.calls().some(({ path }) => path.includes("business_hours")))
  })

  it("are good once the runtime has read them", async () => {
    isProblem(await stage.look(), "hours.current", /has not read .* yet/, /opencx schedules --read/)
    await read(id)
    const found = await stage.look()
    isOk(found, ...all)
    assert.deepStrictEqual(troubles(found), [])
  })

  it("are not part of the plan", async () => {
    await read(id)
    for (const answer of [403, 404] as const) {
      stage.emulator.schedules.plan(answer)
      const found = await stage.look()
      isProblem(found, "hours.readable", /not part of this plan/, /Admin Center|admin/)
      const { evidence } = isProblem(found, "hours.schedule", /cannot be read/, /opencx schedules/)
      assert.match(evidence.join(), /The copy of 20.* goes on: "Support/)
    }
  })

  it("are those of a schedule that was deleted; since when is told", async () => {
    await read(id)
    stage.emulator.schedules.remove(id)
    const found = await stage.look()
    isProblem(found, "hours.schedule", /not found/, /opencx schedules/)
    await read(id)
    const again = isProblem(await stage.look(), "hours.schedule", /not found/, /deleted or renamed/)
    assert.match(again.evidence.join(), /cannot read it since 20\d\d-/)
    stage.configure(organization("No such schedule"))
    const never = isProblem(
      await stage.look(),
      "hours.schedule",
      /"No such schedule".*not found/,
      /opencx schedules/,
    )
    assert.match(never.evidence.join(), /as if somebody were always there/)
  })

  it("are of a time zone that nobody knows", async () => {
    await read(id)
    stage.emulator.schedules.edit(id, { timeZone: "Middle Earth" })
    isProblem(await stage.look(), "hours.schedule", /time zone "Middle Earth"/, /opencx schedules/)
    await read(id)
    isProblem(await stage.look(), "hours.schedule", /time zone "Middle Earth"/, /Correct it in Zendesk/)
  })

  it("could not be read for a time, and can be again", async () => {
    await read(id)
    stage.emulator.schedules.plan(403)
    await read(id)
    stage.emulator.schedules.plan("on")
    isProblem(await stage.look(), "hours.current", /cannot read .* since 20/, /It can be read just now/)
    await read(id)
    isOk(await stage.look(), ...all)
  })

  it("are not read any more, because no runtime is up", async () => {
    await read(id)
    isOk(await stage.look(undefined, 40 * 60_000), "hours.current")
    const found = await stage.look(undefined, 60 * 60_000)
    isProblem(found, "hours.current", /has not read .* since 20/, /opencx serve/)
  })

  it("were changed in Zendesk a moment ago", async () => {
    await read(id)
    stage.emulator.schedules.edit(id, { holidays: [["2099-12-24", "2099-12-26"]] })
    const found = await stage.look()
    isProblem(found, "hours.current", /was changed in Zendesk/, /within 15 minutes/)
    assert.isFalse(checkIn(found, "hours.current").needed)
  })

  it("are never, because the schedule has no intervals", async () => {
    stage.emulator.schedules.edit(id, { intervals: [] })
    await read(id)
    const found = await stage.look()
    isProblem(found, "hours.open", /nobody is ever there/, /Add business hours/)
    assert.isFalse(checkIn(found, "hours.open").needed)
  })
})
