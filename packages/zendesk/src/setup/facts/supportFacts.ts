/** What of ours stands in Support, and in which state: facts for a diagnosis, with codes in place of sentences. */
import { Effect, Redacted } from "effect"
import { type OurHook, type Ownership, type SetupStore, storedNames } from "../Plan.ts"
import { readRecord, type SetupRecord } from "../Record.ts"
import type { SupportSide } from "../Setup.ts"
import {
  excludes,
  faultsOf,
  leaksNotes,
  mailsRequester,
  notifies,
  suits,
  type TriggerFault,
  type WebhookFault,
  webhookTrouble,
} from "../support/compare.ts"
import { namesakes, ourTrigger, ourWebhooks } from "../support/Find.ts"
import { readSupport, type SupportSnapshot } from "../support/Read.ts"
import {
  ourTicketTags,
  type TriggerStep,
  type WantedTrigger,
  wantedTriggers,
  type WebhookStep,
} from "../support/Wanted.ts"
import type { TriggerWire, WebhookWire } from "../support/Wire.ts"
import { readActivity, type WebhookActivity } from "./activity.ts"
import { type TagTaker, tagTakers } from "./tagTakers.ts"

type Secret = Redacted.Redacted<string>

/**
 * `known`: we have the webhook's signing secret. `none`: we have no secret, so that its signed URL alone protects it.
 * `different`: we have others, and refuse every call. `unread`: Zendesk was not asked, because the URL is not our present one.
 */
export type SecretState = "known" | "none" | "different" | "unread"

export interface WebhookFacts {
  readonly name: string
  readonly url: Ownership
  readonly faults: ReadonlyArray<WebhookFault>
  /** It listens to events, and a trigger cannot use it. */
  readonly wrongKind: boolean
  readonly secret: SecretState
  readonly activity: WebhookActivity | null
}

/** `faults` is null for a trigger that is not there. */
export interface TriggerFacts {
  readonly step: TriggerStep
  readonly title: string
  readonly faults: ReadonlyArray<TriggerFault> | null
}

export interface StrangerFacts {
  readonly title: string
  readonly leaksNotes: boolean
}

export interface HookFacts {
  /** The best of ours; null when there is none. */
  readonly webhook: WebhookFacts | null
  /** Hosts of webhooks with our name that are another installation's. */
  readonly namesakes: ReadonlyArray<string>
  readonly triggers: ReadonlyArray<TriggerFacts>
  /** Further triggers that post to our webhook. */
  readonly strangers: ReadonlyArray<StrangerFacts>
}

/** `isDefault`: one of Zendesk's own. Whether another one fires for our tickets is not known: its other conditions may not hold. */
export interface MailingTrigger {
  readonly title: string
  readonly isDefault: boolean
}

export interface SupportFacts {
  readonly ticketing: HookFacts
  /** Null where assist mode is off. */
  readonly assist: HookFacts | null
  /** Active triggers that mail requesters, and that do not leave our tickets out. */
  readonly mailing: ReadonlyArray<MailingTrigger>
  /** Active triggers that take our tag off tickets which may be ours. */
  readonly tagTakers: ReadonlyArray<TagTaker>
}

/** Secrets that the configuration names, beside those that setting up has stored. */
export interface ConfiguredSecrets {
  readonly ticketing: Secret | null
  readonly assist: Secret | null
}

interface Known {
  readonly snapshot: SupportSnapshot
  readonly record: SetupRecord
  readonly side: SupportSide
}

const hostOf = (url: string | null | undefined): string =>
  url != null && URL.canParse(url) ? new URL(url).host : "an unreadable address"

const secretState = (secret: Secret | undefined, ours: ReadonlyArray<Secret | null>): SecretState => {
  const known = ours.filter((one) => one !== null)
  if (known.length === 0) return "none"
  if (secret === undefined) return "unread"
  return known.some((one) => Redacted.value(one) === Redacted.value(secret)) ? "known" : "different"
}

