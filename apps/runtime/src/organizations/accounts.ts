/** All channel accounts of a plugin, over all organizations that run. */
import type { ChannelPlugin } from "@opencx/core"
import { Effect } from "effect"
import { accountOf } from "../layers/OrganizationsLive.ts"
import { LiveOrganizations, type Standing } from "./LiveOrganizations.ts"

/** As the plugin gets them. `wanted`: of which organizations. */
export const accountsOf = Effect.fnUntraced(function* (
  plugin: ChannelPlugin,
  wanted: (standing: Standing) => boolean = () => true,
) {
  const organizations = yield* LiveOrganizations
  const found = organizations.all().flatMap((standing) => {
    const { live } = standing
    if (live === null || !wanted(standing)) return []
    return live.config.accounts
      .filter(({ channel }) => channel === plugin.id)
      .map((account) => ({ org: live.config, account }))
  })
  return yield* Effect.forEach(found, ({ account, org }) => accountOf(org, account))
})

export type PluginAccounts = Effect.Success<ReturnType<typeof accountsOf>>

/** The same text for the same accounts: what a plugin has built of them needs no building anew. */
export const fingerprintOf = (accounts: PluginAccounts): string =>
  JSON.stringify(
    accounts.map(({ accountId, orgId, organizationName, settings }) => [
      orgId,
      accountId,
      organizationName,
      settings,
    ]),
  )
