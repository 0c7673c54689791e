/** What came of the conversations of a period. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Report } from "../../report/Report.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"

const Day = Schema.String.check(Schema.isMaxLength(40))

export class ReportGroup extends HttpApiGroup.make("report")
  .add(
    /**
     * `from`, `to`: days (UTC; `to` is part of it) or times, as `2026-11-21` or `2026-11-21T08:00:00Z`. Without them: the last
     * 30 days.
     */
    HttpApiEndpoint.get("make", "/organizations/:org/report", {
      params: inOrganization,
      query: { from: Schema.optionalKey(Day), to: Schema.optionalKey(Day) },
      success: Report,
    }).annotate(Needs, "sessions.read"),
  )
  .middleware(Guard) {}
