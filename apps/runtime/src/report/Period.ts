/** The period of a report. Days are UTC, so that the same command gives the same report everywhere. */
import { Clock, DateTime, Effect, Option, Schema } from "effect"

/** `[from, to)` in epoch milliseconds. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** A period that cannot be reported on. */
export class PeriodRejected extends Schema.TaggedError<PeriodRejected>(
  "@opencx/runtime/report/PeriodRejected",
)("PeriodRejected", { problem: Schema.String }) {
  override get message(): string {
    return `${this.problem} Write dates as 2026-11-21, or times as 2026-11-21T08:00:00Z.`
  }
}

const dayMs = 86_400_000
const usualDays = 30

const pattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Calendars have no 31st of February, though `Date.parse` does. */
const isDay = (day: string): boolean =>
  Option.match(DateTime.make(`${day}T00:00:00Z`), {
    onNone: () => false,
    onSome: (at) => DateTime.formatIsoDateUtc(at) === day,
  })

const instant = (name: string, text: string): Effect.Effect<number, PeriodRejected> => {
  const day = text.slice(0, 10)
  const at = pattern.test(text) ? Date.parse(text) : Number.NaN
  const isReal = Number.isFinite(at) && isDay(day)
  return isReal
    ? Effect.succeed(at)
    : Effect.fail(new PeriodRejected({ problem: `${name} is "${text.slice(0, 40)}", which is no date.` }))
}

/** A day as `to` is meant with all its hours. */
const endOf = (text: string, at: number): number => (text.length === 10 ? at + dayMs : at)

/**
 * Reads a period; without `from` it is the 30 days before `to`, without `to` it goes up to now. A date as `to` includes that day.
 */
export const periodOf = Effect.fnUntraced(function* (given: {
  readonly from?: string | undefined
  readonly to?: string | undefined
}) {
  const now = yield* Clock.currentTimeMillis
  const to = given.to === undefined ? now : endOf(given.to, yield* instant("to", given.to))
  const from = given.from === undefined ? to - usualDays * dayMs : yield* instant("from", given.from)
  if (from >= to) return yield* new PeriodRejected({ problem: "The period ends before it begins." })
  return { from, to } satisfies Period
})
