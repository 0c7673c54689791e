/** AI fields that stay blank on tickets. */
import type { FieldSettings, TicketField } from "@opencx/core"
import { type Check, judged, listed, notice, ok, problem, type Verdict } from "../Check.ts"
import type { Chart } from "../Chart.ts"
import { finding } from "./connection.ts"

const blank = "AI fields show blank on the ticket"

interface Mapped {
  readonly mapping: FieldSettings
  /** Undefined where Zendesk has no such field. */
  readonly field: TicketField | undefined
}

const nameOf = ({ field, mapping }: Mapped): string =>
  field === undefined ? `field ${mapping.id}` : `"${field.title}" (${mapping.id})`

/** Looks for mapped fields of one kind; `isBad` sees those that are switched on. */
const fieldCheck = (
  id: string,
  what: { readonly problem: string; readonly fix: string },
  isBad: (mapped: Mapped) => boolean,
  say: typeof problem = problem,
): Check => ({
  id,
  look: ({ fields, organization }) =>
    judged(fields, (all) => {
      const on = organization.fields.filter((one) => one.on)
      if (on.length === 0) return null
      const mapped = on.map((mapping) => ({
        mapping,
        field: all.find((one) => one.id === String(mapping.id)),
      }))
      const bad = mapped.filter(isBad)
      return bad.length === 0 ? ok() : say({ ...what, evidence: listed(bad.map(nameOf)) })
    }),
})

const hasOptions = (field: TicketField): boolean => field.kind === "dropdown" || field.kind === "multiselect"

/** So short that nobody could tell what belongs into the field. */
const vague = (text: string): boolean => text.trim().length < 10

/** What stands in quotation marks of any kind: how people name options in a description. */
const quoted = (text: string): ReadonlyArray<string> =>
  [...text.slice(0, 4000).matchAll(/["“„«]([^"“”„«»]{1,80})["”»]/gu)].map(([, name]) => (name ?? "").trim())

const plain = (text: string): string => text.trim().toLowerCase()

/** Names in the description that are no options of the field. None where no name is one: then they are other words. */
const goneOptions = ({ field, mapping }: Mapped): ReadonlyArray<string> => {
  if (field === undefined || !hasOptions(field)) return []
  const there = new Set(field.options.flatMap(({ label, value }) => [plain(label), plain(value)]))
  const named = quoted(mapping.description ?? "")
  const gone = named.filter((name) => !there.has(plain(name)))
  return gone.length === named.length ? [] : gone
}

const optionGone: Check = {
  id: "fields.option_gone",
  look: ({ fields, organization }) =>
    judged(fields, (all) => {
      const evidence = organization.fields
        .filter(({ on }) => on)
        .flatMap((mapping) => {
          const mapped = { mapping, field: all.find(({ id }) => id === String(mapping.id)) }
          return goneOptions(mapped).map((name) => `${nameOf(mapped)}: "${name}"`)
        })
      return evidence.length === 0
        ? ok()
        : notice({
            problem: `${blank}: the mapping's description names options that the drop-down does not have (any more), and the AI picks from existing options only.`,
            fix: "Add the option again (Admin Center > Objects and rules > Tickets > Fields), or take its name out of the mapping's description.",
            evidence: listed(evidence),
          })
    }),
}

const mappingOff = ({ organization }: Chart): Verdict | null => {
  const { fields } = organization
  const off = fields.filter((one) => !one.on)
  if (fields.length === 0) return null
  return off.length === 0
    ? ok()
    : notice({
        problem: `${blank}: the mapping is disabled.`,
        fix: "Set `on` to true for those that the AI shall fill.",
        evidence: off.map(({ id }) => `field ${id}`),
      })
}

export const fieldChecks: ReadonlyArray<Check> = [
  finding("fields.readable", "ticketing", "ticket_fields"),
  { id: "fields.mapping", look: mappingOff },
  fieldCheck(
    "fields.exists",
    {
      problem: `${blank}: Zendesk has no such field.`,
      fix: "Correct the id: Admin Center > Objects and rules > Tickets > Fields shows it.",
    },
    ({ field }) => field === undefined,
  ),
  fieldCheck(
    "fields.active",
    {
      problem: `${blank}: the field is deactivated in Zendesk.`,
      fix: "Activate it: Admin Center > Objects and rules > Tickets > Fields.",
    },
    ({ field }) => field?.active === false,
  ),
  fieldCheck(
    "fields.kind",
    {
      problem: `${blank}: fields of this kind are never filled.`,
      fix: "Map a drop-down, multi-select, text, number, checkbox, date or regular expression field.",
    },
    ({ field }) => field?.kind === "other",
  ),
  fieldCheck(
    "fields.options",
    {
      problem: `${blank}: the drop-down has no options any more, and the AI picks from existing options only.`,
      fix: "Add the options again in Zendesk, or take the mapping out.",
    },
    ({ field }) => field !== undefined && hasOptions(field) && field.options.length === 0,
  ),
  optionGone,
  fieldCheck(
    "fields.description",
    {
      problem: `${blank}: the description is missing or too vague for the AI to know what belongs into the field.`,
      fix: "Write a sentence into the mapping's `description`: what the field stands for, and how to choose.",
    },
    ({ field, mapping }) =>
      field !== undefined && vague(mapping.description ?? "") && vague(field.description),
    // The AI knows the field's title too, which may say enough.
    notice,
  ),
]
