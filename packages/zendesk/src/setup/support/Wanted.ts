/** What an account should have in Support, as names and request bodies. */
import { tagNamed, type TagSettings } from "@opencx/core"
import { assistTriggerRequests, triggerRequest } from "../../webhook/Setup.ts"

/** Names and titles that our things carry in Zendesk; together with the URL they tell what is ours. */
export const ourNames = {
  ticketing_webhook: "OpenCX",
  assist_webhook: "OpenCX assist",
} as const

export type WebhookStep = keyof typeof ourNames
export type TriggerStep = "ticketing_trigger" | "assist_trigger_comments" | "assist_trigger_mentions"

/** The organization's own name of a tag, or null where it is switched off. */
const tagInUse = (tags: TagSettings, name: string): string | null =>
  tags.off.includes(`opencx_${name}`) ? null : tagNamed(tags, name)

/**
 * Tags that only tickets of ours have. The bare prefix does not tell: drafts of assist mode add it to the agents' own
 * tickets, whose requesters must go on getting Zendesk's mails.
 */
export const ourTicketTags = (tags: TagSettings): string => {
  const own = ["autopilot", "handedoff"].flatMap((name) => tagInUse(tags, name) ?? [])
  return own.length === 0 ? tags.prefix : own.join(" ")
}

interface ConditionBody {
  readonly field: string
  readonly operator: string
  readonly value: string | null
}

export interface TriggerBody {
  readonly title: string
  readonly active: boolean
  readonly conditions: {
    readonly all: ReadonlyArray<ConditionBody>
    readonly any: ReadonlyArray<ConditionBody>
  }
  readonly actions: ReadonlyArray<{ readonly field: string; readonly value: ReadonlyArray<string> }>
}

export interface WantedTrigger {
  readonly step: TriggerStep
  readonly webhook: WebhookStep
  readonly what: string
  readonly bodyOf: (webhookId: string) => TriggerBody
}

export interface SupportWishes {
  readonly tags: TagSettings
  /** Whether handoff comments are public: then also the mail about new tickets would go out. */
  readonly firstCommentPublic: boolean
  /** Mention that asks for a draft, where assist mode is on; else null. */
  readonly mention: string | null
}

interface Guard {
  readonly userId: string
  readonly canNameUser: boolean
}

/** Loop guard: what our own user does needs not come back to us. The receiver guards itself again. */
const guardOf = ({ canNameUser, userId }: Guard) =>
  canNameUser ? [{ field: "role", operator: "is_not", value: userId }] : []

/** The triggers, each for its webhook. */
export const wantedTriggers = (
  { mention, tags }: SupportWishes,
  guard: Guard,
): ReadonlyArray<WantedTrigger> => [
  {
    step: "ticketing_trigger",
    webhook: "ticketing_webhook",
    what: "the trigger that tells OpenCX about public replies",
    bodyOf: (webhookId) => {
      const { trigger } = triggerRequest({ webhookId, tag: tags.prefix })
      const { all, any } = trigger.conditions
      return { ...trigger, conditions: { all: [...all, ...guardOf(guard)], any } }
    },
  },
  ...(mention === null ? [] : assistTriggers(tags, mention)),
]

const assistTriggers = (tags: TagSettings, mention: string): ReadonlyArray<WantedTrigger> => {
  const requests = (webhookId: string) => assistTriggerRequests({ webhookId, tag: tags.prefix, mention })
  return [
    {
      step: "assist_trigger_comments",
      webhook: "assist_webhook",
      what: "the trigger for drafts on customers' comments",
      bodyOf: (webhookId) => requests(webhookId).customerComments.trigger,
    },
    {
      step: "assist_trigger_mentions",
      webhook: "assist_webhook",
      what: "the trigger for drafts that agents ask for",
      bodyOf: (webhookId) => requests(webhookId).mentions.trigger,
    },
  ]
}
