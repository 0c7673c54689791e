import { type FieldError, recordInvalid } from "../http/Reply.ts"
import { asArray, asBool, asInt, asString, get, isObject } from "../world/json.ts"
import type { TicketField } from "../world/model.ts"
import type { World } from "../world/World.ts"

export type FieldValues = ReadonlyArray<readonly [TicketField, unknown]>

/** `custom_fields` as a list of `{id, value}`, or as an object by id. Unknown ids are ignored. */
export const readCustomFields = (world: World, value: unknown): FieldValues => {
  const pairs: ReadonlyArray<readonly [unknown, unknown]> = isObject(value)
    ? Object.entries(value)
    : asArray(value).map((item) => [get(item, "id"), get(item, "value")])
  const errors: Array<FieldError> = []
  const out: Array<readonly [TicketField, unknown]> = []
  for (const [id, raw] of pairs) {
    const field = world.ticketFields.get(asInt(id) ?? 0)
    if (field === undefined) continue
    const read = raw === null || raw === "" ? null : readValue(world, field, raw)
    if (read === undefined)
      errors.push({
        description: `${field.title}: ${asString(raw) ?? "value"} is invalid`,
        error: "InvalidValue",
      })
    else out.push([field, read])
  }
  if (errors.length > 0) throw recordInvalid({ base: errors })
  return out
}

/** `undefined` = refuse. */
const readValue = (world: World, field: TicketField, raw: unknown): unknown => {
  const rejectOption = world.settings.invalidOption === "reject"
  switch (field.type) {
    case "tagger": {
      const known = field.options.some((option) => option.value === raw)
      return known ? raw : rejectOption ? undefined : null
    }
    case "multiselect": {
      const all = asArray(raw)
      const known = all.filter((item) => field.options.some((option) => option.value === item))
      return known.length < all.length && rejectOption ? undefined : known
    }
    case "checkbox":
      return asBool(raw)
    case "integer":
      return asInt(raw)
    case "decimal": {
      const number = Number(raw)
      return Number.isFinite(number) ? String(raw) : undefined
    }
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(asString(raw) ?? "") ? raw : undefined
    case "regexp":
      return matches(field.regexp, asString(raw)) ? raw : undefined
    default:
      return asString(raw)
  }
}

const matches = (pattern: string | null, value: string | undefined): boolean => {
  if (value === undefined) return false
  if (pattern === null) return true
  try {
    return new RegExp(pattern).test(value)
  } catch {
    return true
  }
}
