/** Stores of what people administer: organizations' documents, users, keys, and who changed what. */
import type { Secrets } from "@opencx/core"
import { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import * as Failures from "./access/LoginFailures.ts"
import * as TicketsSql from "./access/Tickets.ts"
import * as UsersSql from "./access/Users.ts"
import * as Audit from "./settings/AuditLog.ts"
import * as Documents from "./settings/OrganizationDocuments.ts"

/** What `layer` provides. */
export type AdministrationStores =
  | Documents.OrganizationDocuments
  | Audit.AuditLog
  | UsersSql.Users
  | TicketsSql.Tickets
  | Failures.LoginFailures

/** All of them. The schema must be there: provide it on top of `Migrations.layer`. */
export const layer: Layer.Layer<AdministrationStores, never, SqlClient.SqlClient | Secrets> = Layer.mergeAll(
  Documents.layer,
  Audit.layer,
  UsersSql.layer,
  TicketsSql.layer,
  Failures.layer,
)
