import { ApiError } from "../../http/Reply.ts"
import { readChange, type TicketChange } from "../../support/ticketInput.ts"
import { normaliseTags } from "../../support/tagRules.ts"
import type { World } from "../../world/World.ts"
import type { SunshineBehaviour } from "../world/behaviour.ts"
import type { Metadata } from "../world/model.ts"

export interface Captured {
  readonly tags: ReadonlyArray<string>
  readonly change: TicketChange
  readonly requesterName: string | undefined
  readonly requesterEmail: string | undefined
  readonly firstMessageId: string | undefined
}

/** Commas separate; a blank is part of a tag and becomes `_`. */
const tagsIn = (value: unknown): ReadonlyArray<string> =>
  normaliseTags(typeof value === "string" ? value.split(",") : [])

/** One field, or nothing: what Zendesk cannot use of a hand-off's metadata does not stop the hand-off. */
const lenient = (world: World, source: object): TicketChange => {
  try {
    return readChange(world, source)
  } catch (error) {
    if (error instanceof ApiError) return {}
    throw error
  }
}

const textOf = (metadata: Metadata, key: string): string | undefined => {
  const value = metadata[key]
  return value === undefined ? undefined : String(value)
}

const fieldPrefix = "dataCapture.ticketField."
const conversationFieldPrefix = "zen:ticket_field:"

const fieldsIn = (metadata: Metadata, prefix: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries(metadata).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), String(value)] as const] : [],
  )

/** `dataCapture.systemField.<name>` and the ticket attribute it sets. */
const systemFields: ReadonlyArray<readonly [string, string]> = [
  ["priority", "priority"],
  ["brand_id", "brand_id"],
  ["group_id", "group_id"],
  ["assignee_id", "assignee_id"],
]

/** What a hand-off's metadata and the conversation's own metadata ask of the ticket. */
export const capture = (
  world: World,
  behaviour: SunshineBehaviour,
  control: Metadata,
  conversation: Metadata,
): Captured => {
  const all = behaviour.dataCapture === "all"
  const fields = [...fieldsIn(conversation, conversationFieldPrefix), ...fieldsIn(control, fieldPrefix)]
  const changes = fields.map(([id, value]) => lenient(world, { custom_fields: [{ id, value }] }))
  const system = all
    ? systemFields.flatMap(([name, attribute]) => {
        const value = textOf(control, `dataCapture.systemField.${name}`)
        return value === undefined ? [] : [lenient(world, { [attribute]: value })]
      })
    : []
  return {
    tags: normaliseTags([
      ...tagsIn(conversation["zen:ticket:tags"]),
      ...tagsIn(control["dataCapture.systemField.tags"]),
    ]),
    change: {
      ...Object.assign({}, ...system),
      fields: changes.flatMap((change) => [...(change.fields ?? [])]),
    },
    requesterName: all ? textOf(control, "dataCapture.systemField.requester.name") : undefined,
    requesterEmail: all ? textOf(control, "dataCapture.systemField.requester.email") : undefined,
    firstMessageId: textOf(control, "first_message_id"),
  }
}
