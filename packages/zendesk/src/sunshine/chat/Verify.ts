/** Proves that the app's key works, and looks at the settings that make routing work or break in silence. */
import type { MessagingAccount } from "@opencx/core"
import { Effect } from "effect"
import { AppEnvelope, IntegrationList, type IntegrationWire } from "../wire/ApiWire.ts"
import { ask, type ChatParts } from "./Calls.ts"
import { multiConversationsOff } from "./Open.ts"
import { readSwitchboard, type SwitchboardView } from "./Switchboard.ts"

const operation = "verify"
/** 1,000 integrations; an app has a handful. */
const maxPages = 10

const integrationsOf = Effect.fnUntraced(function* (parts: ChatParts) {
  const all: Array<IntegrationWire> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof IntegrationList.Type = yield* ask(
      parts.client,
      operation,
      { what: "integrations" },
      IntegrationList,
      {
        method: "GET",
        path: "/integrations",
        query: { "page[size]": "100", ...(cursor === null ? {} : { "page[after]": cursor }) },
      },
    )
    all.push(...list.integrations)
    cursor = list.meta?.hasMore === true ? (list.meta.afterCursor ?? null) : null
    if (cursor === null) return all
  }
  return all
})

const squeezed = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

const aboutOurName = (board: SwitchboardView, name: string): ReadonlyArray<string> => {
  if (board.integrations.some((one) => one.name === name)) return []
  const near = board.integrations.find((one) => squeezed(one.name).includes(squeezed(name)))
  const instead = near === undefined ? "" : ` There is "${near.name}", which is spelt differently.`
  return [
    `the switchboard has no integration named exactly "${name}", so that routing breaks in silence.${instead} Delete a wrong one and create the Conversations integration again with the exact name ${name}`,
  ]
}

const aboutSwitchboard = (board: SwitchboardView, parts: ChatParts): ReadonlyArray<string> => {
  if (!board.exists || !board.enabled)
    return [
      "the app has no switchboard that is switched on, so that chats cannot be passed between the AI and the humans. It comes with Zendesk messaging: switch messaging on in Admin Center > Channels > Messaging and social > Messaging",
    ]
  const humans = board.integrations.some((one) => one.name === parts.agentWorkspaceName)
  return [
    ...aboutOurName(board, parts.integrationName),
    ...(humans
      ? []
      : [
          `the switchboard has no integration named "${parts.agentWorkspaceName}", so that no chat can reach the humans. Switch the Agent Workspace on, or correct agentWorkspaceName`,
        ]),
  ]
}

const labelOf = (one: IntegrationWire): string =>
  `${one.type}${one.displayName === null || one.displayName === undefined ? "" : ` "${one.displayName}"`} (first ${one.defaultResponder?.name ?? "nobody"})`

/** Channels whose first responder can be read and is somebody else. */
const aboutResponders = (all: ReadonlyArray<IntegrationWire>, name: string): ReadonlyArray<string> => {
  const elsewhere = all.filter(
    (one) => one.type !== "custom" && one.defaultResponder != null && one.defaultResponder.name !== name,
  )
  return elsewhere.length === 0
    ? []
    : [
        `on these Zendesk channels somebody else answers first: ${elsewhere.slice(0, 20).map(labelOf).join(", ")}. Choose ${name} for those that the AI shall answer: Admin Center > AI > AI agents > Marketplace bots > ${name} > Channels`,
      ]
}

/** Triggers that our integration's webhook needs, and what is missing without them. */
const wantedTriggers: ReadonlyArray<readonly [string, string]> = [
  ["conversation:message", "no message arrives"],
  ["switchboard:passControl", "a handoff is noticed late"],
  ["switchboard:releaseControl", "the end of the humans' part is noticed late"],
]

const aboutWebhook = (
  all: ReadonlyArray<IntegrationWire>,
  board: SwitchboardView,
  name: string,
): ReadonlyArray<string> => {
  const ours = board.integrations.find((one) => one.name === name)
  const integration = all.find((one) => one.id === ours?.integrationId)
  // A webhook may also hang on the app without being listed here, so that an empty list says nothing.
  const webhooks = integration?.webhooks ?? []
  if (webhooks.length === 0) return []
  const has = new Set(webhooks.flatMap((hook) => hook.triggers ?? []))
  const covered = (trigger: string): boolean =>
    has.has(trigger) || has.has(`${trigger.split(":")[0] ?? ""}:*`)
  const bare = (flag: "includeFullSource" | "includeFullUser") =>
    webhooks.every((hook) => hook[flag] === false)
  const missing = wantedTriggers.filter(([trigger]) => !covered(trigger) && !has.has("*"))
  return [
    ...missing.map(([trigger, effect]) => `the webhook lacks the trigger ${trigger}: ${effect}`),
    ...(bare("includeFullSource")
      ? ["the webhook leaves out the full source, so that customers' phone numbers are not known"]
      : []),
    ...(bare("includeFullUser")
      ? ["the webhook leaves out the full user, so that customers' names may not be known"]
      : []),
  ]
}

/** One look at everything. Failures of the key are errors; what only an administrator can decide is a warning. */
export const verify = Effect.fnUntraced(function* (parts: ChatParts) {
  const { app } = yield* ask(parts.client, operation, { what: "the app" }, AppEnvelope, {
    method: "GET",
    path: "",
  })
  const multiConversations = app.settings?.multiConvoEnabled === true
  const board = yield* readSwitchboard(parts.client, operation)
  const integrations = yield* integrationsOf(parts)
  const switchboard = aboutSwitchboard(board, parts)
  return {
    appId: app.id,
    multiConversations,
    warnings: [
      ...(multiConversations ? [] : [multiConversationsOff]),
      ...switchboard,
      ...aboutWebhook(integrations, board, parts.integrationName),
      // Without our integration every channel is somebody else's: said once is enough.
      ...(switchboard.length === 0 ? aboutResponders(integrations, parts.integrationName) : []),
    ],
  } satisfies MessagingAccount
})
