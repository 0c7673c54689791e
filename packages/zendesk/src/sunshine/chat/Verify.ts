/** Proves that the app's key works, and looks at the settings that make routing work or break in silence. */
import type { MessagingAccount } from "@opencx/core"
import { Effect } from "effect"
import type { SunshineClient } from "../client/SunshineClient.ts"
import { AppEnvelope, type IntegrationWire } from "../wire/ApiWire.ts"
import { ask, type ChatParts } from "./Calls.ts"
import { readIntegrations } from "./Integrations.ts"
import { noMultiConversations } from "./Open.ts"
import { readSwitchboard, type SwitchboardView } from "./Switchboard.ts"

const operation = "verify"

/** Something about the app that makes routing break. `id` stays the same; `problem` and `fix` are sentences. */
export interface Concern {
  readonly id:
    | "multi_conversations"
    | "switchboard"
    | "integration_name"
    | "agent_workspace"
    | "messaging_webhook"
    | "default_responder"
  readonly problem: string
  readonly fix: string
}

export interface MessagingFacts {
  readonly multiConversations: boolean
  readonly board: SwitchboardView
  readonly integrations: ReadonlyArray<IntegrationWire>
}

type Names = Pick<ChatParts, "integrationName" | "agentWorkspaceName">

const squeezed = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

const aboutOurName = (board: SwitchboardView, name: string): ReadonlyArray<Concern> => {
  if (board.integrations.some((one) => one.name === name)) return []
  const near = board.integrations.find((one) => squeezed(one.name).includes(squeezed(name)))
  const instead = near === undefined ? "" : ` There is "${near.name}", which is spelt differently.`
  return [
    {
      id: "integration_name",
      problem: `the switchboard has no integration named exactly "${name}", so that routing breaks in silence.${instead}`,
      fix: `Run opencx setup zendesk: it creates the integration with this name, or gives ours its name back. By hand: delete the wrong one from the Conversations integrations in Admin Center, and create it again with the exact name ${name}`,
    },
  ]
}

const aboutSwitchboard = (board: SwitchboardView, names: Names): ReadonlyArray<Concern> => {
  if (!board.exists || !board.enabled)
    return [
      {
        id: "switchboard",
        problem:
          "the app has no switchboard that is switched on, so that chats cannot be passed between the AI and the humans.",
        fix: "It comes with Zendesk messaging: switch messaging on in Admin Center > Channels > Messaging and social > Messaging",
      },
    ]
  const humans = board.integrations.some((one) => one.name === names.agentWorkspaceName)
  return [
    ...aboutOurName(board, names.integrationName),
    ...(humans
      ? []
      : [
          {
            id: "agent_workspace" as const,
            problem: `the switchboard has no integration named "${names.agentWorkspaceName}", so that no chat can reach the humans.`,
            fix: "Switch the Agent Workspace on in Admin Center, or correct agentWorkspaceName",
          },
        ]),
  ]
}

const labelOf = (one: IntegrationWire): string =>
  `${one.type}${one.displayName === null || one.displayName === undefined ? "" : ` "${one.displayName}"`} (first ${one.defaultResponder?.name ?? "nobody"})`

/** Channels whose first responder can be read and is somebody else. */
const aboutResponders = (all: ReadonlyArray<IntegrationWire>, name: string): ReadonlyArray<Concern> => {
  const elsewhere = all.filter(
    (one) => one.type !== "custom" && one.defaultResponder != null && one.defaultResponder.name !== name,
  )
  return elsewhere.length === 0
    ? []
    : [
        {
          id: "default_responder",
          problem: `on these Zendesk channels somebody else answers first: ${elsewhere.slice(0, 20).map(labelOf).join(", ")}.`,
          fix: `Choose ${name} for those that the AI shall answer: Admin Center > AI > AI agents > Marketplace bots > ${name} > Channels`,
        },
      ]
}

/** Triggers that our integration's webhook needs, and what is missing without them. */
const neededTriggers: ReadonlyArray<readonly [string, string]> = [
  ["conversation:message", "no message arrives"],
  ["switchboard:passControl", "a handoff is noticed late"],
  ["switchboard:releaseControl", "the end of the humans' part is noticed late"],
]

const aboutWebhook = (
  all: ReadonlyArray<IntegrationWire>,
  board: SwitchboardView,
  name: string,
): ReadonlyArray<Concern> => {
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
  const missing = neededTriggers.filter(([trigger]) => !covered(trigger) && !has.has("*"))
  const problems = [
    ...missing.map(([trigger, effect]) => `the webhook lacks the trigger ${trigger}: ${effect}`),
    ...(bare("includeFullSource")
      ? ["the webhook leaves out the full source, so that customers' phone numbers are not known"]
      : []),
    ...(bare("includeFullUser")
      ? ["the webhook leaves out the full user, so that customers' names may not be known"]
      : []),
  ]
  const fix =
    "Run opencx setup zendesk, or register the webhook again with all conversation and switchboard triggers"
  return problems.map((problem) => ({ id: "messaging_webhook", problem: `${problem}.`, fix }))
}

/** What is wrong with an app, the settings first. */
export const concernsOf = (
  { board, integrations, multiConversations }: MessagingFacts,
  names: Names,
): ReadonlyArray<Concern> => {
  const switchboard = aboutSwitchboard(board, names)
  return [
    ...(multiConversations ? [] : [{ id: "multi_conversations" as const, ...noMultiConversations }]),
    ...switchboard,
    ...aboutWebhook(integrations, board, names.integrationName),
    // Without our integration every channel is somebody else's: said once is enough.
    ...(switchboard.length === 0 ? aboutResponders(integrations, names.integrationName) : []),
  ]
}

/** Reads the app. Fails when the key does not open it. */
export const readFacts = Effect.fnUntraced(function* (client: SunshineClient) {
  const { app } = yield* ask(client, operation, { what: "the app" }, AppEnvelope, { method: "GET", path: "" })
  const board = yield* readSwitchboard(client, operation)
  const integrations = yield* readIntegrations(client, operation)
  const multiConversations = app.settings?.multiConvoEnabled === true
  return { appId: app.id, multiConversations, board, integrations }
})

/** One look at everything. Failures of the key are errors; what only an administrator can decide is a warning. */
export const verify = Effect.fnUntraced(function* (parts: ChatParts) {
  const facts = yield* readFacts(parts.client)
  return {
    appId: facts.appId,
    multiConversations: facts.multiConversations,
    warnings: concernsOf(facts, parts).map(({ fix, problem }) => `${problem} ${fix}`),
  } satisfies MessagingAccount
})
