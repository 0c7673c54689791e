/** Which integration of an app is ours, and which of Zendesk's channels can have a first responder. */
import type { MessagingFacts } from "../../sunshine/chat/Verify.ts"
import type { IntegrationWire, MessagingWebhookWire } from "../../sunshine/wire/ApiWire.ts"
import type { OurHook } from "../Plan.ts"
import type { SetupRecord } from "../Record.ts"

const webhooksOf = (one: IntegrationWire): ReadonlyArray<MessagingWebhookWire> => one.webhooks ?? []

/** By our present URL; by the id that we noted; by our name with an old URL of ours, or with no webhook at all. */
export const ourIntegration = (
  { integrations }: MessagingFacts,
  record: SetupRecord,
  hook: OurHook,
  name: string,
): IntegrationWire | undefined => {
  const custom = integrations.filter(({ type }) => type === "custom")
  const has = (one: IntegrationWire, ownership: "current" | "stale") =>
    webhooksOf(one).some(({ target }) => hook.owns(target ?? "") === ownership)
  return (
    custom.find((one) => has(one, "current")) ??
    custom.find(({ id }) => id === record.integrationId) ??
    custom.find((one) => one.displayName === name && (has(one, "stale") || webhooksOf(one).length === 0))
  )
}

/** The webhook that is ours to repair; undefined: there is none, and one is made. */
export const ourMessagingWebhook = (
  integration: IntegrationWire,
  record: SetupRecord,
  hook: OurHook,
): MessagingWebhookWire | undefined => {
  const all = webhooksOf(integration)
  const by = (ownership: "current" | "stale") =>
    all.find(({ target }) => hook.owns(target ?? "") === ownership)
  return by("current") ?? by("stale") ?? (integration.id === record.integrationId ? all[0] : undefined)
}

/** Channels on which customers write by way of Zendesk. */
export const channelsOf = ({ integrations }: MessagingFacts): ReadonlyArray<IntegrationWire> =>
  integrations.filter(
    ({ status, type }) => type !== "custom" && !type.startsWith("zd:") && status !== "inactive",
  )

export const channelLabel = ({ displayName, type }: IntegrationWire): string =>
  displayName == null || displayName === "" ? type : `${type} "${displayName}"`

/** By type (`whatsapp`), id or display name. */
export const channelsNamed = (
  facts: MessagingFacts,
  names: ReadonlyArray<string>,
): ReadonlyArray<IntegrationWire> =>
  channelsOf(facts).filter(({ displayName, id, type }) =>
    names.some((name) => name === id || name === type || name === displayName),
  )
