/** How the connection to Zendesk stands, as this process knows it: no call is made. */
import type { ZendeskHealth } from "@opencx/zendesk"
import { Effect } from "effect"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { lastSeenOf } from "../../http/hookMetrics.ts"
import { hookUrlsOf } from "../../layers/HookUrls.ts"
import { MessagingAccounts } from "../../layers/MessagingAccounts.ts"
import { ZendeskAccounts } from "../../layers/ZendeskAccounts.ts"

const budgetOf = ({ available, blockedUntil, limit }: ZendeskHealth["pools"]["support"]) => ({
  available,
  blockedUntil,
  limit,
})

const breakerOf = ({ failuresInARow, openUntil, state }: ZendeskHealth["breaker"]) => ({
  failuresInARow,
  openUntil,
  state,
})

const ticketingOf = Effect.fnUntraced(function* (orgId: OrganizationConfig["id"]) {
  const account = (yield* ZendeskAccounts).get(orgId)
  if (account === null) return null
  const { breaker, calls, failures, pools, tokenExpiresAt } = yield* account.client.health
  const budget = { support: budgetOf(pools.support), help_center: budgetOf(pools.help_center) }
  const { auth, subdomain } = account.connection
  return {
    subdomain,
    signIn: auth.type,
    breaker: breakerOf(breaker),
    calls,
    failures,
    budget,
    tokenExpiresAt,
  }
})

const messagingOf = Effect.fnUntraced(function* (orgId: OrganizationConfig["id"]) {
  const account = (yield* MessagingAccounts).get(orgId)
  if (account === null) return null
  const { breaker, calls, failures } = yield* account.client.health
  return { appId: account.client.appId, breaker: breakerOf(breaker), calls, failures }
})

/** Zendesk's own hooks; those of channel accounts stand with the accounts. */
const zendeskHook = /^zendesk /

export const connectionStatus = Effect.fn("connectionStatus")(function* (organization: OrganizationConfig) {
  const hooks = (yield* hookUrlsOf(organization)).filter(({ what }) => zendeskHook.test(what))
  return {
    ticketing: yield* ticketingOf(organization.id),
    messaging: yield* messagingOf(organization.id),
    hooks: yield* Effect.forEach(hooks, ({ what }) =>
      Effect.map(lastSeenOf(organization.id, what.replace(" ", "_")), (lastSeenAt) => ({
        what,
        lastSeenAt,
      })),
    ),
  }
})
