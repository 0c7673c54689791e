/** Reads the schedules of an account: `GET /api/v2/business_hours/schedules`. Needs the scope `read`; writes nothing. */
import { NotFound, type OfficeHours } from "@opencx/core"
import { Clock, Effect, Option, Result, Schema } from "effect"
import type { Call, ZendeskClient } from "../client/Client.ts"
import { jsonText } from "../client/Json.ts"
import { idText } from "../support/Wire.ts"
import { timeZoneOf } from "./railsZones.ts"
import { ScheduleError, toScheduleError, unusable } from "./ScheduleError.ts"
import { nameOf, toOfficeHours } from "./toOfficeHours.ts"
import { HolidayPage, HolidayWire, nextQuery, SchedulePage, ScheduleWire } from "./Wire.ts"

/** Where the account lists them. */
export const schedulesPath = "/api/v2/business_hours/schedules"

/** More than any account has of a hundred items each; and a page that names itself as the next one is the last. */
const maxPages = 120

/** All items of a listing, undecoded. */
const allOf = Effect.fnUntraced(function* <P extends typeof SchedulePage.Type | typeof HolidayPage.Type>(
  client: ZendeskClient,
  schema: Schema.ConstraintDecoder<P>,
  call: Call,
  pick: (page: P) => ReadonlyArray<unknown>,
  subject: { readonly what: string; readonly listing: boolean },
) {
  const items: Array<unknown> = []
  let query = call.query ?? {}
  for (let page = 0; page < maxPages; page += 1) {
    const answer: P = yield* client
      .json(schema, { ...call, query })
      .pipe(Effect.mapError(toScheduleError(subject)))
    items.push(...pick(answer))
    const next = nextQuery(answer)
    if (next === null) return items
    if (jsonText(next) === jsonText(query)) break
    query = next
  }
  return yield* unusable(
    `The listing of ${subject.what} does not end`,
    "Try again; if it stays so, write the hours into the settings.",
  )
})

/** After what customers wait for: it can be read a minute later as well. */
const background = { method: "GET", priority: "backfill" } as const

const asSchedule = Schema.decodeUnknownOption(ScheduleWire)
const asHoliday = Schema.decodeUnknownResult(HolidayWire)

/** Those that can be read; how many cannot is counted. */
const readAll = Effect.fnUntraced(function* (client: ZendeskClient) {
  const items = yield* allOf(
    client,
    SchedulePage,
    { ...background, path: schedulesPath },
    ({ schedules }) => schedules,
    {
      what: "schedules",
      listing: true,
    },
  )
  const schedules = items.flatMap((item) => Option.toArray(asSchedule(item)))
  return { schedules, odd: items.length - schedules.length }
})

/** A schedule as a person chooses it. */
export interface ListedSchedule {
  readonly id: string
  readonly name: string
  /** As Zendesk names it. */
  readonly timeZone: string
  /** The same by its IANA name; null for one that we do not know, so that the schedule cannot be used. */
  readonly zone: string | null
  /** How many spans of a week it is open; none: never. */
  readonly intervals: number
}

/** Every schedule of the account, in Zendesk's order. */
export const listSchedules = Effect.fn("Schedules.list")(function* (client: ZendeskClient) {
  const { schedules } = yield* readAll(client)
  return schedules.map((one): ListedSchedule => ({
    id: idText(one.id),
    name: (one.name ?? "").trim(),
    timeZone: one.time_zone,
    zone: timeZoneOf(one.time_zone),
    intervals: one.intervals?.length ?? 0,
  }))
})

/** The same name however it was typed: composed and decomposed letters are one. */
const plain = (name: string): string => name.normalize("NFC").trim()

/** By id or name; a text of digits is a name if there is such a one, else an id. */
const matching = (schedules: ReadonlyArray<ScheduleWire>, wanted: string | number) => {
  const byId = schedules.filter(({ id }) => idText(id) === String(wanted).trim())
  if (typeof wanted === "number") return byId
  const byName = schedules.filter(({ name }) => plain(name ?? "") === plain(wanted))
  return byName.length > 0 ? byName : byId
}

const chosen = (
  { odd, schedules }: { readonly schedules: ReadonlyArray<ScheduleWire>; readonly odd: number },
  wanted: string | number,
): Result.Result<ScheduleWire, ScheduleError> => {
  const [first, ...others] = matching(schedules, wanted)
  const shown = `schedule "${String(wanted).slice(0, 120)}"`
  if (first === undefined && odd > 0)
    return Result.fail(
      unusable(
        `There is no ${shown} among those that can be read; ${odd} cannot`,
        "Look at the schedules in Zendesk: Admin Center > Objects and rules > Business rules > Schedules.",
      ),
    )
  if (first === undefined)
    return Result.fail(new ScheduleError({ operation: "schedules", reason: new NotFound({ what: shown }) }))
  return others.length === 0
    ? Result.succeed(first)
    : Result.fail(
        unusable(
          `There are ${others.length + 1} schedules with this name: ${[first, ...others].map(nameOf).join(", ")}`,
          "Name the schedule by its id.",
        ),
      )
}

/** A schedule with what it means. */
export interface ZendeskSchedule {
  readonly id: string
  readonly name: string
  /** As Zendesk names it. */
  readonly timeZone: string
  readonly hours: OfficeHours
}

/**
 * One schedule with its holidays as office hours; `wanted`: its id or its name. Fails with a `ScheduleError`: `NotFound` when
 * there is none, `PermissionDenied` on plans without schedules, `Invalid` when what Zendesk says cannot be used (a name that
 * two have, a zone that nobody knows), and the client's own reasons.
 */
export const readSchedule = Effect.fn("Schedules.read")(function* (
  client: ZendeskClient,
  wanted: string | number,
) {
  const schedule = yield* Effect.fromResult(chosen(yield* readAll(client), wanted))
  const id = idText(schedule.id)
  const items = yield* allOf(
    client,
    HolidayPage,
    { ...background, path: `${schedulesPath}/${encodeURIComponent(id)}/holidays` },
    ({ holidays }) => holidays,
    { what: `the holidays of ${nameOf(schedule)}`, listing: false },
  )
  const holidays: Array<HolidayWire> = []
  for (const item of items) {
    const holiday = asHoliday(item)
    if (Result.isFailure(holiday))
      return yield* unusable(
        `A holiday of ${nameOf(schedule)} cannot be read: ${holiday.failure.message}`,
        "Look at the schedule's holidays in Zendesk.",
      )
    holidays.push(holiday.success)
  }
  const hours = yield* Effect.fromResult(toOfficeHours(schedule, holidays, yield* Clock.currentTimeMillis))
  return {
    id,
    name: (schedule.name ?? "").trim(),
    timeZone: schedule.time_zone,
    hours,
  } satisfies ZendeskSchedule
})
