/**
 * When people are there. Times are of the clock on the wall in their time zone: nine o'clock is nine o'clock on both sides of a
 * change to summer time, and the hour that is missing or comes twice then is counted as it passes.
 */
import { DateTime, Effect, Option, Schema } from "effect"

const Time = Schema.String.check(
  Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { expected: "a time of day such as 09:00" }),
)

const Weekday = Schema.Literals(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
type Weekday = typeof Weekday.Type

const isDate = (text: string): boolean => {
  const date = Option.getOrNull(DateTime.make(`${text}T00:00:00Z`))
  return date !== null && DateTime.formatIso(date).startsWith(text)
}

const Day = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/, { expected: "a date such as 2026-12-25" }),
  Schema.makeFilter((text) => isDate(text) || "a date of the calendar"),
)

export const OfficeHours = Schema.Struct({
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: Schema.String.check(
    Schema.makeFilter(
      (zone) => Option.isSome(DateTime.zoneMakeNamed(zone)) || "a time zone such as Europe/Berlin",
    ),
  ),
  /** Spans of the same length on several days; none of them passes midnight (`24:00` ends a day). */
  open: Schema.Array(
    Schema.Struct({ days: Schema.NonEmptyArray(Weekday), from: Time, to: Time }).check(
      Schema.makeFilter(({ from, to }) => from < to || "`from` must be before `to`, on the same day"),
    ),
  ),
  /** Days on which nobody is there, from the first to the last of each. */
  holidays: Schema.Array(
    Schema.Struct({ from: Day, to: Schema.optionalKey(Day) }).check(
      Schema.makeFilter(({ from, to }) => to === undefined || from <= to || "`from` must not be after `to`"),
    ),
  ).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
})
export type OfficeHours = typeof OfficeHours.Type

/** Epoch milliseconds; the end is not part of it. */
interface Span {
  readonly start: number
  readonly end: number
}

/** A day of the calendar, wherever it is. */
interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

const weekdays: ReadonlyArray<Weekday> = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

const twoDigits = (n: number): string => String(n).padStart(2, "0")
const nameOf = ({ day, month, year }: CalendarDay): string =>
  `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`

/** The day after `days` others; noon, so that no hour more or less leads to another day. */
const dayAfter = ({ day, month, year }: CalendarDay, days: number) => {
  const parts = DateTime.toPartsUtc(
    DateTime.add(DateTime.makeUnsafe({ year, month, day, hour: 12 }), { days }),
  )
  return { date: { year: parts.year, month: parts.month, day: parts.day }, weekday: weekdays[parts.weekDay] }
}

/** A time that the clock skips is the moment of the skip's end; of one that comes twice it is the first. */
const momentOf = (timeZone: string, date: CalendarDay, time: string): number => {
  const [hour = 0, minute = 0] = time.split(":").map(Number)
  const { date: at } = hour === 24 ? dayAfter(date, 1) : { date }
  return DateTime.toEpochMillis(
    DateTime.makeZonedUnsafe(
      { ...at, hour: hour === 24 ? 0 : hour, minute },
      { timeZone, adjustForTimeZone: true, disambiguation: "compatible" },
    ),
  )
}

const isHoliday = ({ holidays }: OfficeHours, date: CalendarDay): boolean => {
  const name = nameOf(date)
  return holidays.some(({ from, to = from }) => from <= name && name <= to)
}

const dateIn = (timeZone: string, at: number): CalendarDay => {
  const { day, month, year } = DateTime.toParts(DateTime.makeZonedUnsafe(at, { timeZone }))
  return { year, month, day }
}

/** Spans of a day, in order, those that touch or overlap as one. */
const spansOn = (
  hours: OfficeHours,
  date: CalendarDay,
  weekday: Weekday | undefined,
): ReadonlyArray<Span> => {
  if (isHoliday(hours, date)) return []
  const spans = hours.open
    .filter(({ days }) => days.some((day) => day === weekday))
    .map(({ from, to }) => ({
      start: momentOf(hours.timeZone, date, from),
      end: momentOf(hours.timeZone, date, to),
    }))
    .filter(({ end, start }) => start < end)
    .sort((a, b) => a.start - b.start)
  return spans.reduce<ReadonlyArray<Span>>((merged, span) => {
    const last = merged.at(-1)
    if (last === undefined || span.start > last.end) return [...merged, span]
    return [...merged.slice(0, -1), { start: last.start, end: Math.max(last.end, span.end) }]
  }, [])
}

/** Further than any holidays; who is closed for longer does not open. */
const longest = 400

/** Every span that ends after `at`, in order. */
function* spansFrom(hours: OfficeHours, at: number): Generator<Span> {
  const today = dateIn(hours.timeZone, at)
  for (let days = 0; days < longest; days += 1) {
    const { date, weekday } = dayAfter(today, days)
    for (const span of spansOn(hours, date, weekday)) if (span.end > at) yield span
  }
}

/** Whether somebody is there at this time (epoch milliseconds). Always, when no hours are set. */
export const isOpenAt = (hours: OfficeHours | null | undefined, at: number): boolean => {
  if (hours === null || hours === undefined) return true
  const { date, weekday } = dayAfter(dateIn(hours.timeZone, at), 0)
  return spansOn(hours, date, weekday).some(({ end, start }) => start <= at && at < end)
}

/** When somebody is there next (`at` itself, if now); null: not within a year. Epoch milliseconds. */
export const nextOpening = (hours: OfficeHours, at: number): number | null => {
  const first = spansFrom(hours, at).next().value
  return first === undefined ? null : Math.max(at, first.start)
}

/** The moment when so many minutes with somebody there have passed; as the clock goes when no hours are set, or none come. */
export const afterOpenMinutes = (
  hours: OfficeHours | null | undefined,
  at: number,
  minutes: number,
): number => {
  let left = minutes * 60_000
  if (hours === null || hours === undefined) return at + left
  for (const span of spansFrom(hours, at)) {
    const start = Math.max(at, span.start)
    if (start + left <= span.end) return start + left
    left -= span.end - start
  }
  return at + minutes * 60_000
}

/** A moment in words, for a customer: “Monday 30 November at 09:00 CET” in their language. */
export const momentInWords = (hours: OfficeHours, at: number, language: string | null): string => {
  const options: Intl.DateTimeFormatOptions = {
    timeZone: hours.timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }
  try {
    return new Intl.DateTimeFormat(language ?? "en", options).format(at)
  } catch {
    // No such language.
    return new Intl.DateTimeFormat("en", options).format(at)
  }
}
