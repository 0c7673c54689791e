/** How a trigger or webhook as it is differs from how it should be. Tolerant of what Zendesk writes in another form. */
import { Result, Schema } from "effect"
import type { ActionWire, ConditionWire, TriggerWire, WebhookWire } from "./Wire.ts"
import type { TriggerBody } from "./Wanted.ts"

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return ""
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

/** The words of a condition's or action's value: tags come as text with blanks or commas, or as a list. */
export const wordsOf = (value: unknown): ReadonlyArray<string> =>
  textOf(value)
    .split(/[\s,]+/)
    .filter(Boolean)

/** Tags may come back in another order. */
const keyOf = (one: ConditionWire): string =>
  `${one.field} ${one.operator ?? ""} ${one.field === "current_tags" ? wordsOf(one.value).toSorted().join(" ") : textOf(one.value)}`

const sameConditions = (
  is: ReadonlyArray<ConditionWire> | null | undefined,
  should: ReadonlyArray<ConditionWire>,
): boolean => {
  const one = (is ?? []).map(keyOf).toSorted()
  const other = should.map(keyOf).toSorted()
  return one.length === other.length && one.every((key, index) => key === other[index])
}

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const sameTemplate = (is: string, should: string): boolean => {
  const [one, other] = [parse(is), parse(should)]
  if (Result.isFailure(one) || Result.isFailure(other)) return is === should
  const sorted = (fields: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return sorted(one.success) === sorted(other.success)
}

/** The webhook that a trigger notifies, and what it posts; null when it notifies none. */
export const notifies = (trigger: TriggerWire) => {
  const action = (trigger.actions ?? []).find(({ field }) => field === "notification_webhook")
  return action === undefined ? null : webhookAction(action)
}

const webhookAction = ({ value }: ActionWire) => {
  const [webhookId, template] = Array.isArray(value) ? value : [value]
  return { webhookId: textOf(webhookId), template: textOf(template) }
}

/** True when the template would show internal notes: `latest_comment` is the newest comment of any kind. */
export const leaksNotes = (template: string): boolean =>
  /\{\{\s*ticket\.latest_comment(?![\w])/.test(template)

/** One thing that is wrong with a trigger of ours: `code` for programs, `says` for people. */
export interface TriggerFault {
  readonly code:
    | "inactive"
    | "conditions"
    | "no_guard"
    | "other_webhook"
    | "leaks_notes"
    | "no_ids"
    | "body"
    | "other_actions"
    | "renamed"
  readonly says: string
}

const aboutTemplate = (is: string, should: string): ReadonlyArray<TriggerFault> => {
  if (sameTemplate(is, should)) return []
  if (leaksNotes(is))
    return [
      {
        code: "leaks_notes",
        says: "its body uses {{ticket.latest_comment}}, which includes internal notes",
      },
    ]
  return ["ticket.id", "ticket.external_id"].every((name) => is.includes(`{{${name}}}`))
    ? [{ code: "body", says: "its body was changed" }]
    : [{ code: "no_ids", says: "its body lacks {{ticket.id}} or {{ticket.external_id}}" }]
}

const isGuard = ({
  field,
  operator,
}: {
  readonly field: string
  readonly operator?: string | null | undefined
}) => field === "role" && operator === "is_not"

/** Only the loop guard is missing: that costs calls, and nothing else. */
export const noGuard = "it has no loop guard, so that our own comments come back to us"

const conditionTrouble = (
  is: TriggerWire,
  { all, any }: TriggerBody["conditions"],
): ReadonlyArray<TriggerFault> => {
  const now = is.conditions
  if (!sameConditions(now?.any, any)) return [changedConditions]
  if (sameConditions(now?.all, all)) return []
  const unguarded = all.filter((one) => !isGuard(one))
  return [sameConditions(now?.all, unguarded) ? { code: "no_guard", says: noGuard } : changedConditions]
}

const changedConditions: TriggerFault = {
  code: "conditions",
  says: "its conditions were changed: it must fire when a ticket is updated with a public comment",
}

/**
 * Whether a trigger that a person made does the work of ours: active, for our webhook, with no condition beyond those that we
 * would set, and with the ids in its body.
 */
export const suits = (is: TriggerWire, should: TriggerBody, webhooks: ReadonlyArray<string>): boolean => {
  const now = notifies(is)
  const { all, any } = should.conditions
  const isWithin = (
    some: ReadonlyArray<ConditionWire> | null | undefined,
    all: ReadonlyArray<ConditionWire>,
  ) => {
    const keys = new Set(all.map(keyOf))
    return (some ?? []).every((one) => keys.has(keyOf(one)))
  }
  const alternatives = is.conditions?.any ?? []
  return (
    is.active !== false &&
    now !== null &&
    webhooks.includes(now.webhookId) &&
    isWithin(is.conditions?.all, all) &&
    (alternatives.length === 0 ||
      any.every((one) => alternatives.some((other) => keyOf(other) === keyOf(one)))) &&
    (any.length === 0 ? alternatives.length === 0 : true) &&
    now.template.includes("{{ticket.id}}") &&
    !leaksNotes(now.template)
  )
}

/** What is wrong with a trigger of ours; nothing when it is as it should be. */
export const faultsOf = (is: TriggerWire, should: TriggerBody): ReadonlyArray<TriggerFault> => {
  const now = notifies(is)
  const [webhookId = "", template = ""] = should.actions[0]?.value ?? []
  const found: ReadonlyArray<TriggerFault | null> = [
    is.active === false ? { code: "inactive", says: "it is not active" } : null,
    ...conditionTrouble(is, should.conditions),
    now?.webhookId === webhookId ? null : { code: "other_webhook", says: "it notifies another webhook" },
    ...(now === null ? [] : aboutTemplate(now.template, template)),
    (is.actions ?? []).length > 1 ? { code: "other_actions", says: "it has other actions besides" } : null,
    is.title === should.title ? null : { code: "renamed", says: "it was renamed" },
  ]
  return found.filter((one) => one !== null)
}

/** The same as sentences. */
export const troubleOf = (is: TriggerWire, should: TriggerBody): ReadonlyArray<string> =>
  faultsOf(is, should).map(({ says }) => says)

/** One thing that is wrong with a webhook of ours. */
export interface WebhookFault {
  readonly code: "url" | "inactive" | "method" | "format"
  readonly says: string
}

const webhookFaults = (is: WebhookWire, url: string) => {
  const differs = (value: string | null | undefined, wanted: string) =>
    value !== undefined && value !== wanted
  const all: ReadonlyArray<WebhookFault & { wrong: boolean; change: Readonly<Record<string, string>> }> = [
    {
      code: "url",
      says: "its endpoint is an old URL of ours",
      wrong: is.endpoint !== url,
      change: { endpoint: url },
    },
    {
      code: "inactive",
      says: "it is not active",
      wrong: differs(is.status, "active"),
      change: { status: "active" },
    },
    {
      code: "method",
      says: "it does not use POST",
      wrong: differs(is.http_method, "POST"),
      change: { http_method: "POST" },
    },
    {
      code: "format",
      says: "it does not send JSON",
      wrong: differs(is.request_format, "json"),
      change: { request_format: "json" },
    },
  ]
  return all.filter(({ wrong }) => wrong)
}

/** The webhook's changes, and why each; `subscriptions` are fixed when it is made. */
export const webhookTrouble = (is: WebhookWire, url: string) => {
  const wrong = webhookFaults(is, url)
  return {
    faults: wrong.map(({ code, says }): WebhookFault => ({ code, says })),
    why: wrong.map(({ says }) => says),
    changes: Object.fromEntries(wrong.flatMap(({ change }) => Object.entries(change))),
    /** A webhook for events cannot become one for triggers. */
    mustBeMadeAnew:
      is.subscriptions != null &&
      is.subscriptions.length > 0 &&
      !is.subscriptions.includes("conditional_ticket_events"),
  }
}

/** Whether a trigger already leaves out every ticket that has one of these tags. */
export const excludes = (trigger: TriggerWire, tags: string, prefix: string): boolean =>
  (trigger.conditions?.all ?? []).some(
    ({ field, operator, value }) =>
      field === "current_tags" &&
      operator === "not_includes" &&
      (wordsOf(value).includes(prefix) || tags.split(" ").every((tag) => wordsOf(value).includes(tag))),
  )

const requesters = new Set(["requester_id", "requester_and_ccs"])

/** Whether it mails the requester about changes of a ticket (or about new ones that an agent makes, with `created`). */
export const mailsRequester = (trigger: TriggerWire, created: boolean): boolean => {
  const all = trigger.conditions?.all ?? []
  const only = (field: string, value: string) =>
    all.some((one) => one.field === field && one.operator === "is" && one.value === value)
  return (
    trigger.active !== false &&
    (created || !only("update_type", "Create")) &&
    !only("role", "end_user") &&
    (trigger.actions ?? []).some(
      ({ field, value }) =>
        field === "notification_user" && requesters.has(textOf(Array.isArray(value) ? value[0] : value)),
    )
  )
}