const triggerFacts = (
  { record, snapshot }: Known,
  wanted: WantedTrigger,
  ours: ReadonlyArray<WebhookWire>,
) => {
  const should = wanted.bodyOf(ours[0]?.id ?? "")
  const ids = ours.map(({ id }) => id)
  const found = ourTrigger(snapshot, record, wanted.step, should.title, ours)
  const byHand = snapshot.triggers.find((one) => suits(one, should, ids))
  const trigger = found ?? byHand
  const faults = found === undefined ? (byHand === undefined ? null : []) : faultsOf(found, should)
  return {
    trigger,
    facts: { step: wanted.step, title: trigger?.title ?? should.title, faults } satisfies TriggerFacts,
  }
}

const strangersOf = (
  { snapshot }: Known,
  ours: ReadonlyArray<WebhookWire>,
  known: ReadonlyArray<TriggerWire | undefined>,
): ReadonlyArray<StrangerFacts> =>
  snapshot.triggers.flatMap((one) => {
    const target = notifies(one)
    const isOurs = target !== null && ours.some(({ id }) => id === target.webhookId)
    if (!isOurs || known.includes(one) || one.active === false) return []
    return [{ title: one.title, leaksNotes: leaksNotes(target.template) }]
  })

const hookFacts = Effect.fnUntraced(function* (
  known: Known,
  step: WebhookStep,
  hook: OurHook,
  secrets: ReadonlyArray<Secret | null>,
) {
  const { record, side, snapshot } = known
  const ours = ourWebhooks(snapshot, record, step, hook)
  const best = ours[0]
  const trouble = best === undefined ? null : webhookTrouble(best, hook.url)
  const { canNameUser, user } = snapshot
  const wanted = wantedTriggers(side, { userId: user.userId, canNameUser }).filter(
    ({ webhook }) => webhook === step,
  )
  const triggers = wanted.map((one) => triggerFacts(known, one, ours))
  return {
    webhook:
      best === undefined || trouble === null
        ? null
        : {
            name: best.name ?? best.id,
            url: hook.owns(best.endpoint ?? ""),
            faults: trouble.faults,
            wrongKind: trouble.mustBeMadeAnew,
            secret: secretState(snapshot.secrets.get(best.id), secrets),
            activity: yield* readActivity(side.client, best.id),
          },
    namesakes: namesakes(snapshot, ours, step).map(({ endpoint }) => hostOf(endpoint)),
    triggers: triggers.map(({ facts }) => facts),
    strangers: strangersOf(
      known,
      ours,
      triggers.map(({ trigger }) => trigger),
    ),
  } satisfies HookFacts
})

/** Our trigger that tells of public replies. */
const repliesTrigger = (known: Known) => {
  const { record, side, snapshot } = known
  const ours = ourWebhooks(snapshot, record, "ticketing_webhook", side.ticketing)
  const [wanted] = wantedTriggers(side, { userId: "", canNameUser: false })
  return wanted === undefined ? undefined : triggerFacts(known, wanted, ours).trigger
}

/** Reads Support. Needs an administrator, and writes nothing. */
export const readSupportFacts = Effect.fn("Setup.supportFacts")(function* (
  store: SetupStore,
  side: SupportSide,
  configured: ConfiguredSecrets,
) {
  const { assist, client, firstCommentPublic, mention, tags, ticketing } = side
  const hooks = mention === null ? [ticketing] : [ticketing, assist]
  const known: Known = {
    snapshot: yield* readSupport(client, hooks),
    record: yield* readRecord(store),
    side,
  }
  const own = ourTicketTags(tags)
  const stored = (name: typeof storedNames.ticketing | typeof storedNames.assist) => store.get(name)
  return {
    ticketing: yield* hookFacts(known, "ticketing_webhook", ticketing, [
      yield* stored(storedNames.ticketing),
      configured.ticketing,
    ]),
    assist:
      mention === null
        ? null
        : yield* hookFacts(known, "assist_webhook", assist, [
            yield* stored(storedNames.assist),
            configured.assist,
          ]),
    mailing: known.snapshot.triggers
      .filter((one) => mailsRequester(one, firstCommentPublic) && !excludes(one, own, tags.prefix))
      .map((one) => ({ title: one.title, isDefault: one.default === true })),
    tagTakers: tagTakers(known.snapshot.triggers, repliesTrigger(known), own, tags.prefix),
  } satisfies SupportFacts
})
