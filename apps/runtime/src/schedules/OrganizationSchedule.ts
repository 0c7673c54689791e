/** The schedule that one organization's office hours come from, while it runs. */
import type { OfficeHours, OrgId } from "@opencx/core"
import type { ZendeskClient } from "@opencx/zendesk"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { scheduleIn } from "../config/HandoffConfig.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import type { ZendeskAccount } from "../layers/ZendeskAccounts.ts"
import { keyOfSchedule, type KnownSchedule, nothingKnown, readKnown } from "./KnownSchedule.ts"

export interface OrganizationSchedule {
  readonly orgId: OrgId
  /** Id or name, as configured. */
  readonly wanted: string | number
  readonly key: string
  readonly everyMs: number
  readonly client: ZendeskClient
  /** As this process knows it; the store has the newest. */
  known: KnownSchedule
}

/**
 * The office hours of now: the last good copy, however old. Null while none was ever read, which means what it means without
 * office hours: conversations are handed over as if somebody were there, so that none is lost.
 */
export const hoursNow = ({ known }: Pick<OrganizationSchedule, "known">): OfficeHours | null =>
  known.copy?.hours ?? null

/** Null where the office hours come from no schedule. What was kept of it is there at once. */
export const organizationSchedule = Effect.fnUntraced(function* (
  { handoff, id }: OrganizationConfig,
  zendesk: ZendeskAccount | null,
) {
  const from = scheduleIn(handoff)
  if (from === null) return null
  if (zendesk === null)
    return yield* new ConfigurationError({
      problem: `The office hours of "${id}" come from a Zendesk schedule, but it has no connection to Zendesk Support.`,
      hint: "Add `zendesk` to the organization, or write the hours into `handoff.officeHours`.",
    })
  const wanted = from.zendeskSchedule
  const key = keyOfSchedule(zendesk.connection.subdomain, wanted)
  const known = yield* readKnown(id, key).pipe(
    // It is looked for again within seconds.
    Effect.catch((error) =>
      Effect.as(Effect.logWarning(`The kept schedule of ${id} was not read`, error.message), nothingKnown),
    ),
  )
  return {
    orgId: id,
    wanted,
    key,
    everyMs: from.everyMinutes * 60_000,
    client: zendesk.client,
    known,
  } satisfies OrganizationSchedule
})
