/** Schedules over sockets: what the emulator keeps, and everything that Zendesk may answer instead. */
import { assert, describe, it } from "@effect/vitest"
import { isOpenAt } from "@opencx/core"
import { Effect } from "effect"
import { listSchedules, makeZendeskClient, readSchedule } from "../../src/index.ts"
import { open } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, routes, scripted } from "../fake/ScriptedServer.ts"
import { connectionTo } from "../fake/zendesk.ts"

const base = "GET /api/v2/business_hours/schedules"
const eastCoast = {
  id: 360001,
  name: "East Coast",
  time_zone: "Eastern Time (US & Canada)",
  intervals: [{ start_time: 1_980, end_time: 2_460 }],
}

const over = (script: Parameters<typeof routes>[0]) =>
  Effect.gen(function* () {
    const server = yield* scripted(routes(script))
    const client = yield* makeZendeskClient(connectionTo(server.url), {
      timeoutMs: 200,
      breakerThreshold: 100,
    })
    return { server, client }
  })

const reading = (listing: Reply, holidays: Reply = { json: { holidays: [] } }) =>
  Effect.gen(function* () {
    const { client } = yield* over({ [base]: listing, [`${base}/360001/holidays`]: holidays })
    return yield* readSchedule(client, 360001)
  })

const failing = (listing: Reply, holidays?: Reply) =>
  Effect.map(Effect.flip(reading(listing, holidays)), (error) => error)

const good: Reply = { json: { schedules: [eastCoast] } }

