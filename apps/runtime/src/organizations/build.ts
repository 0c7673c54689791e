/** Everything of one organization that runs, built anew from its configuration in a scope of its own. */
import { type Organization, type OrgId } from "@opencx/core"
import { Effect, Exit, Scope } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { connectMessaging, type MessagingAccount, MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { buildOrganization } from "../layers/OrganizationsLive.ts"
import { connectZendesk, type ZendeskAccount, ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { type OrganizationSchedule, organizationSchedule } from "../schedules/OrganizationSchedule.ts"
import { makeSource } from "../sync/makeSource.ts"
import type { Source } from "../sync/Source.ts"
import { knowSecrets } from "./knowSecrets.ts"
import type { Watchers } from "../sync/Watchers.ts"

export interface LiveOrganization {
  readonly config: OrganizationConfig
  readonly zendesk: ZendeskAccount | null
  readonly messaging: MessagingAccount | null
  readonly organization: Organization
  readonly sources: ReadonlyArray<Source>
  /** Where its office hours come from; null: not from Zendesk. */
  readonly schedule: OrganizationSchedule | null
  /** What it holds open. */
  readonly scope: Scope.Closeable
}

/** A service of many organizations that knows of this one alone. */
const only = <A>(orgId: OrgId, value: A | null) => ({
  get: (other: OrgId) => (other === orgId ? value : null),
  all: new Map(value === null ? [] : [[orgId, value]]),
})

const parts = Effect.fnUntraced(function* (watchers: Watchers, config: OrganizationConfig) {
  yield* knowSecrets(config)
  const zendesk = config.zendesk === undefined ? null : yield* connectZendesk(config)
  const accounts = ZendeskAccounts.of(only(config.id, zendesk))
  const messaging =
    config.messaging === undefined
      ? null
      : yield* Effect.provideService(connectMessaging(config), ZendeskAccounts, accounts)
  const schedule = yield* organizationSchedule(config, zendesk)
  const organization = yield* buildOrganization(config, schedule).pipe(
    Effect.provideService(ZendeskAccounts, accounts),
    Effect.provideService(MessagingAccounts, MessagingAccounts.of(only(config.id, messaging))),
  )
  const sources = yield* Effect.forEach(config.sources, (source) =>
    Effect.provideService(makeSource(watchers, config.id, source), ZendeskAccounts, accounts),
  )
  return { zendesk, messaging, organization, sources, schedule }
})

/** Builds it, or leaves nothing open. */
export const buildLive = Effect.fnUntraced(function* (
  watchers: Watchers,
  config: OrganizationConfig,
  parent: Scope.Scope,
) {
  const scope = yield* Scope.fork(parent)
  const built = yield* parts(watchers, config).pipe(
    Effect.provideService(Scope.Scope, scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
  )
  return { ...built, config, scope } satisfies LiveOrganization
})
