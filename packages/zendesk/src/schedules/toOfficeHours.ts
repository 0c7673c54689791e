/** A schedule of Zendesk's as office hours. */
import { OfficeHours } from "@opencx/core"
import { DateTime, Option, Result, Schema } from "effect"
import { timeZoneOf } from "./railsZones.ts"
import { type ScheduleError, unusable } from "./ScheduleError.ts"
import type { HolidayWire, IntervalWire, ScheduleWire } from "./Wire.ts"
import { idText } from "../support/Wire.ts"

type Open = OfficeHours["open"][number]
type Days = OfficeHours["holidays"][number]

const dayMinutes = 1_440
const weekMinutes = 7 * dayMinutes
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const

/** "East Coast" (360001): for people. */
export const nameOf = ({ id, name }: Pick<ScheduleWire, "id" | "name">): string =>
  `schedule "${(name ?? "").trim()}" (${idText(id)})`

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`

/**
 * Documented: an interval ends on its own day, at midnight at the latest. Right all the same for one that goes on into the
 * next day, or from Saturday into Sunday; midnight after Saturday may be written as 10080 or as 0.
 */
const spanOf = ({ end_time, start_time }: IntervalWire): readonly [number, number] | null => {
  const end = end_time === 0 ? weekMinutes : end_time
  const isInWeek = start_time >= 0 && start_time < weekMinutes
  return isInWeek && end > start_time && end - start_time <= weekMinutes ? [start_time, end] : null
}

/** The parts of a span by day. A span that passes the week's end goes on at its beginning. */
const piecesOf = ([start, end]: readonly [number, number]) => {
  const pieces: Array<{
    readonly day: (typeof weekdays)[number]
    readonly from: string
    readonly to: string
  }> = []
  for (let at = start; at < end;) {
    const dayStart = Math.floor(at / dayMinutes) * dayMinutes
    const to = Math.min(end, dayStart + dayMinutes)
    const day = weekdays[(dayStart / dayMinutes) % 7]
    if (day !== undefined) pieces.push({ day, from: clock(at - dayStart), to: clock(to - dayStart) })
    at = to
  }
  return pieces
}

/** Days with the same hours together, as a person would write them. */
const openOf = (spans: ReadonlyArray<readonly [number, number]>): ReadonlyArray<Open> => {
  const found = new Map<string, { from: string; to: string; days: Set<(typeof weekdays)[number]> }>()
  for (const { day, from, to } of spans.flatMap(piecesOf)) {
    const key = `${from}-${to}`
    const entry = found.get(key) ?? { from, to, days: new Set() }
    entry.days.add(day)
    found.set(key, entry)
  }
  return [...found.values()].flatMap(({ days, from, to }) => {
    const [first, ...rest] = days
    return first === undefined ? [] : [{ days: [first, ...rest] as const, from, to }]
  })
}

const dateOf = (text: string): string | null => {
  const date = /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(text.trim())?.[1]
  const at = date === undefined ? null : Option.getOrNull(DateTime.make(`${date}T00:00:00Z`))
  // Days that the calendar does not have roll over to others.
  return date !== undefined && at !== null && DateTime.formatIso(at).startsWith(date) ? date : null
}

const dayAfter = (date: string): string =>
  DateTime.formatIso(DateTime.add(DateTime.makeUnsafe(`${date}T12:00:00Z`), { days: 1 })).slice(0, 10)

/** In order, those that touch or overlap as one, and without what is over: an account may have thousands. */
const joined = (all: ReadonlyArray<Required<Days>>, over: string): ReadonlyArray<Days> => {
  const kept: Array<{ from: string; to: string }> = []
  for (const { from, to } of all
    .filter((one) => one.to >= over)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = kept.at(-1)
    if (last !== undefined && from <= dayAfter(last.to)) last.to = to > last.to ? to : last.to
    else kept.push({ from, to })
  }
  return kept
}

const correct = "Correct it in Zendesk: Admin Center > Objects and rules > Business rules > Schedules."

/** A day that cannot be read is not left out: somebody would be told that people are there. */
const holidaysOf = (
  schedule: ScheduleWire,
  holidays: ReadonlyArray<HolidayWire>,
): Result.Result<ReadonlyArray<Required<Days>>, ScheduleError> => {
  const days: Array<Required<Days>> = []
  for (const { end_date, name, start_date } of holidays) {
    const [from, to] = [dateOf(start_date), dateOf(end_date)]
    if (from === null || to === null || from > to)
      return Result.fail(
        unusable(
          `The holiday "${name ?? ""}" of ${nameOf(schedule)} has dates that cannot be read: ${start_date.slice(0, 40)} to ${end_date.slice(0, 40)}`,
          correct,
        ),
      )
    days.push({ from, to })
  }
  return Result.succeed(days)
}

const decode = Schema.decodeUnknownResult(OfficeHours)

/**
 * The office hours that a schedule means. No intervals: never open, as in Zendesk. `now` (epoch milliseconds): holidays that
 * were over two days before are left out. Fails for a zone, an interval or a holiday that cannot be understood.
 */
export const toOfficeHours = (
  schedule: ScheduleWire,
  holidays: ReadonlyArray<HolidayWire>,
  now: number,
): Result.Result<OfficeHours, ScheduleError> => {
  const timeZone = timeZoneOf(schedule.time_zone)
  if (timeZone === null)
    return Result.fail(
      unusable(
        `The time zone "${schedule.time_zone.slice(0, 80)}" of ${nameOf(schedule)} is not known`,
        "Choose another time zone for the schedule in Zendesk, or write the hours into the settings.",
      ),
    )
  const spans: Array<readonly [number, number]> = []
  for (const interval of schedule.intervals ?? []) {
    const span = spanOf(interval)
    if (span === null)
      return Result.fail(
        unusable(
          `An interval of ${nameOf(schedule)} is none of a week: ${interval.start_time} to ${interval.end_time}`,
          correct,
        ),
      )
    spans.push(span)
  }
  const days = holidaysOf(schedule, holidays)
  if (Result.isFailure(days)) return Result.fail(days.failure)
  const over = DateTime.formatIso(DateTime.makeUnsafe(now - 2 * 86_400_000)).slice(0, 10)
  const hours = { timeZone, open: openOf(spans), holidays: joined(days.success, over) }
  return Result.mapError(decode(hours), (error) => unusable(`${nameOf(schedule)}: ${error.message}`, correct))
}
