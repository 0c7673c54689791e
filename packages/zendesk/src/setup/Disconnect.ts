/**
 * Takes away what setting up has made, in an order in which nothing breaks: first the channels go back to who answered first
 * before, so that no new conversation comes to us; what open conversations need stays until they are over. Tickets, customers
 * and conversations are never touched.
 */
import { Effect } from "effect"
import { readFacts } from "../sunshine/chat/Verify.ts"
import { channelsOf, ourIntegration } from "./messaging/Find.ts"
import { giveBack } from "./messaging/PlanMessaging.ts"
import { deleteIntegration, deleteResponder } from "./messaging/Writes.ts"
import { bothPlans, noPlan, type Plan, type SetupStore, type Step, storedNames } from "./Plan.ts"
import { changeRecord, readRecord, type SetupRecord } from "./Record.ts"
import {
  type ApplyOptions,
  carryOut,
  type MessagingSide,
  type SetupInput,
  type SupportSide,
} from "./Setup.ts"
import { notifies } from "./support/compare.ts"
import { ourTrigger, ourWebhooks } from "./support/Find.ts"
import { readSupport, type SupportSnapshot, triggerId } from "./support/Read.ts"
import { wantedTriggers, type WebhookStep } from "./support/Wanted.ts"
import type { ConditionWire, TriggerWire } from "./support/Wire.ts"
import { deleteTrigger, deleteWebhook, type SupportTools, updateTrigger } from "./support/Writes.ts"

/** `active`: conversations that humans have now. While there are any, what brings their replies to customers stays. */
export interface DisconnectInput extends SetupInput {
  readonly active: number
}

const remove = (view: Omit<Step, "irreversible" | "action">): Step => ({
  ...view,
  action: "remove",
  irreversible: false,
})

const why = ["OpenCX made it"]

const isAdded = ({ field, operator, value }: ConditionWire, tags: string): boolean =>
  field === "current_tags" && operator === "not_includes" && value === tags

/** Zendesk's own triggers mail our tickets' requesters again. */
const exclusionSteps = (
  tools: SupportTools,
  triggers: ReadonlyArray<TriggerWire>,
  record: SetupRecord,
): ReadonlyArray<Step> =>
  Object.entries(record.exclusions).flatMap(([id, tags]) => {
    const found = triggers.find((one) => triggerId(one) === id)
    const all = found?.conditions?.all ?? []
    if (found === undefined || !all.some((one) => isAdded(one, tags))) return []
    const conditions = {
      all: all.filter((one) => !isAdded(one, tags)),
      any: found.conditions?.any ?? [],
    }
    return [
      remove({
        id: "requester_mail",
        what: `our condition in Zendesk's trigger "${found.title}"`,
        why,
        run: updateTrigger(tools, id, { conditions }),
      }),
    ]
  })

const ourTriggers = (
  side: SupportSide,
  snapshot: SupportSnapshot,
  record: SetupRecord,
  hookOf: Readonly<Record<WebhookStep, SupportSide["ticketing"]>>,
) =>
  // Also of assist mode when it is off by now: it may have been on.
  wantedTriggers(
    { tags: side.tags, firstCommentPublic: false, mention: side.mention ?? "@opencx" },
    { userId: "", canNameUser: false },
  ).flatMap((wanted) => {
    const ours = ourWebhooks(snapshot, record, wanted.webhook, hookOf[wanted.webhook])
    const found = ourTrigger(snapshot, record, wanted.step, wanted.bodyOf("").title, ours)
    return found === undefined ? [] : [{ ...wanted, id: triggerId(found) }]
  })

