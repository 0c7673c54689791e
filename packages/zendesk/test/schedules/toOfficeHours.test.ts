/** What a schedule of Zendesk's means: minutes of the week, days, zones. Pure, with a clock of the test's own. */
import { isOpenAt } from "@opencx/core"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { timeZoneOf } from "../../src/schedules/railsZones.ts"
import { toOfficeHours } from "../../src/schedules/toOfficeHours.ts"

const now = Date.parse("2026-11-26T12:00:00Z")
const day = 1_440

interface Given {
  readonly zone?: string
  readonly intervals?: ReadonlyArray<readonly [number, number]>
  readonly holidays?: ReadonlyArray<readonly [string, string]>
}

const converted = ({ holidays = [], intervals = [], zone = "UTC" }: Given) =>
  toOfficeHours(
    {
      id: 360001,
      name: "East Coast",
      time_zone: zone,
      intervals: intervals.map(([start_time, end_time]) => ({ start_time, end_time })),
    },
    holidays.map(([start_date, end_date]) => ({ name: "Christmas", start_date, end_date })),
    now,
  )

const hoursOf = (given: Given) => Result.getOrThrow(converted(given))
const wrong = (given: Given) => {
  const result = converted(given)
  if (Result.isSuccess(result)) throw new Error("it was taken")
  return result.failure.message
}
const isOpen = (given: Given, ...times: ReadonlyArray<string>) =>
  times.map((time) => isOpenAt(hoursOf(given), Date.parse(time)))

/** Rails' list, as public documentation has it. */
const rails =
  "International Date Line West|American Samoa|Midway Island|Hawaii|Alaska|Pacific Time (US & Canada)|Tijuana|Arizona|Chihuahua|Mazatlan|Mountain Time (US & Canada)|Central America|Central Time (US & Canada)|Guadalajara|Mexico City|Monterrey|Saskatchewan|Bogota|Eastern Time (US & Canada)|Indiana (East)|Lima|Quito|Atlantic Time (Canada)|Caracas|Georgetown|La Paz|Puerto Rico|Santiago|Newfoundland|Brasilia|Buenos Aires|Montevideo|Greenland|Mid-Atlantic|Azores|Cape Verde Is.|Casablanca|Dublin|Edinburgh|Lisbon|London|Monrovia|UTC|Amsterdam|Belgrade|Berlin|Bern|Bratislava|Brussels|Budapest|Copenhagen|Ljubljana|Madrid|Paris|Prague|Rome|Sarajevo|Skopje|Stockholm|Vienna|Warsaw|West Central Africa|Zagreb|Zurich|Athens|Bucharest|Cairo|Harare|Helsinki|Jerusalem|Kaliningrad|Kyiv|Pretoria|Riga|Sofia|Tallinn|Vilnius|Baghdad|Istanbul|Kuwait|Minsk|Moscow|Nairobi|Riyadh|St. Petersburg|Volgograd|Tehran|Abu Dhabi|Baku|Muscat|Samara|Tbilisi|Yerevan|Kabul|Ekaterinburg|Islamabad|Karachi|Tashkent|Chennai|Kolkata|Mumbai|New Delhi|Sri Jayawardenepura|Kathmandu|Almaty|Astana|Dhaka|Urumqi|Rangoon|Bangkok|Hanoi|Jakarta|Krasnoyarsk|Novosibirsk|Beijing|Chongqing|Hong Kong|Irkutsk|Kuala Lumpur|Perth|Singapore|Taipei|Ulaanbaatar|Osaka|Sapporo|Seoul|Tokyo|Yakutsk|Adelaide|Darwin|Brisbane|Canberra|Guam|Hobart|Melbourne|Port Moresby|Sydney|Vladivostok|Magadan|New Caledonia|Solomon Is.|Srednekolymsk|Auckland|Fiji|Kamchatka|Marshall Is.|Wellington|Chatham Is.|Nuku'alofa|Samoa|Tokelau Is.".split(
    "|",
  )

describe("a schedule's time zone", () => {
  it("is known by every name that Rails has", () => {
    assert.lengthOf(rails, 151)
    assert.deepStrictEqual(
      rails.filter((name) => timeZoneOf(name) === null),
      [],
    )
  })

  it.each([
    ["Pacific Time (US & Canada)", "America/Los_Angeles"],
    ["Bern", "Europe/Zurich"],
    ["kyiv", "Europe/Kyiv"],
    ["St. Petersburg", "Europe/Moscow"],
    // The same word is a place of IANA's with another clock, or none at all there.
    ["Samoa", "Pacific/Apia"],
    ["Europe/Copenhagen", "Europe/Copenhagen"],
    [" Asia/Kolkata ", "Asia/Kolkata"],
  ])("%s is %s", (name, zone) => assert.strictEqual(timeZoneOf(name), zone))

  it.each(["", " ", "Middle Earth", "__proto__", "constructor", "Pacific Time"])("%j is none", (name) =>
    assert.isNull(timeZoneOf(name)),
  )

  it("that nobody knows is told with the schedule's name and its own", () => {
    assert.match(
      wrong({ zone: "Middle Earth" }),
      /time zone "Middle Earth" of schedule "East Coast" \(360001\)/,
    )
  })
})

