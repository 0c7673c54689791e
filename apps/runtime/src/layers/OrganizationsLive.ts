/** Builds an organization of the configuration: its channels bound and open, its help desk, its agent. */
import { LlmAgent } from "@opencx/agent"
import {
  type AccountId,
  type ChannelPlugin,
  Knowledge,
  type LiveChannel,
  type OfficeHours,
  type Organization,
  type OrganizationSettings,
  SupportAgent,
  TokenLedger,
} from "@opencx/core"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { writtenHours } from "../config/HandoffConfig.ts"
import { hoursNow, type OrganizationSchedule } from "../schedules/OrganizationSchedule.ts"
import type { AccountConfig, OrganizationConfig } from "../config/RuntimeConfig.ts"
import { sunshineChannels } from "@opencx/zendesk"
import { nativeAccountId } from "../messaging/nativeChannels.ts"
import { channelHookUrl } from "./HookUrls.ts"
import { MessagingAccounts } from "./MessagingAccounts.ts"
import { Plugins } from "./Plugins.ts"
import { Settings } from "./Settings.ts"
import { Signing } from "./Signing.ts"
import { ZendeskAccounts } from "./ZendeskAccounts.ts"

/** What a plugin gets of one account, before it has checked the settings. */
export const accountOf = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  account: AccountConfig,
) {
  const signing = yield* Signing
  const { publicUrl } = yield* Settings
  return {
    orgId: organization.id,
    accountId: account.id,
    organizationName: organization.name,
    settings: account.settings,
    hookUrl: channelHookUrl(publicUrl, signing.urls, account.channel, organization.id, account.id),
    publicUrl,
    signer: signing.account(organization.id, account.id),
  }
})

const openAccount = Effect.fnUntraced(function* (
  plugin: ChannelPlugin,
  organization: OrganizationConfig,
  account: AccountConfig,
) {
  const bound = yield* plugin
    .bind(yield* accountOf(organization, account))
    .pipe(Effect.mapError((error) => new ConfigurationError({ problem: error.detail, hint: error.hint })))
  return { bound, sender: yield* bound.open } satisfies LiveChannel
})

/** The office hours are those of the moment of asking, where they come from a schedule of Zendesk's. */
const settingsOf = (
  organization: OrganizationConfig,
  schedule: OrganizationSchedule | null,
): (() => OrganizationSettings) => {
  const { agentLanguage, assist, fields, handoff, id, name, rollout, tags, texts } = organization
  const written = writtenHours(handoff)
  const beside = { agentLanguage, assist, fields, id, name, rollout, tags, texts }
  const withHours = (officeHours: OfficeHours | null) => ({ ...beside, handoff: { ...handoff, officeHours } })
  const fixed = withHours(written)
  return () => (schedule === null ? fixed : withHours(hoursNow(schedule)))
}

/** With a language model where one is configured, for the organization or for all. */
const agentOf = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const embedded = yield* SupportAgent
  const settings = organization.llm ?? (yield* Settings).config.llm
  if (settings === undefined) return embedded
  const [knowledge, ledger] = [yield* Knowledge, yield* TokenLedger]
  return yield* LlmAgent.makeLlmAgent({ settings, embedded, knowledge, ledger })
})

/** What the engine needs of one organization. Its channels stay open as long as the scope. */
export const buildOrganization = Effect.fnUntraced(function* (
  config: OrganizationConfig,
  schedule: OrganizationSchedule | null,
) {
  // Before anything is signed or opened for it.
  ;(yield* Signing).urls.know(config)
  const agent = yield* agentOf(config)
  const zendesk = yield* ZendeskAccounts
  const channels = new Map<AccountId, LiveChannel>()
  for (const account of config.accounts) {
    if (channels.has(account.id)) {
      return yield* new ConfigurationError({
        problem: `Organization "${config.id}" has two channel accounts with the id "${account.id}".`,
        hint: "Give each account an id of its own; its webhook URL is signed with it.",
      })
    }
    const plugin = yield* (yield* Plugins).named(account.channel)
    channels.set(account.id, yield* openAccount(plugin, config, account))
  }
  const messaging = (yield* MessagingAccounts).get(config.id)
  if (messaging !== null) {
    const native = sunshineChannels({ messagingFor: () => Effect.succeed(messaging.messaging) })
    for (const plugin of native) {
      const account = { id: nativeAccountId(plugin.id), channel: plugin.id, settings: {}, urlEdition: 1 }
      channels.set(account.id, yield* openAccount(plugin, config, account))
    }
  }
  const settings = settingsOf(config, schedule)
  return {
    get settings() {
      return settings()
    },
    agent,
    ticketing: zendesk.get(config.id)?.ticketing ?? null,
    messaging: messaging?.messaging.port ?? null,
    identityMerge: messaging?.identityMerge ?? null,
    channels,
  } satisfies Organization
})
