/**
 * Zendesk's schedules on the wire. Source: developer.zendesk.com/api-reference/ticketing/ticket-management/schedules/ (they are
 * in no OpenAPI file). Only what we read; everything else is ignored.
 */
import { Schema } from "effect"
import { maybe, WireId } from "../support/Wire.ts"

/** Minutes since Sunday at midnight, by the clock of the schedule's own zone. */
const IntervalWire = Schema.Struct({ start_time: Schema.Int, end_time: Schema.Int })
export type IntervalWire = typeof IntervalWire.Type

export const ScheduleWire = Schema.Struct({
  id: WireId,
  name: maybe(Schema.String),
  time_zone: Schema.String,
  intervals: maybe(Schema.Array(IntervalWire)),
})
export type ScheduleWire = typeof ScheduleWire.Type

/** Whole days, both ends included: Zendesk's own example of a holiday of one day has the same date twice. */
export const HolidayWire = Schema.Struct({
  name: maybe(Schema.String),
  start_date: Schema.String,
  end_date: Schema.String,
})
export type HolidayWire = typeof HolidayWire.Type

/** The listings are documented without pages; should one have them, it is read to its end. */
const paging = {
  next_page: maybe(Schema.String),
  links: maybe(Schema.Struct({ next: maybe(Schema.String) })),
  meta: maybe(Schema.Struct({ has_more: maybe(Schema.Boolean) })),
}

/** Items are decoded one by one: one that is odd is no reason not to see the others. */
export const SchedulePage = Schema.Struct({ schedules: Schema.Array(Schema.Unknown), ...paging })
export const HolidayPage = Schema.Struct({ holidays: Schema.Array(Schema.Unknown), ...paging })

type Paging = Pick<typeof SchedulePage.Type, "next_page" | "links" | "meta">

/** The query of the next page; null on the last one. Only the query is taken over: the path and the host stay ours. */
export const nextQuery = ({ links, meta, next_page }: Paging): Readonly<Record<string, string>> | null => {
  const next = links?.next ?? next_page ?? null
  if (next === null || next === "" || meta?.has_more === false || !URL.canParse(next, "https://x"))
    return null
  const query = Object.fromEntries(new URL(next, "https://x").searchParams)
  return Object.keys(query).length === 0 ? null : query
}
