/** One Zendesk client per organization: rate budget, breaker and token are shared by ticketing and sync. */
import type { DeskUserId, OrgId, Ticketing } from "@opencx/core"
import { makeZendeskClient, ticketingOf, type ZendeskClient, ZendeskConnection } from "@opencx/zendesk"
import { Context, Effect, Option, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { tokenVault } from "../setup/stores.ts"

export interface ZendeskAccount {
  readonly connection: ZendeskConnection
  readonly client: ZendeskClient
  readonly ticketing: Ticketing["Service"]
  /** Our own user there, or null while Zendesk does not tell. Asked for once. */
  readonly selfId: Effect.Effect<DeskUserId | null>
  /** The same as far as it was asked for already: one user for as long as the process runs with these credentials. */
  knownSelfId(): DeskUserId | null
}

const decode = Schema.decodeUnknownEffect(ZendeskConnection, { errors: "all", onExcessProperty: "error" })

/** Connects the account of one organization. */
export const connectZendesk = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const connection = yield* decode(organization.zendesk).pipe(
    Effect.mapError(
      (error) =>
        new ConfigurationError({
          problem: `The Zendesk connection of "${organization.id}" is not valid:\n${error.message}`,
          hint: "See “Connecting a real Zendesk account” in the README.",
        }),
    ),
  )
  const client = yield* makeZendeskClient(connection, {}, yield* tokenVault(organization.id))
  const ticketing = ticketingOf(connection, client)
  const asked = yield* Effect.cachedWithTTL(Effect.option(ticketing.verify), "1 hour")
  let known: DeskUserId | null = null
  const selfId = Effect.map(asked, (found) => {
    known = Option.isSome(found) ? found.value.userId : known
    return known
  })
  return { connection, client, ticketing, selfId, knownSelfId: () => known } satisfies ZendeskAccount
})

export class ZendeskAccounts extends Context.Service<
  ZendeskAccounts,
  { get(orgId: OrgId): ZendeskAccount | null; readonly all: ReadonlyMap<OrgId, ZendeskAccount> }
>()("@opencx/runtime/layers/ZendeskAccounts") {}