const supportPlan = Effect.fnUntraced(function* (store: SetupStore, side: SupportSide, active: number) {
  const tools: SupportTools = { client: side.client, store }
  const record = yield* readRecord(store)
  const snapshot = yield* readSupport(side.client, [])
  if (active > 0) return noPlan
  const hookOf = { ticketing_webhook: side.ticketing, assist_webhook: side.assist }
  const triggers = ourTriggers(side, snapshot, record, hookOf)
  const gone = new Set(triggers.map(({ id }) => id))
  const byHand: Array<string> = []
  const webhooks = (["ticketing_webhook", "assist_webhook"] as const).flatMap((which) =>
    ourWebhooks(snapshot, record, which, hookOf[which]).flatMap((one) => {
      const used = snapshot.triggers.filter(
        (trigger) => notifies(trigger)?.webhookId === one.id && !gone.has(triggerId(trigger)),
      )
      for (const { title } of used)
        byHand.push(
          `Your trigger "${title}" posts to the webhook "${one.name ?? one.id}": delete or change it in Admin Center > Objects and rules > Triggers, then run this again to delete the webhook.`,
        )
      const what = `the webhook "${one.name ?? one.id}"`
      return used.length > 0 ? [] : [remove({ id: which, what, why, run: deleteWebhook(tools, one.id) })]
    }),
  )
  const steps = [
    ...triggers.map(({ id, step, what }) => remove({ id: step, what, why, run: deleteTrigger(tools, id) })),
    ...webhooks,
    ...exclusionSteps(tools, snapshot.triggers, record),
  ]
  return { steps, byHand } satisfies Plan
})

const messagingPlan = Effect.fnUntraced(function* (store: SetupStore, side: MessagingSide, active: number) {
  const tools = { client: side.client, store }
  const record = yield* readRecord(store)
  const facts = yield* readFacts(side.client)
  const { board } = facts
  const name = side.integrationName
  const integration = ourIntegration(facts, record, side.hook, name)
  const responder = board.integrations.find(
    (one) => integration !== undefined && one.integrationId === integration.id,
  )
  if (integration === undefined) return noPlan
  const channels = channelsOf(facts)
    .filter((one) => one.defaultResponder?.name === name && one.defaultResponder.inherited !== true)
    .map((one) =>
      giveBack(
        tools,
        one,
        record.channels.find(({ integrationId }) => integrationId === one.id)?.before ?? null,
      ),
    )
  if (active > 0) return { steps: channels, byHand: [] } satisfies Plan
  const used = board.integrations.filter((one) => one.nextSwitchboardIntegrationId === responder?.id)
  const isDefault = responder !== undefined && board.defaultId === responder.id
  if (responder !== undefined && (isDefault || used.length > 0))
    return {
      steps: channels,
      byHand: [
        `${isDefault ? `"${name}" is the account's default responder` : `${used.map((one) => `"${one.name}"`).join(", ")} passes on to "${name}"`}: choose another one in Admin Center > AI > AI agents, then run this again.`,
      ],
    } satisfies Plan
  const steps = [
    ...channels,
    ...(responder === undefined
      ? []
      : [
          remove({
            id: "switchboard_integration",
            what: `our place "${responder.name}" in the switchboard`,
            why,
            run: deleteResponder(tools, board.id, responder.id),
          }),
        ]),
    remove({
      id: "integration",
      what: `the Conversations integration "${integration.displayName ?? integration.id}" with its webhook`,
      why,
      run: deleteIntegration(tools, integration.id),
    }),
  ]
  return { steps, byHand: [] } satisfies Plan
})

const waiting = (active: number): string =>
  `${active} conversation${active === 1 ? " is" : "s are"} still with humans. What brings their replies to the customers stays until they are over: run this again then, or with --now if nobody waits for an answer.`

/** What disconnecting would do now. */
export const planDisconnect = Effect.fn("Setup.planDisconnect")(function* (input: DisconnectInput) {
  const { active, messaging, store, support } = input
  const plan = bothPlans(
    messaging === null ? noPlan : yield* messagingPlan(store, messaging, active),
    support === null ? noPlan : yield* supportPlan(store, support, active),
  )
  return active === 0 ? plan : { ...plan, byHand: [waiting(active), ...plan.byHand] }
})

/**
 * Disconnects as far as `active` allows. When nothing of ours is left in Zendesk, the stored secrets go too. `first`: as in
 * `ApplyOptions`.
 */
export const applyDisconnect = Effect.fn("Setup.disconnect")(function* (
  input: DisconnectInput,
  first?: Plan,
) {
  const options: ApplyOptions = { irreversible: true, ...(first === undefined ? {} : { first }) }
  const report = yield* carryOut(planDisconnect(input), options)
  if (input.active === 0 && report.failed.length === 0) {
    const names = [storedNames.ticketing, storedNames.assist, storedNames.messaging]
    yield* Effect.forEach(names, (name) => input.store.remove(name), { discard: true })
    yield* changeRecord(input.store, (record) => ({ ...record, exclusions: {}, channels: [] }))
    if (report.byHand.length === 0) yield* input.store.remove(storedNames.record)
  }
  return report
})
