/** The schedules of an organization's account, and which of them its office hours come from. */
import { listSchedules } from "@opencx/zendesk"
import { Effect } from "effect"
import { scheduleIn } from "../config/HandoffConfig.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import type { ZendeskAccount } from "../layers/ZendeskAccounts.ts"
import { keyOfSchedule, readKnown } from "./KnownSchedule.ts"

/** What the configuration names, and what is known of it; null where office hours come from no schedule. */
const used = Effect.fnUntraced(function* ({ handoff, id }: OrganizationConfig, subdomain: string) {
  const from = scheduleIn(handoff)
  if (from === null) return null
  const known = yield* readKnown(id, keyOfSchedule(subdomain, from.zendeskSchedule))
  return { wanted: from.zendeskSchedule, ...known }
})

/** `problem`: why Zendesk does not list any. */
export const schedulesOf = Effect.fn("schedulesOf")(function* (
  organization: OrganizationConfig,
  { client, connection }: ZendeskAccount,
) {
  const listed = yield* Effect.result(listSchedules(client))
  return {
    schedules: listed._tag === "Success" ? listed.success : [],
    problem: listed._tag === "Success" ? null : listed.failure.message,
    used: yield* used(organization, connection.subdomain),
  }
})
export type SchedulesOf = Effect.Success<ReturnType<typeof schedulesOf>>
