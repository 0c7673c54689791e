/** The API of the runtime, as data: the server, the OpenAPI document, the client and the tests are all made of this. */
import { HttpApi, OpenApi } from "effect/http-api"
import { ContactsGroup } from "./contacts.ts"
import { SessionsGroup } from "./conversations.ts"
import { DeadLettersGroup } from "./deadLetters.ts"
import { DoctorGroup } from "./doctor.ts"
import { SchedulesGroup } from "./schedules.ts"
import { AccountsGroup, OrganizationsGroup } from "./organizations.ts"
import { AuditGroup, InstallationGroup, KeysGroup, MeGroup, UsersGroup } from "./people.ts"
import { ReportGroup } from "./report.ts"
import { SourcesGroup } from "./sources.ts"
import { ZendeskGroup } from "./zendesk.ts"

const strict = { errors: "all", onExcessProperty: "error" } as const

export class Api extends HttpApi.make("opencx")
  .add(
    OrganizationsGroup,
    AccountsGroup,
    SourcesGroup,
    SchedulesGroup,
    SessionsGroup,
    DeadLettersGroup,
    ContactsGroup,
    ZendeskGroup,
    DoctorGroup,
    ReportGroup,
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
