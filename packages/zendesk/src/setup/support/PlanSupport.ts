/** What is to be done in Support: pure, from what the account holds and what it should hold. */
import { Effect, Redacted } from "effect"
import { madeBefore, type OurHook, type Plan, type SetupStore, type Step, storedNames } from "../Plan.ts"
import { changeRecord, type SetupRecord } from "../Record.ts"
import {
  excludes,
  leaksNotes,
  mailsRequester,
  notifies,
  suits,
  troubleOf,
  webhookTrouble,
} from "./compare.ts"
import { namesakes, ourTrigger, ourWebhooks } from "./Find.ts"
import { triggerId, type SupportSnapshot } from "./Read.ts"
import {
  ourNames,
  ourTicketTags,
  type SupportWishes,
  type WantedTrigger,
  wantedTriggers,
  type WebhookStep,
} from "./Wanted.ts"
import type { TriggerWire, WebhookWire } from "./Wire.ts"
import { isTwin, twinSteps } from "./twins.ts"
import {
  createTrigger,
  createWebhook,
  deleteWebhook,
  repairTrigger,
  type SupportTools,
  updateTrigger,
  updateWebhook,
} from "./Writes.ts"

export interface SupportPlanInput {
  readonly tools: SupportTools
  readonly snapshot: SupportSnapshot
  readonly record: SetupRecord
  readonly wishes: SupportWishes
  readonly hooks: Readonly<Record<WebhookStep, OurHook>>
  /** Signing secrets as they are stored. */
  readonly stored: Readonly<Record<WebhookStep, Redacted.Redacted<string> | null>>
}

const step = (view: Omit<Step, "irreversible">): Step => ({ ...view, irreversible: false })

/** The webhook of a purpose once it is there: its triggers are made in the same run. */
interface WebhookPlan {
  readonly steps: ReadonlyArray<Step>
  readonly byHand: ReadonlyArray<string>
  readonly ours: ReadonlyArray<WebhookWire>
  readonly idNow: () => string | null
}

const secretStep = (
  { snapshot, stored, tools }: SupportPlanInput,
  which: WebhookStep,
  webhook: WebhookWire,
): ReadonlyArray<Step> => {
  const secret = snapshot.secrets.get(webhook.id)
  const known = stored[which]
  if (secret === undefined || (known !== null && Redacted.value(known) === Redacted.value(secret))) return []
  const name = which === "ticketing_webhook" ? storedNames.ticketing : storedNames.assist
  return [
    step({
      id: which === "ticketing_webhook" ? "ticketing_secret" : "assist_secret",
      action: "keep",
      what: `the signing secret of the webhook "${webhook.name ?? webhook.id}"`,
      why: [
        known === null
          ? "it is not stored, so that only the signed URL protects the webhook"
          : "another one is stored, so that every webhook would be refused",
      ],
      run: tools.store.put(name, secret),
    }),
  ]
}

const duplicates = (
  { tools, snapshot }: SupportPlanInput,
  which: WebhookStep,
  rest: ReadonlyArray<WebhookWire>,
): ReadonlyArray<Step> =>
  rest
    // One that a trigger uses stays until the trigger was moved.
    .filter(
      ({ id, name }) =>
        name === ourNames[which] && !snapshot.triggers.some((one) => notifies(one)?.webhookId === id),
    )
    .map(({ id, name }) =>
      step({
        id: which,
        action: "remove",
        what: `a second webhook "${name ?? id}"`,
        why: ["it is ours, and there is another one"],
        run: deleteWebhook(tools, id),
      }),
    )

