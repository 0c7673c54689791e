/** The business hours that Zendesk has, and those that the organization uses. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { KnownSchedule } from "../../schedules/KnownSchedule.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"

/** `zone`: its IANA name; null: OpenCX does not know it. `intervals`: spans of a week that are open. */
export const ListedScheduleView = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  timeZone: Schema.String,
  zone: Schema.NullOr(Schema.String),
  intervals: Schema.Int,
})

export const SchedulesView = Schema.Struct({
  schedules: Schema.Array(ListedScheduleView),
  /** Why Zendesk lists none. */
  problem: Schema.NullOr(Schema.String),
  /** The one that office hours come from, with the last good copy, and since when it cannot be read; null: none. */
  used: Schema.NullOr(
    Schema.Struct({ wanted: Schema.Union([Schema.String, Schema.Finite]), ...KnownSchedule.fields }),
  ),
})

export class SchedulesGroup extends HttpApiGroup.make("schedules")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/schedules", {
      params: inOrganization,
      success: SchedulesView,
    }).annotate(Needs, "organization.read"),
    /** Reads the one that office hours come from now. */
    HttpApiEndpoint.post("read", "/organizations/:org/schedules/read", {
      params: inOrganization,
      success: SchedulesView,
    }).annotate(Needs, "sources.sync"),
  )
  .middleware(Guard) {}