describe("schedules of a running account", () => {
  it.live("are listed with what a person needs to choose, and read by id or by name", () =>
    Effect.gen(function* () {
      const { client, emulator } = yield* open()
      const { schedules } = emulator
      const riyadh = schedules.add({
        name: "ساعات الدعم",
        timeZone: "Riyadh",
        intervals: [[540, 1_020]],
        holidays: [["2027-03-10", "2027-03-12", "عيد الفطر"]],
      })
      schedules.add({ name: " Café ", timeZone: "Middle Earth" })
      assert.deepStrictEqual(yield* listSchedules(client), [
        { id: String(riyadh), name: "ساعات الدعم", timeZone: "Riyadh", zone: "Asia/Riyadh", intervals: 1 },
        {
          id: String(riyadh + 2),
          name: "Café",
          timeZone: "Middle Earth",
          zone: null,
          intervals: 0,
        },
      ])
      const expected = {
        id: String(riyadh),
        name: "ساعات الدعم",
        timeZone: "Riyadh",
        hours: {
          timeZone: "Asia/Riyadh",
          open: [{ days: ["sun"] as const, from: "09:00", to: "17:00" }],
          holidays: [{ from: "2027-03-10", to: "2027-03-12" }],
        },
      }
      for (const wanted of [riyadh, String(riyadh), "ساعات الدعم", " ساعات الدعم "])
        assert.deepStrictEqual(yield* readSchedule(client, wanted), expected)
      // The zone that is not known is told for the schedule that is wanted alone; however its letters are composed.
      const odd = yield* Effect.flip(readSchedule(client, "Cafe\u0301"))
      assert.match(odd.message, /time zone "Middle Earth" of schedule "Café"/)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("that have one name are told apart by their ids; one that is gone is not found", () =>
    Effect.gen(function* () {
      const { client, emulator } = yield* open()
      const twins = [1, 2].map(() => emulator.schedules.add({ name: "Support", timeZone: "UTC" }))
      const error = yield* Effect.flip(readSchedule(client, "Support"))
      assert.strictEqual(error.reason._tag, "Invalid")
      for (const id of twins) assert.include(error.message, `(${id})`)
      assert.match(error.message, /by its id/)
      for (const id of twins) assert.strictEqual((yield* readSchedule(client, id)).id, String(id))
      emulator.schedules.remove(twins[0] ?? 0)
      const gone = yield* Effect.flip(readSchedule(client, twins[0] ?? 0))
      assert.strictEqual(gone.reason._tag, "NotFound")
      assert.strictEqual((yield* readSchedule(client, "Support")).id, String(twins[1]))
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("with ten thousand holidays are read whole, also in pages", () =>
    Effect.gen(function* () {
      const { client, emulator } = yield* open()
      const date = (n: number) => new Date(Date.UTC(2030, 0, 1 + 2 * n)).toISOString().slice(0, 10)
      const id = emulator.schedules.add({
        name: "Always closed",
        timeZone: "Copenhagen",
        intervals: [[0, 10_080]],
        holidays: Array.from({ length: 10_000 }, (_, n) => [date(n), date(n)] as const),
      })
      assert.lengthOf((yield* readSchedule(client, id)).hours.holidays, 10_000)
      emulator.schedules.pages(100)
      const { hours } = yield* readSchedule(client, id)
      assert.lengthOf(hours.holidays, 10_000)
      assert.isFalse(isOpenAt(hours, Date.parse(`${date(9_999)}T12:00:00Z`)))
      assert.isTrue(isOpenAt(hours, Date.parse(`${date(10_000)}T12:00:00Z`)))
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("of a plan without them are told so, whichever way Zendesk says it", () =>
    Effect.gen(function* () {
      const { client, emulator } = yield* open()
      for (const answer of [403, 404] as const) {
        emulator.schedules.plan(answer)
        const { message, reason } = yield* Effect.flip(listSchedules(client))
        assert.strictEqual(reason._tag, "PermissionDenied")
        assert.match(message, /not part of this plan, or this connection's agent or scope/)
      }
    }).pipe(overHttp, Effect.scoped),
  )
})

describe("schedules when Zendesk answers something else", () => {
  it.live("429 and 503 say when to come back; nothing is read in between", () =>
    Effect.gen(function* () {
      const limited = yield* failing({
        status: 429,
        headers: { "retry-after": "7" },
        json: { error: "slow" },
      })
      assert.deepInclude(limited.reason, { _tag: "RateLimited", retryAfterMs: 7_000 })
      const down = yield* failing({ status: 503, headers: { "retry-after": "9" }, json: {} })
      assert.deepInclude(down.reason, { _tag: "Unavailable", retryAfterMs: 9_000 })
      assert.isTrue(down.isRetryable)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("no answer in time, a cut answer and a broken body can be tried again", () =>
    Effect.gen(function* () {
      const bodies: ReadonlyArray<Reply> = [
        "hang",
        "cut",
        "reset",
        { text: "<html>" },
        { json: { schedules: "none" } },
        { json: [] },
      ]
      for (const body of bodies) {
        const error = yield* failing(body)
        assert.strictEqual(error.reason._tag, "Unavailable", JSON.stringify(body))
      }
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("an item that cannot be read hides no other; the one that is wanted is missed aloud", () =>
    Effect.gen(function* () {
      const odd = { id: 360002, name: "Odd", time_zone: 7 }
      const { client } = yield* over({
        [base]: { json: { schedules: [null, "x", odd, eastCoast] } },
        [`${base}/360001/holidays`]: { json: { holidays: [] } },
      })
      assert.strictEqual((yield* readSchedule(client, "East Coast")).id, "360001")
      assert.match((yield* Effect.flip(readSchedule(client, 360002))).message, /3 cannot/)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("a holiday that cannot be read is no day with people there", () =>
    Effect.gen(function* () {
      for (const holidays of [[{}], [null], [{ name: "X", start_date: "soon", end_date: "soon" }]]) {
        const error = yield* failing(good, { json: { holidays } })
        assert.strictEqual(error.reason._tag, "Invalid")
        assert.match(error.message, /holiday/)
      }
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("a schedule that goes between the two calls is not found", () =>
    Effect.gen(function* () {
      const error = yield* failing(good, { status: 404, json: { error: "RecordNotFound" } })
      assert.strictEqual(error.reason._tag, "NotFound")
      assert.match(error.message, /holidays of schedule "East Coast"/)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("an account that is not there is no plan without schedules", () =>
    Effect.gen(function* () {
      const page: Reply = {
        status: 404,
        headers: { "content-type": "text/html" },
        text: "<!DOCTYPE html><html>",
      }
      assert.strictEqual((yield* failing(page)).reason._tag, "CredentialsRejected")
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("pages by links are followed on our own path alone, and not for ever", () =>
    Effect.gen(function* () {
      const { client, server } = yield* over({
        [base]: (seen) =>
          seen.query.get("page[after]") === "b"
            ? {
                json: {
                  schedules: [eastCoast],
                  links: { next: "https://x/?a=b" },
                  meta: { has_more: false },
                },
              }
            : {
                json: {
                  schedules: [],
                  links: { next: "https://evil.example/steal?page%5Bafter%5D=b" },
                  meta: { has_more: true },
                },
              },
        [`${base}/360001/holidays`]: { json: { holidays: [] } },
      })
      assert.strictEqual((yield* readSchedule(client, 360001)).name, "East Coast")
      assert.lengthOf(server.to(base), 2)
      const endless = yield* over({ [base]: { json: { schedules: [], next_page: "/x?page=2" } } })
      assert.match((yield* Effect.flip(listSchedules(endless.client))).message, /does not end/)
      assert.lengthOf(endless.server.to(base), 2)
    }).pipe(overHttp, Effect.scoped),
  )
})
