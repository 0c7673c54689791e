import type { World } from "../world/World.ts"
import { withBehaviour } from "./world/behaviour.ts"
import type { MessagingStore } from "./world/MessagingStore.ts"
import type { Integration, SwitchboardIntegration } from "./world/model.ts"

/** The app and key that a fresh account has; what a demo or a test connects with. */
export const sampleSunshineApp = {
  appId: "65b0f3a1c2d4e5f60718293a",
  keyId: "app_65b0f3a1c2d4e5f60718293b",
  secret: "sample-sunshine-secret",
} as const

/** Channels that a fresh account has. */
const seedChannels: ReadonlyArray<readonly [string, string, Integration["details"]]> = [
  ["web", "Web Widget", {}],
  ["whatsapp", "WhatsApp", { phoneNumber: "15550100000" }],
  ["messenger", "Messenger", { appId: "1000000001", pageId: 1_000_000_002, pageName: "Acme" }],
  ["instagram", "Instagram", { appId: "1000000001", pageId: 1_000_000_003, username: "acme" }],
]

/** Zendesk's own two responders: the bot answers first and hands on to the Agent Workspace, and that back. */
const seedSwitchboard = (store: MessagingStore, now: number): void => {
  const integrations = new Map<string, SwitchboardIntegration>()
  const add = (name: string, type: string): SwitchboardIntegration => {
    const integration = addIntegration(store, now, type, null, {})
    const member: SwitchboardIntegration = {
      id: store.ids.next(now),
      name,
      integrationId: integration.id,
      integrationType: type,
      deliverStandbyEvents: false,
      nextId: null,
      messageHistoryCount: 10,
    }
    integrations.set(member.id, member)
    return member
  }
  const bot = add("zd-answerBot", "zd:answerBot")
  const workspace = add("zd-agentWorkspace", "zd:agentWorkspace")
  bot.nextId = workspace.id
  workspace.nextId = bot.id
  store.switchboard = { id: store.ids.next(now), enabled: true, defaultId: bot.id, integrations }
}

const addIntegration = (
  store: MessagingStore,
  now: number,
  type: string,
  displayName: string | null,
  details: Integration["details"],
): Integration => {
  const integration: Integration = {
    id: store.ids.next(now),
    type,
    displayName,
    status: "active",
    webhooks: [],
    defaultResponderId: null,
    showAIDisclaimer: true,
    details,
    builtIn: true,
  }
  store.integrations.set(integration.id, integration)
  return integration
}

export const seedSunshine = (world: World, store: MessagingStore): void => {
  const seed = world.settings.seed.sunshine ?? {}
  const now = world.now()
  store.appId = seed.appId ?? sampleSunshineApp.appId
  store.settings.multiConvoEnabled = seed.multiConvoEnabled ?? false
  store.behaviour = withBehaviour(store.behaviour, world.settings.sunshine)
  for (const key of seed.keys ?? [{ id: sampleSunshineApp.keyId, secret: sampleSunshineApp.secret }])
    store.keys.set(key.id, { ...key, displayName: "Sample key", integrationId: null })
  for (const [type, name, details] of seedChannels) addIntegration(store, now, type, name, details)
  seedSwitchboard(store, now)
}
