/** When people take transferred calls. */
import { Schema } from "effect"

const Time = Schema.String.check(
  Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { expected: "a time of day such as 09:00" }),
)

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

export const Hours = Schema.Struct({
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: Schema.String.check(
    Schema.makeFilter((zone) => isTimeZone(zone) || "a time zone such as Europe/Berlin"),
  ),
  /** Spans of the same length on several days; none of them passes midnight. */
  open: Schema.Array(
    Schema.Struct({
      days: Schema.NonEmptyArray(Schema.Literals(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
      from: Time,
      to: Time,
    }).check(Schema.makeFilter(({ from, to }) => from < to || "`from` must be before `to`, on the same day")),
  ),
})
export type Hours = typeof Hours.Type

/** Whether somebody is there at this time (epoch milliseconds). Always, when no hours are set. */
export const isOpen = (hours: Hours | undefined, now: number): boolean => {
  if (hours === undefined) return true
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: hours.timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ""
  const day = part("weekday").toLowerCase()
  const time = `${part("hour")}:${part("minute")}`
  return hours.open.some(({ days, from, to }) => days.some((d) => d === day) && from <= time && time < to)
}
