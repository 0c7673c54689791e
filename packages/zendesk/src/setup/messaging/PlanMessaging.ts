/** What is to be done in Sunshine: pure, from what the app holds and what it should hold. */
import { Effect, Redacted } from "effect"
import { noMultiConversations } from "../../sunshine/chat/Open.ts"
import type { MessagingFacts } from "../../sunshine/chat/Verify.ts"
import type { IntegrationWire } from "../../sunshine/wire/ApiWire.ts"
import { madeBefore, type OurHook, type Plan, type Step, storedNames } from "../Plan.ts"
import type { SetupRecord } from "../Record.ts"
import { twinPlan } from "./twins.ts"
import { channelLabel, channelsNamed, channelsOf, ourIntegration, ourMessagingWebhook } from "./Find.ts"
import {
  createIntegration,
  createMessagingWebhook,
  createResponder,
  type MessagingTools,
  messagingTriggers,
  renameIntegration,
  type ResponderBody,
  setDefaultResponder,
  turnOnMultiConversations,
  updateMessagingWebhook,
  updateResponder,
} from "./Writes.ts"

export interface MessagingWishes {
  readonly integrationName: string
  readonly agentWorkspaceName: string
  /** Channels on which the AI shall answer first, besides those chosen before: type, id or display name. */
  readonly choose: ReadonlyArray<string>
  /** Channels that go back to who answered first before. */
  readonly giveBack: ReadonlyArray<string>
}

export interface MessagingPlanInput {
  readonly tools: MessagingTools
  readonly facts: MessagingFacts
  readonly record: SetupRecord
  readonly wishes: MessagingWishes
  readonly hook: OurHook
  readonly stored: Redacted.Redacted<string> | null
}

const step = (view: Omit<Step, "irreversible">): Step => ({ ...view, irreversible: false })

/** An id that is known now, or after the step that makes it. */
interface Later {
  readonly steps: ReadonlyArray<Step>
  readonly idNow: () => string
}

const multiConversations = ({ facts, tools }: MessagingPlanInput): ReadonlyArray<Step> =>
  facts.multiConversations
    ? []
    : [
        {
          id: "multi_conversations",
          action: "repair",
          what: "multi-conversations for every Web Widget, iOS and Android channel",
          why: [noMultiConversations.problem.replace(/\.$/, ""), "this cannot be turned off again"],
          irreversible: true,
          run: turnOnMultiConversations(tools),
        },
      ]

const covers = (triggers: ReadonlyArray<string>, wanted: string): boolean =>
  triggers.some((one) => one === wanted || one === "*" || one === `${wanted.split(":")[0] ?? ""}:*`)

const webhookSteps = (
  { hook, record, tools }: MessagingPlanInput,
  integration: IntegrationWire,
): ReadonlyArray<Step> => {
  const webhook = ourMessagingWebhook(integration, record, hook)
  if (webhook?.id == null)
    return [
      step({
        id: "messaging_webhook",
        action: "create",
        what: "the messaging webhook",
        why: ["no webhook posts to our URL"],
        run: createMessagingWebhook(tools, integration.id, hook.url),
      }),
    ]
  const missing = messagingTriggers.filter((one) => !covers(webhook.triggers ?? [], one))
  const why = [
    ...(webhook.target === hook.url ? [] : ["its target is an old URL of ours"]),
    ...(missing.length === 0 ? [] : [`it lacks the triggers ${missing.join(", ")}`]),
    ...(webhook.includeFullUser === false ? ["it leaves out the full user"] : []),
    ...(webhook.includeFullSource === false ? ["it leaves out the full source"] : []),
  ]
  const run = updateMessagingWebhook(tools, integration.id, webhook.id, hook.url)
  return why.length === 0
    ? []
    : [step({ id: "messaging_webhook", action: "repair", what: "the messaging webhook", why, run })]
}

const secretSteps = (
  { hook, record, stored, tools }: MessagingPlanInput,
  integration: IntegrationWire,
): ReadonlyArray<Step> => {
  const secret = ourMessagingWebhook(integration, record, hook)?.secret
  if (secret == null || secret === "" || (stored !== null && Redacted.value(stored) === secret)) return []
  return [
    step({
      id: "messaging_secret",
      action: "keep",
      what: "the secret of the messaging webhook",
      why: [
        stored === null
          ? "it is not stored, so that only the signed URL protects the webhook"
          : "another one is stored, so that every webhook would be refused",
      ],
      run: tools.store.put(storedNames.messaging, Redacted.make(secret)),
    }),
  ]
}

