import { asString } from "../world/json.ts"
import { isAgent, ticketStatuses, type Condition, type TicketEvent, type Trigger } from "../world/model.ts"
import type { World } from "../world/World.ts"

interface FieldRule {
  readonly title: string
  readonly operators: ReadonlyArray<string>
  readonly values?: (world: World) => ReadonlyArray<readonly [value: string, title: string]>
  readonly holds: (event: TicketEvent, condition: Condition, world: World) => boolean
}

const words = (value: unknown): ReadonlyArray<string> =>
  (asString(value) ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")

const text = (value: unknown): string => (value === null || value === undefined ? "" : String(value))

const is = (actual: unknown, condition: Condition): boolean => {
  const equal = text(actual) === text(condition.value)
  return condition.operator === "is_not" ? !equal : equal
}

const rank = (status: unknown): number => ticketStatuses.findIndex((item) => item === status)

/** Operators over a field's value now, before, and whether it moved. */
const changing =
  (name: string, actual: (event: TicketEvent) => unknown) =>
  (event: TicketEvent, condition: Condition): boolean => {
    const changed = event.kind === "Create" ? text(actual(event)) !== "" : event.before.has(name)
    const now = text(actual(event)) === text(condition.value)
    const was = text(event.before.get(name)) === text(condition.value)
    switch (condition.operator) {
      case "changed":
        return changed
      case "not_changed":
        return !changed
      case "value":
        return changed && now
      case "not_value":
        return !(changed && now)
      case "value_previous":
        return changed && was
      case "not_value_previous":
        return !(changed && was)
      case "less_than":
        return rank(actual(event)) < rank(condition.value)
      case "greater_than":
        return rank(actual(event)) > rank(condition.value)
      default:
        return is(actual(event), condition)
    }
  }

const moving = ["changed", "value", "value_previous", "not_changed", "not_value", "not_value_previous"]

const includes = (haystack: string, condition: Condition): boolean => {
  const found = words(condition.value).some((word) => haystack.toLowerCase().includes(word))
  return condition.operator.startsWith("not_") ? !found : found
}

const list =
  (values: ReadonlyArray<readonly [string, string]>) => (): ReadonlyArray<readonly [string, string]> =>
    values

const agents = (world: World): ReadonlyArray<readonly [string, string]> =>
  [...world.users.byId.values()].filter(isAgent).map((user) => [String(user.id), user.name] as const)

const commentIs = (event: TicketEvent, condition: Condition): boolean => {
  const comment = event.comment
  const value = text(condition.value)
  if (value === "not_relevant") return comment !== null
  if (value === "false") return comment?.public === false
  return comment?.public === true
}

/** "role" is the current user's: an agent (admins count), an end user, or one person by id. */
const roleIs = (event: TicketEvent, condition: Condition): boolean => {
  const value = text(condition.value)
  const actor = event.actor
  const agent = actor !== null && isAgent(actor)
  const holds =
    value === "agent"
      ? agent
      : value === "end_user"
        ? actor !== null && !agent
        : value === "requester_id"
          ? actor !== null && actor.id === event.ticket.requesterId
          : actor !== null && String(actor.id) === value
  return condition.operator === "is_not" ? !holds : holds
}

const statusValues = ticketStatuses.map((status) => [status, status] as const)

export const conditionFields: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  [
    "update_type",
    {
      title: "Ticket",
      operators: ["is"],
      values: list([
        ["Create", "Created"],
        ["Change", "Updated"],
      ]),
      holds: (event, condition) => is(event.kind, condition),
    },
  ],
  [
    "comment_is_public",
    {
      title: "Comment",
      operators: ["is"],
      values: list([
        ["true", "Public"],
        ["false", "Private"],
        ["not_relevant", "Present (public or private)"],
        ["requester_can_see_comment", "Present, and requester can see the comment"],
      ]),
      holds: commentIs,
    },
  ],
  [
    "current_tags",
    {
      title: "Tags",
      operators: ["includes", "not_includes"],
      holds: (event, condition) => {
        const found = words(condition.value).some((tag) => event.ticket.tags.includes(tag))
        return condition.operator === "not_includes" ? !found : found
      },
    },
  ],
  [
    "current_via_id",
    {
      title: "Update via",
      operators: ["is", "is_not"],
      values: list([
        ["0", "Web form"],
        ["4", "Email"],
        ["5", "Web service (API)"],
        ["8", "Trigger"],
      ]),
      holds: (event, condition) => is(event.via.id, condition),
    },
  ],
  [
    "via_id",
    {
      title: "Channel",
      operators: ["is", "is_not"],
      values: list([
        ["0", "Web form"],
        ["4", "Email"],
        ["5", "Web service (API)"],
      ]),
      holds: (event, condition) => is(event.ticket.via.id, condition),
    },
  ],
  [
    "role",
    {
      title: "Current user",
      operators: ["is", "is_not"],
      values: (world) => [
        ["agent", "(agent)"],
        ["end_user", "(end user)"],
        ["requester_id", "(requester)"],
        ...agents(world),
      ],
      holds: roleIs,
    },
  ],
  [
    "status",
    {
      title: "Status",
      operators: ["is", "is_not", "less_than", "greater_than", ...moving],
      values: list(statusValues),
      holds: changing("status", (event) => event.ticket.status),
    },
  ],
  [
    "priority",
    {
      title: "Priority",
      operators: ["is", "is_not", ...moving],
      values: list(["low", "normal", "high", "urgent"].map((item) => [item, item] as const)),
      holds: changing("priority", (event) => event.ticket.priority),
    },
  ],
  [
    "type",
    {
      title: "Type",
      operators: ["is", "is_not", ...moving],
      values: list(["problem", "incident", "question", "task"].map((item) => [item, item] as const)),
      holds: changing("type", (event) => event.ticket.type),
    },
  ],
  [
    "assignee_id",
    {
      title: "Assignee",
      operators: ["is", "is_not", ...moving],
      values: agents,
      holds: changing("assignee_id", (event) => event.ticket.assigneeId),
    },
  ],
  [
    "group_id",
    {
      title: "Group",
      operators: ["is", "is_not", ...moving],
      values: (world) => [...world.groups.values()].map((group) => [String(group.id), group.name] as const),
      holds: changing("group_id", (event) => event.ticket.groupId),
    },
  ],
  [
    "requester_id",
    {
      title: "Requester",
      operators: ["is", "is_not"],
      holds: (event, condition) => is(event.ticket.requesterId, condition),
    },
  ],
  [
    "brand_id",
    {
      title: "Brand",
      operators: ["is", "is_not"],
      values: (world) => [...world.brands.values()].map((brand) => [String(brand.id), brand.name] as const),
      holds: (event, condition) => is(event.ticket.brandId, condition),
    },
  ],
  [
    "ticket_is_public",
    {
      title: "Privacy",
      operators: ["is", "is_not"],
      values: list([
        ["public", "Ticket has public comments"],
        ["private", "Ticket has no public comments"],
      ]),
      holds: (event, condition) => is(event.ticket.isPublic ? "public" : "private", condition),
    },
  ],
  [
    "subject_includes_word",
    {
      title: "Subject text",
      operators: ["includes", "not_includes", "is", "is_not"],
      holds: (event, condition) => includes(event.ticket.subject, condition),
    },
  ],
  [
    "comment_includes_word",
    {
      title: "Comment text",
      operators: ["includes", "not_includes", "is", "is_not"],
      holds: (event, condition) => includes(event.comment?.body ?? "", condition),
    },
  ],
])

const customField = /^custom_fields_(\d+)$/

/** The rule of a condition's field; a custom field's rule is made for it. */
export const ruleOf = (world: World, field: string): FieldRule | undefined => {
  const known = conditionFields.get(field)
  if (known !== undefined) return known
  const id = customField.exec(field)?.[1]
  const row = id === undefined ? undefined : world.ticketFields.get(Number(id))
  if (row === undefined || id === undefined) return undefined
  const compare = changing(id, (event) => event.ticket.customFields.get(row.id))
  return {
    title: row.title,
    operators: ["is", "is_not", "present", "not_present", ...moving],
    holds: (event, condition) => {
      const present = text(event.ticket.customFields.get(row.id)) !== ""
      if (condition.operator === "present") return present
      if (condition.operator === "not_present") return !present
      return compare(event, condition)
    },
  }
}

export const matchesTrigger = (world: World, trigger: Trigger, event: TicketEvent): boolean => {
  const holds = (condition: Condition): boolean =>
    ruleOf(world, condition.field)?.holds(event, condition, world) ?? false
  return trigger.all.every(holds) && (trigger.any.length === 0 || trigger.any.some(holds))
}
