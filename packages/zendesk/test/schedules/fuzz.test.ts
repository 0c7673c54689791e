/** Rubbish in place of schedules and holidays: a value or a typed error, never a crash, and hours that can be used. */
import { brokenJson, fuzzSeeds, noise, repeatedBy } from "@opencx/testing"
import { isOpenAt } from "@opencx/core"
import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { listSchedules, makeZendeskClient, readSchedule } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { scripted } from "../fake/ScriptedServer.ts"
import { connectionTo } from "../fake/zendesk.ts"

const listing = {
  schedules: [
    {
      id: 360001,
      name: "East Coast",
      time_zone: "Kathmandu",
      intervals: [
        { start_time: 1_980, end_time: 2_460 },
        { start_time: 9_600, end_time: 10_080 },
      ],
    },
  ],
  next_page: null,
}
const holidays = { holidays: [{ id: 1, name: "Dashain", start_date: "2099-10-10", end_date: "2099-10-14" }] }

it.live("schedules and holidays", () =>
  Effect.gen(function* () {
    let answer: { readonly listing: unknown; readonly holidays: unknown } = { listing, holidays }
    const server = yield* scripted(({ path }) => ({
      json: path.endsWith("/holidays") ? answer.holidays : answer.listing,
    }))
    const limits = { breakerThreshold: 1_000_000 }
    const client = yield* makeZendeskClient(
      connectionTo(server.url, { requestsPerMinute: 1_000_000 }),
      limits,
    )
    const stands = (exit: Exit.Exit<unknown, unknown>, seed: number) => {
      if (Exit.isFailure(exit))
        assert.isFalse(Cause.hasDies(exit.cause), `${repeatedBy(seed)}: ${Cause.pretty(exit.cause)}`)
    }
    let taken = 0
    for (const seed of fuzzSeeds(400)) {
      const next = noise(seed)
      answer = {
        listing: next(3) === 0 ? listing : brokenJson(listing, next),
        holidays: next(3) === 0 ? holidays : brokenJson(holidays, next),
      }
      stands(yield* Effect.exit(listSchedules(client)), seed)
      const read = yield* Effect.exit(readSchedule(client, 360001))
      stands(read, seed)
      if (Exit.isFailure(read)) continue
      isOpenAt(read.value.hours, Date.now())
      taken += 1
    }
    assert.isAbove(taken, 20)
  }).pipe(overHttp, Effect.scoped),
)
