/** What does not work in an organization, why, and what to do. */
import { SessionId } from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Diagnosis } from "../../doctor/Diagnosis.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"

export class DoctorGroup extends HttpApiGroup.make("doctor")
  .add(
    /**
     * Looks at both sides now, which takes some forty calls to Zendesk; one at a time is looked at. `session` or `ticket`
     * (its number): one conversation alone; `session` wins.
     */
    HttpApiEndpoint.get("look", "/organizations/:org/doctor", {
      params: inOrganization,
      query: {
        session: Schema.optionalKey(SessionId),
        ticket: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{1,19}$/))),
      },
      success: Diagnosis,
    }).annotate(Needs, "sessions.read"),
  )
  .middleware(Guard) {}
