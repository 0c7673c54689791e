/** The API on the runtime's router, with its description under `/api/openapi.json`. */
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./contract/Api.ts"
import { GuardLive } from "./GuardLive.ts"
import { AccountsHandlers } from "./handlers/accounts.ts"
import { AuditHandlers } from "./handlers/audit.ts"
import { ContactsHandlers } from "./handlers/contacts.ts"
import { SessionsHandlers } from "./handlers/conversations.ts"
import { DeadLettersHandlers } from "./handlers/deadLetters.ts"
import { DoctorHandlers } from "./handlers/doctor.ts"
import { KeysHandlers } from "./handlers/keys.ts"
import { MeHandlers } from "./handlers/me.ts"
import { OrganizationsHandlers } from "./handlers/organizations.ts"
import { SchedulesHandlers } from "./handlers/schedules.ts"
import { ReportHandlers } from "./handlers/report.ts"
import { SourcesHandlers } from "./handlers/sources.ts"
import { InstallationHandlers, UsersHandlers } from "./handlers/users.ts"
import { ZendeskHandlers } from "./handlers/zendesk.ts"

const Handlers = Layer.mergeAll(
  OrganizationsHandlers,
  AccountsHandlers,
  SourcesHandlers,
  SchedulesHandlers,
  SessionsHandlers,
  DeadLettersHandlers,
  ContactsHandlers,
  ZendeskHandlers,
  DoctorHandlers,
  ReportHandlers,
  UsersHandlers,
  InstallationHandlers,
  KeysHandlers,
  AuditHandlers,
  MeHandlers,
).pipe(Layer.provideMerge(GuardLive))

export const ApiRoutes = HttpApiBuilder.layer(Api, { openapiPath: "/api/openapi.json" }).pipe(
  Layer.provide(Handlers),
)
