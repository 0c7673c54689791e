import { badRequest } from "../http/Reply.ts"
import { asInt, get } from "../world/json.ts"
import { isAgent, type Ticket, type User } from "../world/model.ts"
import type { World } from "../world/World.ts"

/** The agent that a control names as `author_id`; else the ticket's assignee, else the first agent. */
export const agentOf = (world: World, source: unknown, ticket: Ticket): User => {
  const id = asInt(get(source, "author_id"))
  if (id !== undefined) {
    const user = world.users.byId.get(id)
    if (user === undefined || !isAgent(user))
      throw badRequest("InvalidAgent", `author_id ${id} is not an agent of this account`)
    return user
  }
  const assignee = world.users.byId.get(ticket.assigneeId ?? 0)
  if (assignee !== undefined && assignee.id !== world.integrationUser()?.id) return assignee
  for (const user of world.users.byId.values()) if (user.role === "agent") return user
  throw badRequest("NoAgent", "this account has no agent")
}
