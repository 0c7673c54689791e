import { asArray, asInt, asString } from "../world/json.ts"
import { ticketStatuses, type TicketEvent, type Trigger, type TriggerAction, via } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { readTags } from "../support/tagRules.ts"
import { applyFields, changeEvents, snapshot } from "../support/ticketFields.ts"
import type { TicketChange } from "../support/ticketInput.ts"
import type { Delivery } from "../webhooks/Delivery.ts"
import { matchesTrigger } from "./conditions.ts"
import { renderPlain } from "./placeholders.ts"

/** Active triggers in firing order. */
const inOrder = (world: World): ReadonlyArray<Trigger> =>
  [...world.triggers.values()]
    .filter((trigger) => trigger.active)
    .sort((a, b) => a.position - b.position || a.id - b.id)

/** What an action writes on the ticket, if it writes there at all. */
const changeOf = (event: TicketEvent, action: TriggerAction): TicketChange | undefined => {
  const value = action.value
  switch (action.field) {
    case "status": {
      const status = ticketStatuses.find((item) => item === value)
      return status === undefined ? undefined : { status }
    }
    case "priority":
      return { priority: asString(value) ?? null }
    case "set_tags":
      return { tags: readTags(value) }
    case "current_tags":
      return { addTags: readTags(value) }
    case "remove_tags":
      return { removeTags: readTags(value) }
    case "assignee_id":
      return { assigneeId: value === "current_user" ? (event.actor?.id ?? null) : (asInt(value) ?? null) }
    case "group_id":
      return { groupId: asInt(value) ?? null }
    default:
      return undefined
  }
}

/** Returns the fields that moved, so that later triggers of this update see them. */
const writeTicket = (
  world: World,
  event: TicketEvent,
  trigger: Trigger,
  change: TicketChange,
): ReadonlyMap<string, unknown> => {
  const before = snapshot(event.ticket)
  applyFields(world, event.ticket, change, { user: null, via: via.rule(trigger.id, trigger.title) })
  const changed = changeEvents(world, event.ticket, before)
  const audit = event.ticket.audits.at(-1)
  audit?.events.push(
    ...changed.events.map((item) => ({
      ...item,
      via: { channel: "rule", source: via.rule(trigger.id, trigger.title).source },
    })),
  )
  return changed.before
}

const sendMail = (world: World, event: TicketEvent, trigger: Trigger, action: TriggerAction): void => {
  const [to, subject, body] = asArray(action.value)
  const id =
    to === "requester_id"
      ? event.ticket.requesterId
      : to === "assignee_id"
        ? event.ticket.assigneeId
        : asInt(to)
  const user = world.users.byId.get(id ?? 0)
  if (user === undefined || user.email === null || user.suspended) return
  const context = { world, ticket: event.ticket, actor: event.actor }
  const mail = {
    subject: renderPlain(context, asString(subject) ?? ""),
    body: renderPlain(context, asString(body) ?? ""),
  }
  world.notifications.push({
    at: world.now(),
    triggerId: trigger.id,
    trigger: trigger.title,
    ticketId: event.ticket.id,
    to: user.email,
    ...mail,
  })
  const recipients = {
    via: { channel: "rule" },
    subject: mail.subject,
    body: mail.body,
    recipients: [user.id],
  }
  event.ticket.audits.at(-1)?.events.push({ id: world.nextId(), type: "Notification", ...recipients })
}

/**
 * Runs the triggers over one update: in order, each at most once; when one changed the ticket, from the start
 * again, because earlier ones may now hold.
 */
export const runTriggers = (world: World, delivery: Delivery, original: TicketEvent): void => {
  const triggers = inOrder(world)
  const fired = new Set<number>()
  let event = original
  for (let at = 0; at < triggers.length; at++) {
    const trigger = triggers[at]
    if (trigger === undefined || fired.has(trigger.id) || !matchesTrigger(world, trigger, event)) continue
    fired.add(trigger.id)
    const moved = fire(world, delivery, event, trigger)
    if (moved.size === 0) continue
    event = { ...event, before: new Map([...moved, ...event.before]) }
    at = -1
  }
}

const fire = (
  world: World,
  delivery: Delivery,
  event: TicketEvent,
  trigger: Trigger,
): ReadonlyMap<string, unknown> => {
  const moved = new Map<string, unknown>()
  for (const action of trigger.actions) {
    const change = changeOf(event, action)
    if (change !== undefined) {
      for (const [name, value] of writeTicket(world, event, trigger, change)) moved.set(name, value)
    } else if (action.field === "notification_user") {
      sendMail(world, event, trigger, action)
    } else if (action.field === "notification_webhook") {
      const [webhookId, template] = asArray(action.value)
      delivery.fromTrigger(asString(webhookId) ?? "", asString(template) ?? "", event, trigger.id)
    }
  }
  return moved
}
