/** What may stand in a ticket field. Whatever an agent says, nothing else gets into a request. */
import { DateTime, Option } from "effect"
import type { TicketField, TicketFieldValue } from "../../ports/TicketFields.ts"

/** Characters. An AI that writes more has not understood what a field is; patterns run over short texts only. */
const longest = { text: 250, textarea: 2000, regexp: 250 } as const

const oneLine = (value: TicketFieldValue, limit: number): string | null => {
  if (typeof value === "boolean" || typeof value === "object") return null
  const line = String(value).toWellFormed().replace(/\s+/g, " ").trim()
  return line === "" || line.length > limit ? null : line
}

const lines = (value: TicketFieldValue): string | null => {
  if (typeof value !== "string") return null
  const text = value.toWellFormed().trim()
  return text === "" || text.length > longest.textarea ? null : text
}

const numberOf = (value: TicketFieldValue): number | null => {
  if (typeof value === "number") return Number.isFinite(value) ? value : null
  return typeof value === "string" && /^[+-]?\d{1,15}(?:\.\d{1,10})?$/.test(value.trim())
    ? Number(value)
    : null
}

const integerOf = (value: TicketFieldValue): number | null => {
  const number = numberOf(value)
  return number !== null && Number.isSafeInteger(number) ? number : null
}

/** A day that the calendar has: 2026-02-30 is none. */
const dayOf = (value: TicketFieldValue): string | null => {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
  const day = DateTime.make(`${value}T00:00:00Z`)
  return Option.isSome(day) && DateTime.formatIso(day.value).startsWith(value) ? value : null
}

/**
 * Zendesk checks with Ruby. Its anchors and `\h` are written in our dialect; a pattern that is none here can prove nothing,
 * so that its field stays blank.
 */
const patternOf = (pattern: string): RegExp | null => {
  const ours = pattern
    .replace(/\\A/g, "^")
    .replace(/\\[zZ]/g, "$")
    .replace(/\\h/g, "[0-9a-fA-F]")
  try {
    return new RegExp(ours, "u")
  } catch {
    return null
  }
}

const matching = (field: TicketField, value: TicketFieldValue): string | null => {
  const text = oneLine(value, longest.regexp)
  if (text === null || field.pattern === null) return null
  return patternOf(field.pattern)?.test(text) === true ? text : null
}

const optionOf = (field: TicketField, value: TicketFieldValue): string | null =>
  field.options.find((option) => option.value === value)?.value ?? null

const optionsOf = (field: TicketField, value: TicketFieldValue): ReadonlyArray<string> | null => {
  const wanted = typeof value === "object" ? value : [value]
  const known = [...new Set(wanted.flatMap((one) => optionOf(field, one) ?? []))]
  return known.length === 0 ? null : known
}

/** The value as the field takes it, or null when it may not stand there. */
export const validValue = (field: TicketField, value: TicketFieldValue): TicketFieldValue | null => {
  switch (field.kind) {
    case "dropdown":
      return optionOf(field, value)
    case "multiselect":
      return optionsOf(field, value)
    case "text":
      return oneLine(value, longest.text)
    case "textarea":
      return lines(value)
    case "integer":
      return integerOf(value)
    case "decimal":
      return numberOf(value)
    case "checkbox":
      return typeof value === "boolean" ? value : null
    case "date":
      return dayOf(value)
    case "regexp":
      return matching(field, value)
    case "other":
      return null
  }
}
