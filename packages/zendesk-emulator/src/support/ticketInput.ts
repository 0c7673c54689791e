import { invalidField } from "../http/Reply.ts"
import { asInt, asObject, asString, get, has, type JsonObject } from "../world/json.ts"
import { isAgent, ticketStatuses, type TicketStatus } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { type NewComment, readComment } from "./commentInput.ts"
import { type FieldValues, readCustomFields } from "./fieldValues.ts"
import { readTags } from "./tagRules.ts"

/** A wanted change. Absent keys leave the ticket as it is. */
export interface TicketChange {
  readonly subject?: string
  readonly status?: TicketStatus
  readonly priority?: string | null
  readonly type?: string | null
  readonly externalId?: string | null
  readonly requesterId?: number
  readonly assigneeId?: number | null
  readonly groupId?: number | null
  readonly brandId?: number
  readonly tags?: ReadonlyArray<string>
  readonly addTags?: ReadonlyArray<string>
  readonly removeTags?: ReadonlyArray<string>
  readonly fields?: FieldValues
  readonly comment?: NewComment
  readonly metadata?: JsonObject
}

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

const priorities = ["low", "normal", "high", "urgent"]
const types = ["problem", "incident", "question", "task"]

const oneOf = (name: string, value: unknown, allowed: ReadonlyArray<string>): string | null => {
  if (value === null || value === "") return null
  const text = asString(value)
  if (text === undefined || !allowed.includes(text)) {
    throw invalidField(name, `${title(name)}: ${String(value)} is not recognized`, "InvalidValue")
  }
  return text
}

const title = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)

const statusOf = (value: unknown): TicketStatus => {
  const found = ticketStatuses.find((status) => status === value)
  if (found === undefined)
    throw invalidField("status", `Status: ${String(value)} is not recognized`, "InvalidValue")
  return found
}

/** Only agents may be assigned; the Default Agent ID of a set-up is wrong when it names an end user. */
const assigneeOf = (world: World, value: unknown): number | null => {
  if (value === null || value === "") return null
  const user = world.users.byId.get(asInt(value) ?? 0)
  if (user === undefined || !user.active || !isAgent(user)) {
    throw invalidField("assignee", "Assignee: is invalid", "InvalidValue")
  }
  return user.id
}

const groupOf = (world: World, value: unknown): number | null => {
  if (value === null || value === "") return null
  const id = asInt(value)
  if (id === undefined || !world.groups.has(id))
    throw invalidField("group", "Group: is invalid", "InvalidValue")
  return id
}

const brandOf = (world: World, value: unknown): number => {
  if (value === null) return world.defaultBrandId()
  const id = asInt(value)
  if (id === undefined || !world.brands.has(id))
    throw invalidField("brand", "Brand: is invalid", "InvalidValue")
  return id
}

/** Fields that create and update share. `many` also honours additional_tags and remove_tags. */
export const readChange = (world: World, source: unknown, many = false): TicketChange => {
  const change: Mutable<TicketChange> = {}
  const subject = asString(get(source, "subject"))
  if (subject !== undefined) change.subject = subject
  if (get(source, "status") !== undefined && get(source, "status") !== null)
    change.status = statusOf(get(source, "status"))
  if (has(source, "priority")) change.priority = oneOf("priority", get(source, "priority"), priorities)
  if (has(source, "type")) change.type = oneOf("type", get(source, "type"), types)
  if (has(source, "external_id")) change.externalId = asString(get(source, "external_id")) ?? null
  if (has(source, "assignee_id")) change.assigneeId = assigneeOf(world, get(source, "assignee_id"))
  else assignByEmail(world, source, change)
  if (has(source, "group_id")) change.groupId = groupOf(world, get(source, "group_id"))
  if (has(source, "brand_id")) change.brandId = brandOf(world, get(source, "brand_id"))
  if (has(source, "tags") && get(source, "tags") !== null) change.tags = readTags(get(source, "tags"))
  if (many && has(source, "additional_tags")) change.addTags = readTags(get(source, "additional_tags"))
  if (many && has(source, "remove_tags")) change.removeTags = readTags(get(source, "remove_tags"))
  const fields = get(source, "custom_fields") ?? get(source, "fields")
  if (fields !== undefined) change.fields = readCustomFields(world, fields)
  const comment = readComment(world, get(source, "comment"))
  if (comment !== undefined) change.comment = comment
  if (has(source, "metadata")) change.metadata = asObject(get(source, "metadata"))
  return change
}

const assignByEmail = (world: World, source: unknown, change: Mutable<TicketChange>): void => {
  const email = asString(get(source, "assignee_email"))
  if (email !== undefined) change.assigneeId = assigneeOf(world, world.users.findByEmail(email)?.id ?? 0)
}
