import { json } from "../http/Reply.ts"
import type { Route } from "../http/Router.ts"
import type { World } from "../world/World.ts"
import { conditionFields, ruleOf } from "./conditions.ts"

/** What a trigger may do here, by the name Zendesk has for it. */
export const actionFields: ReadonlyMap<string, string> = new Map([
  ["status", "Status"],
  ["priority", "Priority"],
  ["assignee_id", "Assignee"],
  ["group_id", "Group"],
  ["set_tags", "Set tags"],
  ["current_tags", "Add tags"],
  ["remove_tags", "Remove tags"],
  ["notification_user", "Email user"],
  ["notification_webhook", "Notify active webhook"],
])

const operatorTitles: Readonly<Record<string, string>> = {
  is: "Is",
  is_not: "Is not",
  less_than: "Less than",
  greater_than: "Greater than",
  changed: "Changed",
  value: "Changed to",
  value_previous: "Changed from",
  not_changed: "Not changed",
  not_value: "Not changed to",
  not_value_previous: "Not changed from",
  includes: "Contains at least one of the following",
  not_includes: "Contains none of the following",
  present: "Present",
  not_present: "Not present",
}

const terminal = new Set(["changed", "not_changed", "present", "not_present"])

const conditionsOf = (world: World): ReadonlyArray<object> => {
  const custom = [...world.ticketFields.values()]
    .filter((field) => field.removable)
    .map((field) => `custom_fields_${field.id}`)
  return [...conditionFields.keys(), ...custom].flatMap((subject) => {
    const rule = ruleOf(world, subject)
    if (rule === undefined) return []
    const values = rule.values?.(world)
    return [
      {
        title: rule.title,
        subject,
        type: values === undefined ? "text" : "list",
        group: "ticket",
        nullable: false,
        repeatable: false,
        operators: rule.operators.map((value) => ({
          value,
          title: operatorTitles[value] ?? value,
          terminal: terminal.has(value),
        })),
        ...(values === undefined
          ? {}
          : { values: values.map(([value, title]) => ({ value, title, enabled: true })) }),
      },
    ]
  })
}

const actionsOf = (world: World): ReadonlyArray<object> =>
  [...actionFields].map(([subject, title]) => ({
    title,
    subject,
    type: subject === "notification_webhook" ? "list" : "text",
    group: subject.startsWith("notification") ? "notification" : "ticket",
    nullable: false,
    repeatable: subject.startsWith("notification"),
    ...(subject === "notification_webhook"
      ? {
          values: [...world.webhooks.values()].map((webhook) => ({
            value: webhook.id,
            title: webhook.name,
            enabled: webhook.status === "active",
          })),
        }
      : {}),
  }))

/** `GET /triggers/definitions`: what set-up reads instead of hard-coding the vocabulary. */
export const definitionRoutes = (world: World): ReadonlyArray<Route> => [
  {
    method: "GET",
    path: "/api/v2/triggers/definitions",
    access: "agent",
    scope: "triggers",
    handle: () => {
      const conditions = conditionsOf(world)
      return json(200, {
        definitions: { actions: actionsOf(world), conditions_all: conditions, conditions_any: conditions },
      })
    },
  },
]