describe("a schedule's intervals", () => {
  it("are minutes since Sunday at midnight, days with the same hours together", () => {
    const week = [1, 2, 3, 4, 5].map((n) => [n * day + 540, n * day + 1_020] as const)
    assert.deepStrictEqual(hoursOf({ intervals: [...week, [6 * day + 600, 6 * day + 720]] }).open, [
      { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" },
      { days: ["sat"], from: "10:00", to: "12:00" },
    ])
  })

  it("may end at midnight, after Saturday as 10080 or as 0", () => {
    for (const end of [10_080, 0])
      assert.deepStrictEqual(hoursOf({ intervals: [[6 * day + 960, end]] }).open, [
        { days: ["sat"], from: "16:00", to: "24:00" },
      ])
    assert.deepStrictEqual(hoursOf({ intervals: [[0, day]] }).open, [
      { days: ["sun"], from: "00:00", to: "24:00" },
    ])
  })

  it("that pass midnight, which is not documented, go on on the next day, and from Saturday on Sunday", () => {
    const given = {
      intervals: [
        [1_980, 3_900],
        [6 * day + 1_320, 7 * day + 120],
      ] as const,
    }
    assert.deepStrictEqual(
      isOpen(
        given,
        "2026-11-23T08:59:00Z",
        "2026-11-23T23:59:00Z",
        "2026-11-24T16:59:00Z",
        "2026-11-24T17:00:00Z",
        "2026-11-28T22:00:00Z",
        "2026-11-29T01:59:00Z",
        "2026-11-29T02:00:00Z",
      ),
      [false, true, true, false, true, true, false],
    )
  })

  it("that cover the whole week are always open", () => {
    const given = { intervals: [[0, 10_080]] as const }
    assert.deepStrictEqual(isOpen(given, "2026-11-22T00:00:00Z", "2026-11-28T23:59:59Z"), [true, true])
  })

  it("that are none mean never", () => {
    assert.deepStrictEqual(hoursOf({}), { timeZone: "Etc/UTC", open: [], holidays: [] })
    assert.isFalse(isOpenAt(hoursOf({}), now))
  })

  it.each([
    [[600, 600]],
    [[2_460, 1_980]],
    [[-60, 60]],
    [[10_080, 10_100]],
    [[0, 10_081]],
    [[1e15, 1e15 + 5]],
  ] as const)("%j is refused", (interval) => {
    assert.match(wrong({ intervals: [interval] }), /interval of schedule "East Coast"/)
  })
})

describe("a schedule's clock", () => {
  const nineToFive = [1, 2, 3, 4, 5].map((n) => [n * day + 540, n * day + 1_020] as const)

  it("follows summer time: nine o'clock is nine o'clock", () => {
    const given = { zone: "Eastern Time (US & Canada)", intervals: nineToFive }
    // The clocks change on 8 March 2026.
    assert.deepStrictEqual(
      isOpen(
        given,
        "2026-03-06T13:59:00Z",
        "2026-03-06T14:00:00Z",
        "2026-03-09T12:59:00Z",
        "2026-03-09T13:00:00Z",
      ),
      [false, true, false, true],
    )
  })

  it("has half and three quarters of an hour", () => {
    const at = (zone: string, ...times: ReadonlyArray<string>) =>
      isOpen({ zone, intervals: nineToFive }, ...times)
    assert.deepStrictEqual(at("Mumbai", "2026-11-26T03:29:00Z", "2026-11-26T03:30:00Z"), [false, true])
    assert.deepStrictEqual(at("Kathmandu", "2026-11-26T03:14:00Z", "2026-11-26T03:15:00Z"), [false, true])
    assert.deepStrictEqual(at("Tehran", "2026-11-26T05:29:00Z", "2026-11-26T05:30:00Z"), [false, true])
  })

  it("has its own day: Monday in Auckland is Sunday in Greenwich", () => {
    const given = { zone: "Wellington", intervals: nineToFive }
    assert.deepStrictEqual(isOpen(given, "2026-11-22T19:59:00Z", "2026-11-22T20:00:00Z"), [false, true])
    assert.deepStrictEqual(
      isOpen(
        { zone: "American Samoa", intervals: nineToFive },
        "2026-11-28T03:59:00Z",
        "2026-11-28T04:00:00Z",
      ),
      [true, false],
    )
  })
})

describe("a schedule's holidays", () => {
  const always = [[0, 10_080]] as const

  it("are whole days in its own zone, the last one included", () => {
    const given = { zone: "Copenhagen", intervals: always, holidays: [["2026-12-24", "2026-12-25"]] as const }
    assert.deepStrictEqual(
      isOpen(
        given,
        "2026-12-23T22:59:00Z",
        "2026-12-23T23:00:00Z",
        "2026-12-25T22:59:00Z",
        "2026-12-25T23:00:00Z",
      ),
      [true, false, false, true],
    )
  })

  it("are kept in order, joined, and without what is over", () => {
    const { holidays } = hoursOf({
      holidays: [
        ["2027-01-02", "2027-01-02"],
        ["2015-12-25", "2015-12-25"],
        ["2026-12-31T00:00:00Z", "2027-01-01"],
        ["2026-12-24", "2026-12-26"],
        ["2026-12-25", "2026-12-25"],
        ["2026-11-25", "2026-11-25"],
      ],
    })
    assert.deepStrictEqual(holidays, [
      { from: "2026-11-25", to: "2026-11-25" },
      { from: "2026-12-24", to: "2026-12-26" },
      { from: "2026-12-31", to: "2027-01-02" },
    ])
  })

  it.each([
    ["2026-02-30", "2026-02-30"],
    ["25/12/2026", "26/12/2026"],
    ["2026-12-26", "2026-12-25"],
    ["", ""],
  ] as const)("from %s to %s cannot be read, and are not left out", (from, to) => {
    assert.match(wrong({ holidays: [[from, to]] }), /holiday "Christmas" of schedule "East Coast"/)
  })
})
