/** What handlers of the API share. */
import { OrgId } from "@opencx/core"
import type { AuditEntry } from "@opencx/storage"
import { Effect } from "effect"
import { NotFound } from "../../access/Access.ts"
import { everywhere, type Principal } from "../../access/Principal.ts"
import { configuredOrganizations } from "../../organizations/configured.ts"
import { Caller } from "../contract/Guard.ts"

/** The caller, in the organization that the path names. */
export const inOrg = Effect.gen(function* () {
  const { orgId, principal } = yield* Caller
  // The guard reads it from the path of every endpoint that has one.
  return { principal, orgId: orgId ?? OrgId.make("installation") }
})

/** The path's organization as it is configured, with the version of its settings. */
export const organizationHere = Effect.gen(function* () {
  const { orgId, principal } = yield* inOrg
  const found = (yield* configuredOrganizations).find(({ config }) => config.id === orgId)
  if (found === undefined)
    return yield* new NotFound({ what: `organization "${orgId}" with settings that can be used` })
  return { principal, config: found.config, version: found.version }
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
