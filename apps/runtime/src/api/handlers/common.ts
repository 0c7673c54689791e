/** What handlers of the API share. */
import { OrgId } from "@opencx/core"
import type { AuditEntry } from "@opencx/storage"
import { Effect } from "effect"
import { everywhere, type Principal } from "../../access/Principal.ts"
import { Caller } from "../contract/Guard.ts"

/** The caller, in the organization that the path names. */
export const inOrg = Effect.gen(function* () {
  const { orgId, principal } = yield* Caller
  // The guard reads it from the path of every endpoint that has one.
  return { principal, orgId: orgId ?? OrgId.make("installation") }
})

/** What the audit log says of a change by this caller. */
export const auditOf = (
  principal: Principal,
  orgId: string | null,
  action: string,
  target: string,
  changes: AuditEntry["changes"] = [],
): AuditEntry => ({
  orgId: orgId ?? everywhere,
  actor: principal.actor,
  actorName: principal.name,
  action,
  target,
  changes,
})
