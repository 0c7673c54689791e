import { type FieldError, recordInvalid } from "../http/Reply.ts"
import { isAgent, type AuditEvent, type Ticket, type User } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { fieldsFromTags, tagsFromField } from "./tagRules.ts"
import type { Actor } from "./Actor.ts"
import type { TicketChange } from "./ticketInput.ts"

/** Field values by their audit name, to compare before and after. */
export const snapshot = (ticket: Ticket): Map<string, unknown> => {
  const values = new Map<string, unknown>([
    ["subject", ticket.subject],
    ["status", ticket.status],
    ["priority", ticket.priority],
    ["type", ticket.type],
    ["external_id", ticket.externalId],
    ["requester_id", ticket.requesterId],
    ["assignee_id", ticket.assigneeId],
    ["group_id", ticket.groupId],
    ["brand_id", ticket.brandId],
    ["tags", ticket.tags],
    ["is_public", ticket.isPublic],
  ])
  for (const [id, value] of ticket.customFields) if (value !== null) values.set(String(id), value)
  return values
}

const same = (a: unknown, b: unknown): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => item === b[at]))

/** Change events, and the old values by field name. */
export const changeEvents = (
  world: World,
  ticket: Ticket,
  before: ReadonlyMap<string, unknown>,
): { readonly events: ReadonlyArray<AuditEvent>; readonly before: ReadonlyMap<string, unknown> } => {
  const after = snapshot(ticket)
  const events: Array<AuditEvent> = []
  const changed = new Map<string, unknown>()
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(name) ?? null
    const value = after.get(name) ?? null
    if (same(old, value)) continue
    changed.set(name, old)
    if (name === "is_public") continue
    events.push({
      id: world.nextId(),
      type: "Change",
      field_name: name,
      value: show(value),
      previous_value: show(old),
    })
  }
  return { events, before: changed }
}

const show = (value: unknown): unknown => (value === null || Array.isArray(value) ? value : String(value))

/** Writes the fields of a change; throws before the first write when one is refused. */
export const applyFields = (world: World, ticket: Ticket, change: TicketChange, actor: Actor): void => {
  checkSolvable(world, ticket, change)
  if (change.subject !== undefined) ticket.subject = change.subject
  if (change.priority !== undefined) ticket.priority = change.priority
  if (change.type !== undefined) ticket.type = change.type
  if (change.brandId !== undefined) ticket.brandId = change.brandId
  if (change.externalId !== undefined) world.tickets.setExternalId(ticket, change.externalId)
  if (change.requesterId !== undefined) moveRequester(world, ticket, change.requesterId)
  applyTags(world, ticket, change)
  for (const [field, value] of change.fields ?? []) {
    ticket.customFields.set(field.id, value)
    tagsFromField(ticket, field, value)
  }
  applyAssignment(world, ticket, change, actor.user)
}

export const moveRequester = (world: World, ticket: Ticket, requesterId: number): void => {
  world.users.byId.get(ticket.requesterId)?.requestedTickets.delete(ticket.id)
  ticket.requesterId = requesterId
  world.users.byId.get(requesterId)?.requestedTickets.add(ticket.id)
}

const applyTags = (world: World, ticket: Ticket, change: TicketChange): void => {
  if (change.tags === undefined && change.addTags === undefined && change.removeTags === undefined) return
  const removed = new Set(change.removeTags ?? [])
  const tags = new Set(
    [...(change.tags ?? ticket.tags), ...(change.addTags ?? [])].filter((tag) => !removed.has(tag)),
  )
  ticket.tags = [...tags]
  fieldsFromTags(world, ticket)
}

const applyAssignment = (world: World, ticket: Ticket, change: TicketChange, user: User | null): void => {
  if (change.groupId !== undefined) ticket.groupId = change.groupId
  if (change.assigneeId !== undefined) ticket.assigneeId = change.assigneeId
  const solving = change.status === "solved" || change.status === "closed"
  if (solving && ticket.assigneeId === null && user !== null && isAgent(user)) ticket.assigneeId = user.id
  if (ticket.assigneeId !== null && ticket.groupId === null) {
    ticket.groupId = world.users.byId.get(ticket.assigneeId)?.defaultGroupId ?? null
  }
  if (change.status !== undefined) ticket.status = change.status
  // An assigned ticket is no longer new.
  if (ticket.status === "new" && ticket.assigneeId !== null) ticket.status = "open"
}

/** Fields required to solve bite only when solving. */
const checkSolvable = (world: World, ticket: Ticket, change: TicketChange): void => {
  if (change.status === "new" && ticket.status !== "new") {
    throw recordInvalid({
      status: [{ description: "Status: cannot be set back to new", error: "InvalidValue" }],
    })
  }
  if (change.status !== "solved") return
  const sent = new Map((change.fields ?? []).map(([field, value]) => [field.id, value]))
  const errors: Array<FieldError> = []
  for (const field of world.ticketFields.values()) {
    if (!field.required || !field.removable || !field.active) continue
    const value = sent.has(field.id) ? sent.get(field.id) : ticket.customFields.get(field.id)
    const tagged = field.options.some((option) => change.tags?.includes(option.value))
    if ((value === undefined || value === null || value === "" || value === false) && !tagged) {
      errors.push({ description: `${field.title}: is required when solving a ticket`, error: "BlankValue" })
    }
  }
  if (errors.length > 0) throw recordInvalid({ base: errors })
}
