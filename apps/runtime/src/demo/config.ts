/** The sample organization's configuration: what a real one would have in `opencx.config.json`. */
import type { RuntimeConfigInput } from "../config/RuntimeConfig.ts"
import { type ProviderUrls, realTimeAccounts } from "./accounts.ts"
import { helpConfig, shopSchedule } from "./helping.ts"
import { mailAccount } from "./mailAccount.ts"
import { modelShop } from "./modelShop.ts"
import { messagingConfig } from "./sampleMessaging.ts"
import { clientId, clientSecret } from "./sampleAccount.ts"

export const supportAddress = "support@larkspoke.example"

export interface DemoAddresses {
  readonly host: string
  readonly port: number
  readonly smtpPort: number
  readonly sinkPort: number
  readonly emulatorUrl: string
  readonly dataDir: string
  /** Live chat and the real-time channels; without them the shop has mail and tickets alone. */
  readonly realTime?: { readonly providers: ProviderUrls; readonly webhookSecret: string | null }
  /** AI fields, drafts for agents, and a second shop whose customers a language model answers. */
  readonly help?: { readonly modelUrl: string; readonly signingSecret: string | null }
}

export interface DemoTuning {
  readonly signingSecret?: string
  readonly databaseUrl?: string
  readonly reconcileSeconds?: number
  readonly handoff?: Readonly<Record<string, unknown>>
}

export const demoConfig = (at: DemoAddresses, tuning: DemoTuning = {}): RuntimeConfigInput => ({
  publicUrl: `http://${at.host}:${at.port}`,
  http: { host: at.host, port: at.port },
  dataDir: at.dataDir,
  ...(tuning.databaseUrl === undefined ? {} : { databaseUrl: tuning.databaseUrl }),
  reconcileSeconds: tuning.reconcileSeconds ?? 30,
  listeners: { email: { smtp: { host: at.host, port: at.smtpPort } } },
  organizations: [
    {
      id: "larkspoke",
      name: "Larkspoke Cycles",
      handoff: {
        ...(at.help === undefined
          ? {}
          : { officeHours: { zendeskSchedule: shopSchedule.name, everyMinutes: 1 } }),
        ...tuning.handoff,
      },
      zendesk: {
        subdomain: "larkspoke",
        baseUrl: at.emulatorUrl,
        auth: { type: "oauth_client_credentials", clientId, clientSecret },
        ...(tuning.signingSecret === undefined ? {} : { webhookSigningSecret: tuning.signingSecret }),
      },
      ...(at.realTime === undefined
        ? {}
        : { messaging: messagingConfig(at.emulatorUrl, at.realTime.webhookSecret) }),
      accounts: [
        mailAccount("support", supportAddress, "Larkspoke Cycles", at),
        ...(at.realTime === undefined
          ? []
          : realTimeAccounts(at.realTime.providers, `http://${at.host}:${at.port}`)),
      ],
      sources: [{ id: "help-center", type: "zendesk_help_center", everyMinutes: 60 }],
      ...(at.help === undefined ? {} : helpConfig(at.help.signingSecret)),
    },
    ...(at.help === undefined ? [] : [modelShop(at, at.help.modelUrl)]),
  ],
})
