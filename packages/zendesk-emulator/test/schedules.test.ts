/** Schedules of business hours: read by the API, changed by who administers the account. */
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { type Account, account, arr, at, num } from "./harness.ts"

const base = "/api/v2/business_hours/schedules"

describe("schedules", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({
      limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
      seed: {
        schedules: [
          {
            id: 360001,
            name: "East Coast",
            timeZone: "Eastern Time (US & Canada)",
            intervals: [[1980, 2460]],
            holidays: [["2026-12-25", "2026-12-26", "Christmas"]],
          },
        ],
      },
    })
  })
  beforeEach(() => {
    acme.emulator.schedules.plan("on")
    acme.emulator.schedules.pages(null)
  })
  afterAll(() => acme.emulator.close())

  it("are listed, read by id, and have holidays", async () => {
    const { body } = await acme.call("GET", `${base}.json`)
    const [first] = arr(body, "schedules")
    assert.strictEqual(at(first, "id"), 360001)
    assert.strictEqual(at(first, "time_zone"), "Eastern Time (US & Canada)")
    assert.deepStrictEqual(at(first, "intervals"), [{ start_time: 1980, end_time: 2460 }])
    const one = await acme.call("GET", `${base}/360001`)
    assert.strictEqual(at(one.body, "schedule.name"), "East Coast")
    const days = await acme.call("GET", `${base}/360001/holidays`)
    assert.strictEqual(at(days.body, "holidays.0.start_date"), "2026-12-25")
    assert.strictEqual(at(days.body, "holidays.0.end_date"), "2026-12-26")
    assert.strictEqual((await acme.call("GET", `${base}/1`)).status, 404)
    assert.strictEqual((await acme.call("GET", base, undefined, { anonymous: true })).status, 401)
  })

  it("are made, changed and deleted through the control plane", async () => {
    const made = await acme.control("POST", "/schedules", {
      name: "الدعم",
      time_zone: "Riyadh",
      intervals: [{ start_time: 540, end_time: 1020 }],
    })
    const id = num(made.body, "schedule.id")
    await acme.control("POST", `/schedules/${id}`, {
      holidays: [{ name: "Eid", start_date: "2027-03-10", end_date: "2027-03-12" }],
    })
    const read = await acme.call("GET", `${base}/${id}`)
    assert.strictEqual(at(read.body, "schedule.name"), "الدعم")
    assert.deepStrictEqual(at(read.body, "schedule.intervals"), [{ start_time: 540, end_time: 1020 }])
    assert.strictEqual(at((await acme.call("GET", `${base}/${id}/holidays`)).body, "holidays.0.name"), "Eid")
    assert.strictEqual((await acme.control("POST", `/schedules/${id}`, { action: "delete" })).status, 200)
    assert.strictEqual((await acme.call("GET", `${base}/${id}`)).status, 404)
    assert.strictEqual((await acme.control("POST", `/schedules/${id}`, { name: "x" })).status, 404)
    assert.strictEqual((await acme.control("POST", "/schedules", { name: "x" })).status, 400)
  })

  it("come in pages when a test wants that", async () => {
    const more = acme.emulator.schedules.add({ name: "Second", timeZone: "UTC" })
    acme.emulator.schedules.pages(1)
    const first = await acme.call("GET", base)
    assert.lengthOf(arr(first.body, "schedules"), 1)
    const second = await acme.call("GET", String(at(first.body, "next_page")))
    assert.strictEqual(num(second.body, "schedules.0.id"), more)
    assert.strictEqual(at(second.body, "next_page"), null)
    acme.emulator.schedules.remove(more)
  })

  it("are refused on plans without them", async () => {
    for (const answer of [403, 404] as const) {
      await acme.control("POST", "/schedules/plan", { answer })
      for (const path of [base, `${base}/360001`, `${base}/360001/holidays`])
        assert.strictEqual((await acme.call("GET", path)).status, answer)
    }
    assert.strictEqual((await acme.control("POST", "/schedules/plan", { answer: 200 })).status, 400)
  })
})