const integrationPlan = (input: MessagingPlanInput, found: IntegrationWire | undefined): Later => {
  const { hook, tools, wishes } = input
  const name = wishes.integrationName
  if (found === undefined) {
    let id = ""
    const run = createIntegration(tools, name, hook.url).pipe(
      Effect.map((made) => {
        id = made
      }),
    )
    const what = `the Conversations integration "${name}" with its webhook`
    const create = step({ id: "integration", action: "create", what, why: ["there is none"], run })
    return { steps: [create], idNow: () => id }
  }
  const rename = step({
    id: "integration",
    action: "repair",
    what: `the Conversations integration "${found.displayName ?? found.id}"`,
    why: [`its name must be exactly ${name}`],
    run: renameIntegration(tools, found.id, name),
  })
  return {
    steps: [
      ...(found.displayName === name ? [] : [rename]),
      ...webhookSteps(input, found),
      ...secretSteps(input, found),
    ],
    idNow: () => found.id,
  }
}

const responderPlan = (input: MessagingPlanInput, integration: Later): Later => {
  const { facts, record, tools, wishes } = input
  const { board } = facts
  const humans = board.integrations.find(({ name }) => name === wishes.agentWorkspaceName)
  const ready = madeBefore(integration.idNow, "the Conversations integration")
  const bodyFor = (integrationId: string): ResponderBody => ({
    name: wishes.integrationName,
    integrationId,
    deliverStandbyEvents: true,
    nextSwitchboardIntegrationId: humans?.id ?? null,
  })
  const found =
    board.integrations.find(({ name }) => name === wishes.integrationName) ??
    board.integrations.find((one) => one.id === record.responderId) ??
    board.integrations.find((one) => one.integrationId != null && one.integrationId === integration.idNow())
  const what = `our place "${wishes.integrationName}" in the switchboard`
  if (found === undefined) {
    let id = ""
    const run = ready.pipe(
      Effect.flatMap((made) => createResponder(tools, board.id, bodyFor(made))),
      Effect.map((made) => {
        id = made
      }),
    )
    const why = ["routing goes by it, and there is none"]
    const create = step({ id: "switchboard_integration", action: "create", what, why, run })
    return { steps: [create], idNow: () => id }
  }
  const why = [
    ...(found.name === wishes.integrationName
      ? []
      : [`it is named "${found.name}" and must be named exactly ${wishes.integrationName}`]),
    ...(found.integrationId === integration.idNow() && integration.idNow() !== ""
      ? []
      : ["it belongs to another integration"]),
    ...(found.deliverStandbyEvents === false
      ? ["it does not hear what happens while the humans have a chat"]
      : []),
    ...(humans === undefined || found.nextSwitchboardIntegrationId === humans.id
      ? []
      : ["the humans are not next after it"]),
  ]
  const run = Effect.flatMap(ready, (made) => updateResponder(tools, board.id, found.id, bodyFor(made)))
  const repair = step({ id: "switchboard_integration", action: "repair", what, why, run })
  return { steps: why.length === 0 ? [] : [repair], idNow: () => found.id }
}

/** Who answered first until now, so that it can be given back; null for the switchboard's own default. */
const responderBefore = ({ facts }: MessagingPlanInput, channel: IntegrationWire): string | null => {
  const now = channel.defaultResponder
  if (now == null || now.inherited !== false) return null
  return facts.board.integrations.find(({ name }) => name === now.name)?.id ?? null
}

