/**
 * AI fields: the values that a handoff carries into the help desk's own fields. A handoff never fails for want of them:
 * what cannot be had stays blank, and the session says why.
 */
import { Effect, Schema } from "effect"
import type { Entry } from "../../domain/Entry.ts"
import type { Session } from "../../domain/Session.ts"
import type { Work } from "../../domain/Work.ts"
import type { TicketingError } from "../../errors/PortErrors.ts"
import { describeReason, Invalid } from "../../errors/Reason.ts"
import type { FieldRequest } from "../../ports/SupportAgent.ts"
import type { Ticketing } from "../../ports/Ticketing.ts"
import type { TicketField } from "../../ports/TicketFields.ts"
import type { FieldSettings } from "../../settings/OrganizationSettings.ts"
import type { Organization } from "../Organizations.ts"
import { turnContext } from "./context.ts"
import { validValue } from "./fieldValues.ts"
import { fromPort } from "./TaskFailure.ts"

/** A value on its way, with the field's title for people. Kept in step memory. */
export const Assigned = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  value: Schema.Union([Schema.String, Schema.Number, Schema.Boolean, Schema.Array(Schema.String)]),
})
export type Assigned = typeof Assigned.Type

/** `remarks`: what was left blank and why, in plain words. */
export const FilledFields = Schema.Struct({
  values: Schema.Array(Assigned),
  remarks: Schema.Array(Schema.String),
})
export type FilledFields = typeof FilledFields.Type

const blank = (...remarks: ReadonlyArray<string>): FilledFields => ({ values: [], remarks })

/** Tries of the handoff that wait for the list of fields; after them it goes on without. */
const patience = 2

/** Switched on, each once: the first mention of a field counts. */
const wantedOf = (settings: ReadonlyArray<FieldSettings>): ReadonlyArray<FieldSettings> => {
  const byId = new Map(settings.map((one) => [String(one.id), one] as const).toReversed())
  return settings.filter((one) => one.on && byId.get(String(one.id)) === one)
}

const listed = Effect.fnUntraced(function* (work: Work, ticketing: Ticketing["Service"]) {
  const found = yield* Effect.result(ticketing.fields())
  if (found._tag === "Success") return found.success
  if (found.failure.isRetryable && work.attempts < patience) return yield* fromPort(found.failure)
  yield* Effect.logWarning("The ticket fields could not be read", found.failure.message)
  return describeReason(found.failure.reason)
})

/** What can be asked of the agent, and what cannot, with the reason. */
const requestsOf = (wanted: ReadonlyArray<FieldSettings>, fields: ReadonlyArray<TicketField>) => {
  const byId = new Map(fields.map((field) => [field.id, field]))
  const requests: Array<FieldRequest> = []
  const remarks: Array<string> = []
  for (const { description, id } of wanted) {
    const field = byId.get(String(id))
    if (field === undefined || !field.active || field.kind === "other") {
      const why =
        field === undefined
          ? "the help desk has no such field"
          : field.active
            ? "of a kind that is never filled"
            : "switched off"
      remarks.push(`Field ${field?.title ?? id} is left blank: ${why}.`)
    } else requests.push({ field, instruction: description ?? null })
  }
  return { requests, remarks }
}

const asked = (
  organization: Organization,
  session: Session,
  entries: ReadonlyArray<Entry>,
  requests: ReadonlyArray<FieldRequest>,
) =>
  organization.agent.fill(requests, turnContext(organization, session, entries, session.customerSeq)).pipe(
    Effect.map((values) => ({ values, remarks: [] })),
    Effect.catch((error) =>
      Effect.as(Effect.logWarning("The ticket fields could not be filled", error.message), {
        values: [],
        remarks: ["The ticket fields are left blank: the AI could not fill them."],
      }),
    ),
  )

/** Values in the order of the settings, each checked against its field. */
export const fillFields = Effect.fnUntraced(function* (
  work: Work,
  organization: Organization,
  session: Session,
  entries: ReadonlyArray<Entry>,
) {
  const wanted = wantedOf(organization.settings.fields)
  if (wanted.length === 0) return blank()
  if (organization.ticketing === null)
    return blank(
      "The ticket fields are left blank: they are read from Zendesk Support, which is not connected.",
    )
  const fields = yield* listed(work, organization.ticketing)
  if (typeof fields === "string") return blank(`The ticket fields are left blank: ${fields}`)
  const { remarks, requests } = requestsOf(wanted, fields)
  if (requests.length === 0) return blank(...remarks)
  const answer = yield* asked(organization, session, entries, requests)
  const said = new Map(answer.values.map((one) => [one.id, one.value]))
  const values = requests.flatMap(({ field }): ReadonlyArray<Assigned> => {
    const given = said.get(field.id)
    const value = given === undefined ? null : validValue(field, given)
    return value === null ? [] : [{ id: field.id, title: field.title, value }]
  })
  return { values, remarks: [...remarks, ...answer.remarks] } satisfies FilledFields
})

const names = (issue: string, { id, title }: Assigned): boolean =>
  issue.includes(id) || (title.trim() !== "" && issue.toLowerCase().includes(title.trim().toLowerCase()))

/**
 * What is left after a refusal: without the fields that it names; without any when it names none, because the handoff is
 * worth more. Null when the refusal is about something else or there is nothing to leave out.
 */
export const withoutRefused = (filled: FilledFields, error: TicketingError): FilledFields | null => {
  if (!(error.reason instanceof Invalid) || filled.values.length === 0) return null
  const { issues } = error.reason
  const named = filled.values.filter((one) => issues.some((issue) => names(issue, one)))
  const dropped = named.length === 0 ? filled.values : named
  return {
    values: filled.values.filter((one) => !dropped.includes(one)),
    remarks: [
      ...filled.remarks,
      ...dropped.map(
        (one) => `Field ${one.title} is left blank: the help desk refused it (${issues.join("; ")}).`,
      ),
    ],
  }
}
