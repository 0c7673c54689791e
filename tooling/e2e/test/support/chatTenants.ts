/** Organizations with live chat on one runtime: each has a Zendesk account and providers of its own. */
import {
  type Customers,
  customersOf,
  type Providers,
  realTimeAccounts,
  type RuntimeConfigInput,
  startProviders,
} from "@opencx/runtime"
import { type Emulator, sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Exit, Schema, Scope } from "effect"
import { hookOf } from "./liveChats.ts"
import { type ChatSite, type InstallationOptions, type InstalledSite, startInstallation } from "./world.ts"

const triggers = [
  "conversation:message",
  "conversation:read",
  "conversation:message:delivery:failure",
  "switchboard:passControl",
  "switchboard:passControl:failure",
  "switchboard:releaseControl",
]

const Named = Schema.Struct({ id: Schema.String, name: Schema.String })
const Integration = Schema.Struct({
  integration: Schema.Struct({
    id: Schema.String,
    webhooks: Schema.Array(Schema.Struct({ secret: Schema.String })),
  }),
})
const Switchboards = Schema.Struct({ switchboards: Schema.Array(Schema.Struct({ id: Schema.String })) })
const Members = Schema.Struct({ switchboardIntegrations: Schema.Array(Named) })

/** A call to an account's Sunshine API, as its administrator. */
const asAdmin = async <A, I>(
  emulator: Emulator,
  path: string,
  schema: Schema.Codec<A, I>,
  json?: object,
  method = json === undefined ? "GET" : "POST",
): Promise<A> => {
  const { appId, keyId, secret } = sampleSunshineApp
  const answer = await fetch(`${emulator.url}/sc/v2/apps/${appId}${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}`,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return Schema.decodeUnknownSync(schema)(await answer.json())
}

/** Our place in the switchboard and our webhook. Answers with the webhook's key. */
const connect = async (emulator: Emulator, target: string, multiConversations: boolean): Promise<string> => {
  if (multiConversations)
    await asAdmin(emulator, "", Schema.Unknown, { settings: { multiConvoEnabled: true } }, "PATCH")
  const { integration } = await asAdmin(emulator, "/integrations", Integration, {
    type: "custom",
    status: "active",
    displayName: "opencx",
    webhooks: [{ target, triggers, includeFullUser: true, includeFullSource: true }],
  })
  const { switchboards } = await asAdmin(emulator, "/switchboards", Switchboards)
  const members = `/switchboards/${switchboards[0]?.id}/switchboardIntegrations`
  const { switchboardIntegrations } = await asAdmin(emulator, members, Members)
  await asAdmin(emulator, members, Schema.Unknown, {
    name: "opencx",
    integrationId: integration.id,
    deliverStandbyEvents: true,
    nextSwitchboardIntegrationId: switchboardIntegrations.find(({ name }) => name === "zd-agentWorkspace")
      ?.id,
  })
  emulator.sunshine.configure({ conversationControl: "release" })
  return integration.webhooks[0]?.secret ?? ""
}

interface Outside {
  readonly providers: Providers
  readonly urls: { readonly twilio: string; readonly meta: string; readonly relay: string }
  readonly close: () => Promise<void>
}

/** A telephone network and a Meta for one organization. */
export const startOutside = async (): Promise<Outside> => {
  const scope = Effect.runSync(Scope.make())
  const providers = await Effect.runPromise(
    Effect.provideService(startProviders("127.0.0.1"), Scope.Scope, scope),
  )
  const { meta, relay, twilio } = providers
  return {
    providers,
    urls: { twilio: twilio.url, meta: meta.url, relay: relay.url },
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}

/** Adds the sample's real-time accounts to an organization. */
export const withAccounts = (
  organization: RuntimeConfigInput["organizations"][number],
  urls: Outside["urls"],
): RuntimeConfigInput["organizations"][number] => ({
  ...organization,
  accounts: [...(organization.accounts ?? []), ...realTimeAccounts(urls, "http://127.0.0.1:1")],
})

/** An organization on a shared runtime, with the key of its messaging webhook. */
export type ChatTenant = ChatSite & { readonly messagingKey: string }

const tenantOf = (site: InstalledSite, providers: Providers, people: Customers, messagingKey: string) => ({
  ...site,
  realTime: { providers, people },
  messagingHook: hookOf(site, "zendesk messaging"),
  messagingKey,
})

const decodeAddress = Schema.decodeUnknownSync(Schema.Struct({ baseUrl: Schema.String }))
const addressOf = (zendesk: unknown): string => decodeAddress(zendesk).baseUrl

export interface ChatTenantOptions {
  /** Channel accounts besides the sample's. */
  readonly accountsOf?: (id: string) => RuntimeConfigInput["organizations"][number]["accounts"]
  /** Whether a customer may have several conversations, as an administrator switches it on. Default: false. */
  readonly multiConversations?: boolean
  readonly retry?: InstallationOptions["retry"]
}

/** One runtime for these organizations. `close` of any of them ends all. */
export const startChatTenants = async (
  ids: ReadonlyArray<string>,
  { accountsOf, multiConversations = false, retry = {} }: ChatTenantOptions = {},
): Promise<ReadonlyArray<ChatTenant>> => {
  const outside = new Map<string, Outside>()
  for (const id of ids) outside.set(id, await startOutside())
  const of = (id: string): Outside => {
    const found = outside.get(id)
    if (found === undefined) throw new Error(`no organization ${id}`)
    return found
  }
  const { appId, keyId, secret } = sampleSunshineApp
  const sites = await startInstallation({
    organizations: ids,
    retry,
    changeOrganization: (one) => ({
      ...withAccounts(
        { ...one, accounts: [...(one.accounts ?? []), ...(accountsOf?.(one.id) ?? [])] },
        of(one.id).urls,
      ),
      messaging: { appId, keyId, secret, baseUrl: addressOf(one.zendesk) },
    }),
  })
  const close = async () => {
    await sites[0]?.close()
    for (const { close } of outside.values()) await close()
  }
  const tenants: Array<ChatTenant> = []
  for (const site of sites) {
    const { providers } = of(site.organization)
    const key = await connect(site.emulator, hookOf(site, "zendesk messaging"), multiConversations)
    tenants.push({ ...tenantOf(site, providers, customersOf(providers, site.hooks), key), close })
  }
  return tenants
}
