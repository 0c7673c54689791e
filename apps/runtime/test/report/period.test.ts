import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { periodOf } from "../../src/report/Period.ts"

const at = (text: string) => Date.parse(text)
const now = at("2026-11-21T12:00:00Z")

describe("the period of a report", () => {
  it.effect("is the last 30 days, up to now, unless something else is asked for", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      assert.deepStrictEqual(yield* periodOf({}), { from: now - 30 * 86_400_000, to: now })
      const days = yield* periodOf({ from: "2026-11-01", to: "2026-11-02" })
      assert.deepStrictEqual(days, { from: at("2026-11-01T00:00:00Z"), to: at("2026-11-03T00:00:00Z") })
      const hours = yield* periodOf({ from: "2026-11-01T08:00:00+02:00", to: "2026-11-01T07:30Z" })
      assert.deepStrictEqual(hours, { from: at("2026-11-01T06:00:00Z"), to: at("2026-11-01T07:30:00Z") })
    }),
  )

  it.effect("is refused with what to write", () =>
    Effect.gen(function* () {
      const bad = ["yesterday", "2026-02-30", "2026-13-01", "21.11.2026", "2026-11-21 08:00", ""]
      for (const from of bad) {
        const error = yield* Effect.flip(periodOf({ from, to: "2027-01-01" }))
        assert.include(error.message, "Write dates as 2026-11-21")
      }
      const error = yield* Effect.flip(periodOf({ from: "2026-11-02", to: "2026-11-01" }))
      assert.include(error.message, "ends before it begins")
    }),
  )
})
