/** The API of the runtime, as data: the server, the OpenAPI document, the client and the tests are all made of this. */
import { HttpApi, OpenApi } from "effect/http-api"
import { DeadLettersGroup, SessionsGroup } from "./conversations.ts"
import { DoctorGroup } from "./doctor.ts"
import { AccountsGroup, OrganizationsGroup, SourcesGroup } from "./organizations.ts"
import { SchedulesGroup } from "./schedules.ts"
import { AuditGroup, InstallationGroup, KeysGroup, MeGroup, UsersGroup } from "./people.ts"

const strict = { errors: "all", onExcessProperty: "error" } as const

export class Api extends HttpApi.make("opencx")
  .add(
    OrganizationsGroup,
    AccountsGroup,
    SourcesGroup,
    SchedulesGroup,
    SessionsGroup,
    DeadLettersGroup,
    DoctorGroup,
    UsersGroup,
    InstallationGroup,
    KeysGroup,
    AuditGroup,
    MeGroup,
  )
  .annotate(HttpApi.PayloadParseOptions, strict)
  .annotate(HttpApi.QueryParseOptions, strict)
  .annotate(OpenApi.Title, "OpenCX for Zendesk")
  .prefix("/api") {}