const webhookPlan = (input: SupportPlanInput, which: WebhookStep): WebhookPlan => {
  const { hooks, record, snapshot, tools } = input
  const { url } = hooks[which]
  const ours = ourWebhooks(snapshot, record, which, hooks[which])
  const usable = ours.find((one) => !webhookTrouble(one, url).mustBeMadeAnew)
  const byHand = namesakes(snapshot, ours, which).map(
    ({ endpoint, name }) =>
      `There is a webhook "${name ?? ""}" for ${hostOf(endpoint ?? "")}, which is not this installation: left alone. If it is not in use any more, delete it and its trigger in Admin Center > Apps and integrations > Webhooks.`,
  )
  let id = usable?.id ?? null
  const idNow = () => id
  if (usable === undefined) {
    const run = createWebhook(tools, which, url).pipe(
      Effect.map((made) => {
        id = made
      }),
    )
    const why = ["no webhook posts to our URL"]
    const what = `the webhook "${ourNames[which]}"`
    return { steps: [step({ id: which, action: "create", what, why, run })], byHand, ours, idNow }
  }
  const { changes, why } = webhookTrouble(usable, url)
  const repair = step({
    id: which,
    action: "repair",
    what: `the webhook "${usable.name ?? usable.id}"`,
    why,
    run: updateWebhook(tools, which, usable.id, changes),
  })
  const rest = ours.filter((one) => one !== usable)
  return {
    steps: [
      ...(why.length === 0 ? [] : [repair]),
      ...secretStep(input, which, usable),
      ...duplicates(input, which, rest),
    ],
    byHand,
    ours,
    idNow,
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "an unreadable address")

const triggerStep = (
  { record, snapshot, tools }: SupportPlanInput,
  wanted: WantedTrigger,
  webhook: WebhookPlan,
): ReadonlyArray<Step> => {
  // A webhook that is still to be made has no id yet: nothing can be right about a trigger for it.
  const should = wanted.bodyOf(webhook.idNow() ?? "")
  const found = ourTrigger(snapshot, record, wanted.step, should.title, webhook.ours)
  const now = Effect.map(madeBefore(webhook.idNow, "the webhook"), wanted.bodyOf)
  const ids = webhook.ours.map(({ id }) => id)
  // Somebody has made it by hand under another title; a second one would only double the signals.
  if (found === undefined && snapshot.triggers.some((one) => suits(one, should, ids))) return []
  if (found === undefined)
    return [
      step({
        id: wanted.step,
        action: "create",
        what: wanted.what,
        why: ["there is none"],
        run: Effect.flatMap(now, (body) => createTrigger(tools, wanted.step, body)),
      }),
    ]
  const why = troubleOf(found, should)
  const repair = step({
    id: wanted.step,
    action: "repair",
    what: wanted.what,
    why,
    run: Effect.flatMap(now, (body) => repairTrigger(tools, wanted.step, triggerId(found), body)),
  })
  const { bodyOf } = wanted
  return [
    ...(why.length === 0 ? [] : [repair]),
    ...twinSteps(tools, snapshot.triggers, ids, { step: wanted.step, found, bodyOf }),
  ]
}

const exclusion = (tools: SupportTools, store: SetupStore, trigger: TriggerWire, tags: string): Step => {
  const id = triggerId(trigger)
  const all = trigger.conditions?.all ?? []
  const added = { field: "current_tags", operator: "not_includes", value: tags }
  const conditions = { all: [...all, added], any: trigger.conditions?.any ?? [] }
  return step({
    id: "requester_mail",
    action: "repair",
    what: `Zendesk's trigger "${trigger.title}"`,
    why: [`it mails replies on tickets of ours too (tags ${tags}), so that customers get them twice`],
    run: updateTrigger(tools, id, { conditions }).pipe(
      Effect.andThen(
        changeRecord(store, (record) => ({ ...record, exclusions: { ...record.exclusions, [id]: tags } })),
      ),
    ),
  })
}

const mailPlan = ({ snapshot, tools, wishes }: SupportPlanInput): Plan => {
  const tags = ourTicketTags(wishes.tags)
  const mailing = snapshot.triggers.filter(
    (one) => mailsRequester(one, wishes.firstCommentPublic) && !excludes(one, tags, wishes.tags.prefix),
  )
  return {
    steps: mailing
      .filter((one) => one.default === true)
      .map((one) => exclusion(tools, tools.store, one, tags)),
    byHand: mailing
      .filter((one) => one.default !== true)
      .map(
        ({ title }) =>
          `Your own trigger "${title}" mails requesters about changes. If it fires for tickets with the tags ${tags}, customers get replies twice: add the condition "Tags contain none of ${tags}" to it.`,
      ),
  }
}

/** Triggers of other people that post to our webhook: a second signal does no harm, but is worth knowing. */
const strangersOf = (
  { snapshot }: SupportPlanInput,
  ours: ReadonlyArray<string>,
  known: (one: TriggerWire) => boolean,
) =>
  snapshot.triggers.flatMap((one) => {
    const target = notifies(one)
    if (target === null || !ours.includes(target.webhookId) || known(one)) return []
    const leak = leaksNotes(target.template)
      ? " Its body holds {{ticket.latest_comment}}, which includes internal notes; OpenCX does not read it, but take it out."
      : ""
    return [
      `The trigger "${one.title}" also posts to our webhook; it is not needed and can be deleted.${leak}`,
    ]
  })

/** The plan for Support. */
export const planSupport = (input: SupportPlanInput): Plan => {
  const { snapshot, wishes } = input
  const wanted = wantedTriggers(wishes, { userId: snapshot.user.userId, canNameUser: snapshot.canNameUser })
  const needed = [...new Set(wanted.map(({ webhook }) => webhook))]
  const plans = new Map(needed.map((which) => [which, webhookPlan(input, which)] as const))
  const triggers = wanted.flatMap((one) => {
    const plan = plans.get(one.webhook)
    return plan === undefined ? [] : triggerStep(input, one, plan)
  })
  const mail = mailPlan(input)
  const all = [...plans.values()]
  const ids = all.flatMap(({ ours }) => ours.map(({ id }) => id))
  const known = wanted.map((one) => {
    const { title } = one.bodyOf("")
    const ours = ourTrigger(snapshot, input.record, one.step, title, plans.get(one.webhook)?.ours ?? [])
    return ours ?? snapshot.triggers.find((trigger) => suits(trigger, one.bodyOf(""), ids))
  })
  const isKnown = (trigger: TriggerWire) =>
    known.includes(trigger) || wanted.some((one) => isTwin(trigger, one.bodyOf, ids))
  return {
    steps: [...all.flatMap(({ steps }) => steps), ...triggers, ...mail.steps],
    byHand: [...all.flatMap(({ byHand }) => byHand), ...mail.byHand, ...strangersOf(input, ids, isKnown)],
  }
}
