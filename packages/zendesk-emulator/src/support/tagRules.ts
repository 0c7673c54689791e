import { asArray, asString } from "../world/json.ts"
import type { Ticket, TicketField } from "../world/model.ts"
import type { World } from "../world/World.ts"

/** Lower case, no blanks, only letters, digits and `_-/.:`. Zendesk's exact rule is not published. */
export const normaliseTag = (tag: string): string =>
  tag
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, "_")
    .replaceAll(/[^\p{L}\p{N}_\-/.:]/gu, "")

export const normaliseTags = (tags: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(tags.map(normaliseTag).filter((tag) => tag !== "")),
]

/** Tags come as an array or as one string with blanks or commas. */
export const readTags = (value: unknown): ReadonlyArray<string> => {
  const list =
    typeof value === "string" ? value.split(/[\s,]+/) : asArray(value).map((item) => asString(item) ?? "")
  return normaliseTags(list)
}

/** Drop-down, multi-select and checkbox fields each own some tags. */
const valuesOf = (field: TicketField): ReadonlyArray<string> => field.options.map((option) => option.value)

/** After the tags changed: fields follow. A tag that left clears its drop-down. */
export const fieldsFromTags = (world: World, ticket: Ticket): void => {
  for (const field of world.ticketFields.values()) {
    if (field.type === "tagger") {
      ticket.customFields.set(field.id, valuesOf(field).find((value) => ticket.tags.includes(value)) ?? null)
    }
    if (field.type === "multiselect") {
      const chosen = valuesOf(field).filter((value) => ticket.tags.includes(value))
      ticket.customFields.set(field.id, chosen.length === 0 ? null : chosen)
    }
    if (field.type === "checkbox" && field.tag !== null) {
      ticket.customFields.set(field.id, ticket.tags.includes(field.tag))
    }
  }
}

/** After a field changed: its tags follow. */
export const tagsFromField = (ticket: Ticket, field: TicketField, value: unknown): void => {
  if (field.type === "tagger" || field.type === "multiselect") {
    const own = new Set(valuesOf(field))
    const chosen = typeof value === "string" ? [value] : asArray(value).map((item) => asString(item) ?? "")
    ticket.tags = normaliseTags([...ticket.tags.filter((tag) => !own.has(tag)), ...chosen])
  }
  if (field.type === "checkbox" && field.tag !== null) {
    const rest = ticket.tags.filter((tag) => tag !== field.tag)
    ticket.tags = value === true ? [...rest, field.tag] : rest
  }
}