const channelSteps = (input: MessagingPlanInput, responder: Later): ReadonlyArray<Step> => {
  const { facts, record, tools, wishes } = input
  const isOurs = (one: IntegrationWire) => one.defaultResponder?.name === wishes.integrationName
  const given = new Set(channelsNamed(facts, wishes.giveBack).map(({ id }) => id))
  const chosen = new Set([
    ...record.channels.map(({ integrationId }) => integrationId),
    ...channelsNamed(facts, wishes.choose).map(({ id }) => id),
  ])
  return channelsOf(facts).flatMap((one): ReadonlyArray<Step> => {
    const kept = record.channels.find(({ integrationId }) => integrationId === one.id)
    const others = (all: SetupRecord["channels"]) =>
      all.filter(({ integrationId }) => integrationId !== one.id)
    if (given.has(one.id)) {
      if (!isOurs(one) && kept === undefined) return []
      return [giveBack(tools, one, kept?.before ?? null)]
    }
    if (!chosen.has(one.id) || isOurs(one)) return []
    const before = kept?.before ?? responderBefore(input, one)
    const note = (now: SetupRecord): SetupRecord => ({
      ...now,
      channels: [...others(now.channels), { integrationId: one.id, before }],
    })
    return [
      step({
        id: "default_responder",
        action: "repair",
        what: `the channel ${channelLabel(one)}`,
        why: [`${one.defaultResponder?.name ?? "nobody"} answers first, and the AI shall`],
        run: madeBefore(responder.idNow, "our place in the switchboard").pipe(
          Effect.flatMap((made) => setDefaultResponder(tools, one.id, made, note)),
        ),
      }),
    ]
  })
}

/** Back to who answered first on a channel before. */
export const giveBack = (tools: MessagingTools, channel: IntegrationWire, before: string | null): Step =>
  step({
    id: "default_responder",
    action: "remove",
    what: `the channel ${channelLabel(channel)}`,
    why: ["it goes back to who answered first before"],
    run: setDefaultResponder(tools, channel.id, before, (now) => ({
      ...now,
      channels: now.channels.filter(({ integrationId }) => integrationId !== channel.id),
    })),
  })

const noSwitchboard =
  "The app has no switchboard that is switched on. It comes with Zendesk messaging: switch messaging on in Admin Center > Channels > Messaging and social > Messaging, then run this again."

const takenBy = (name: string): string =>
  `The switchboard integration "${name}" belongs to another integration, which is not ours and was left alone. Delete that Conversations integration if it is not in use any more, or give another exact name in integrationName, then run this again.`

/** Settings that no API tells or changes. */
const accountSettings = [
  "Conversation control must be Release control: Admin Center > Channels > Messaging and social > Messaging > Conversation control. With Pass control Zendesk's own bot gets the customer after the ticket is closed.",
  "The AI takes over again when a ticket is closed, not when it is solved. Zendesk closes solved tickets after 4 days by default: shorten that automation, or close on a tag.",
]

const unknownChannels = ({ facts, wishes }: MessagingPlanInput): ReadonlyArray<string> => {
  const all = channelsOf(facts)
  const unknown = [...wishes.choose, ...wishes.giveBack].filter(
    (one) => channelsNamed(facts, [one]).length === 0,
  )
  const there = all.map((one) => `${channelLabel(one)} (${one.id})`).join(", ")
  return unknown.map((one) => `There is no channel "${one}". There are: ${there || "none"}.`)
}

/** The plan for Sunshine. */
export const planMessaging = (input: MessagingPlanInput): Plan => {
  const { facts, hook, record, wishes } = input
  const { board } = facts
  const byHand = [...unknownChannels(input), ...accountSettings]
  if (!board.exists || !board.enabled)
    return { steps: multiConversations(input), byHand: [noSwitchboard, ...byHand] }
  const found = ourIntegration(facts, record, hook, wishes.integrationName)
  const holder = board.integrations.find(({ name }) => name === wishes.integrationName)
  const isTaken =
    holder !== undefined &&
    holder.integrationId !== found?.id &&
    facts.integrations.some(({ id }) => id === holder.integrationId)
  if (isTaken)
    return { steps: multiConversations(input), byHand: [takenBy(wishes.integrationName), ...byHand] }
  const integration = integrationPlan(input, found)
  const responder = responderPlan(input, integration)
  const twins = twinPlan(input.tools, facts, hook, found)
  return {
    steps: [
      ...multiConversations(input),
      ...integration.steps,
      ...responder.steps,
      ...channelSteps(input, responder),
      ...twins.steps,
    ],
    byHand: [...twins.byHand, ...byHand],
    unknownChannels: unknownChannels(input),
  }
}
