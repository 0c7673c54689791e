import type { Condition, Trigger } from "./model.ts"
import type { World } from "./World.ts"

const mail = (subject: string, body: string): Trigger["actions"] => [
  { field: "notification_user", value: ["requester_id", subject, body] },
]

const defaults: ReadonlyArray<{
  readonly title: string
  readonly all: ReadonlyArray<Condition>
  readonly actions: Trigger["actions"]
}> = [
  {
    title: "Notify requester of received request",
    all: [
      { field: "update_type", operator: "is", value: "Create" },
      { field: "role", operator: "is", value: "end_user" },
      { field: "ticket_is_public", operator: "is", value: "public" },
    ],
    actions: mail("[Request received] {{ticket.title}}", "Your request ({{ticket.id}}) has been received."),
  },
  {
    title: "Notify requester of new proactive ticket",
    all: [
      { field: "update_type", operator: "is", value: "Create" },
      { field: "role", operator: "is", value: "agent" },
      { field: "comment_is_public", operator: "is", value: "requester_can_see_comment" },
    ],
    actions: mail("{{ticket.title}}", "{{ticket.latest_public_comment}}"),
  },
  {
    title: "Notify requester of comment update",
    all: [
      { field: "update_type", operator: "is", value: "Change" },
      { field: "comment_is_public", operator: "is", value: "requester_can_see_comment" },
      { field: "role", operator: "is_not", value: "end_user" },
    ],
    actions: mail("[Request updated] {{ticket.title}}", "{{ticket.latest_public_comment}}"),
  },
]

/** The account's own e-mail triggers. They run for connector tickets too unless a condition keeps them out. */
export const seedTriggers = (world: World, at: number): void => {
  const category = {
    id: String(world.nextId()),
    name: "Notifications",
    position: 1,
    createdAt: at,
    updatedAt: at,
  }
  world.triggerCategories.set(category.id, category)
  for (const [position, trigger] of defaults.entries()) {
    const id = world.nextId()
    world.triggers.set(id, {
      id,
      title: trigger.title,
      description: null,
      active: true,
      position,
      categoryId: category.id,
      default: true,
      all: trigger.all,
      any: [],
      actions: trigger.actions,
      createdAt: at,
      updatedAt: at,
    })
  }
}
