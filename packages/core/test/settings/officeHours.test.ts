/** Office hours: wall clocks, summer time, holidays, and a calendar that is checked minute by minute. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  afterOpenMinutes,
  isOpenAt,
  momentInWords,
  nextOpening,
  OfficeHours,
} from "../../src/settings/officeHours.ts"

const decode = Schema.decodeUnknownSync(OfficeHours)
const weekdays = ["mon", "tue", "wed", "thu", "fri"]
const berlin = decode({
  timeZone: "Europe/Berlin",
  open: [{ days: weekdays, from: "09:00", to: "17:30" }],
  holidays: [{ from: "2026-12-24", to: "2026-12-26" }, { from: "2027-01-01" }],
})
const utc = (text: string): number => Date.parse(`${text}Z`)
const iso = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().slice(0, 16)

describe("office hours", () => {
  it.each([
    // Winter: one hour ahead of UTC.
    ["2026-11-23T08:00", true],
    ["2026-11-23T07:59", false],
    ["2026-11-23T16:29", true],
    ["2026-11-23T16:30", false],
    // Summer: two.
    ["2026-07-06T07:00", true],
    ["2026-07-06T06:59", false],
    // A Saturday, a Sunday, a holiday in the middle of some, and the day after them (a Sunday), then a Monday.
    ["2026-11-21T10:00", false],
    ["2026-11-22T10:00", false],
    ["2026-12-25T10:00", false],
    ["2026-12-28T10:00", true],
    ["2027-01-01T10:00", false],
  ])("in Berlin at %s UTC somebody is there: %s", (at, expected) => {
    assert.strictEqual(isOpenAt(berlin, utc(at)), expected)
  })

  it("are always, when there are none set", () => {
    assert.isTrue(isOpenAt(null, 0))
    assert.strictEqual(afterOpenMinutes(null, 1_000, 1), 61_000)
  })

  it.each([
    ["2026-11-23T10:00", "2026-11-23T10:00"],
    ["2026-11-20T16:30", "2026-11-23T08:00"],
    // Wednesday evening before three holidays and a Sunday.
    ["2026-12-23T17:00", "2026-12-28T08:00"],
    // Over the night in which Berlin leaves summer time.
    ["2026-10-23T15:30", "2026-10-26T08:00"],
  ])("open after %s at %s", (at, expected) => {
    assert.strictEqual(iso(nextOpening(berlin, utc(at))), expected)
  })

  it.each([
    ["2026-11-23T10:00", 60, "2026-11-23T11:00"],
    // Half an hour is left on Friday; the rest is on Monday.
    ["2026-11-20T16:00", 60, "2026-11-23T08:30"],
    ["2026-11-20T20:00", 60, "2026-11-23T09:00"],
    // A whole working day is 510 minutes.
    ["2026-11-23T08:00", 510, "2026-11-23T16:30"],
    ["2026-11-23T08:00", 511, "2026-11-24T08:01"],
    ["2026-12-23T16:00", 60, "2026-12-28T08:30"],
  ])("from %s on, %i minutes of them are over at %s", (at, minutes, expected) => {
    assert.strictEqual(iso(afterOpenMinutes(berlin, utc(at), minutes)), expected)
  })

  it("that never come are no reason to wait for ever", () => {
    const never = decode({ timeZone: "UTC", open: [] })
    assert.isNull(nextOpening(never, 0))
    assert.isFalse(isOpenAt(never, 0))
    assert.strictEqual(afterOpenMinutes(never, 0, 5), 300_000)
    const away = decode({
      timeZone: "UTC",
      open: [{ days: ["mon"], from: "00:00", to: "24:00" }],
      holidays: [{ from: "1970-01-01", to: "2999-12-31" }],
    })
    assert.isNull(nextOpening(away, 0))
  })

  it("over a change of the clock count what passes, not what the clock shows", () => {
    const night = decode({ timeZone: "Europe/Berlin", open: [{ days: ["sun"], from: "00:00", to: "06:00" }] })
    // 29 March 2026: two o'clock becomes three. 25 October: three becomes two again.
    const spring = utc("2026-03-28T23:00")
    const autumn = utc("2026-10-24T22:00")
    assert.strictEqual(iso(afterOpenMinutes(night, spring, 300)), "2026-03-29T04:00")
    assert.strictEqual(iso(afterOpenMinutes(night, spring, 301)), "2026-04-04T22:01")
    assert.strictEqual(iso(afterOpenMinutes(night, autumn, 420)), "2026-10-25T05:00")
    const skipped = decode({
      timeZone: "Europe/Berlin",
      open: [{ days: ["sun"], from: "02:00", to: "03:00" }],
    })
    assert.isFalse(isOpenAt(skipped, utc("2026-03-29T00:59")))
    assert.isFalse(isOpenAt(skipped, utc("2026-03-29T01:00")))
    const twice = decode({ timeZone: "Europe/Berlin", open: [{ days: ["sun"], from: "02:30", to: "04:00" }] })
    assert.isTrue(isOpenAt(twice, utc("2026-10-25T00:30")))
    assert.isTrue(isOpenAt(twice, utc("2026-10-25T02:59")))
    assert.isFalse(isOpenAt(twice, utc("2026-10-25T03:00")))
  })

  it("touching and overlapping spans are one", () => {
    const both = decode({
      timeZone: "UTC",
      open: [
        { days: ["mon"], from: "09:00", to: "12:00" },
        { days: ["mon"], from: "11:00", to: "13:00" },
        { days: ["mon"], from: "13:00", to: "24:00" },
        { days: ["tue"], from: "00:00", to: "02:00" },
      ],
    })
    const monday = utc("2026-11-23T09:00")
    assert.strictEqual(iso(afterOpenMinutes(both, monday, 15 * 60)), "2026-11-24T00:00")
    assert.strictEqual(iso(afterOpenMinutes(both, monday, 15 * 60 + 30)), "2026-11-24T00:30")
  })

  it.each([
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
  ])("in %s agree with a wall clock, hour by hour, over a whole year", (timeZone) => {
    const hours = decode({
      timeZone,
      open: [
        { days: weekdays, from: "08:00", to: "18:00" },
        { days: ["sat"], from: "10:00", to: "24:00" },
      ],
    })
    const clock = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
    for (let at = utc("2026-01-01T00:15"); at < utc("2027-01-01T00:00"); at += 3_600_000) {
      const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]))
      const time = `${parts["hour"]}:${parts["minute"]}`
      const expected =
        parts["weekday"] === "Sat"
          ? time >= "10:00"
          : parts["weekday"] !== "Sun" && time >= "08:00" && time < "18:00"
      if (isOpenAt(hours, at) !== expected) assert.fail(`${new Date(at).toISOString()} ${time}`)
    }
  })

  it("are said in the customer's language and the office's time", () => {
    const at = utc("2026-11-23T08:00")
    assert.match(momentInWords(berlin, at, "de"), /Montag.*23\. November.*09:00/)
    assert.match(momentInWords(berlin, at, "en"), /Monday.*November.*09:00/)
    assert.match(momentInWords(berlin, at, "xx-not-a-language"), /Monday/)
    assert.isAbove(momentInWords(berlin, at, "ar").length, 10)
  })

  it.effect.each([
    { timeZone: "Mars/Olympus", open: [] },
    { timeZone: "UTC", open: [{ days: [], from: "09:00", to: "10:00" }] },
    { timeZone: "UTC", open: [{ days: ["mon"], from: "22:00", to: "06:00" }] },
    { timeZone: "UTC", open: [{ days: ["mon"], from: "9:00", to: "10:00" }] },
    { timeZone: "UTC", open: [{ days: ["mon"], from: "09:00", to: "24:30" }] },
    { timeZone: "UTC", open: [], holidays: [{ from: "2026-02-30" }] },
    { timeZone: "UTC", open: [], holidays: [{ from: "2026-12-26", to: "2026-12-24" }] },
  ])("%j are refused", (input) =>
    Effect.map(Effect.flip(Schema.decodeUnknownEffect(OfficeHours)(input)), (error) =>
      assert.isAbove(error.message.length, 10),
    ),
  )
})
