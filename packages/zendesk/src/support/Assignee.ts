/** The configured assignee, checked once: a wrong one would make Zendesk refuse every ticket. */
import { type TicketingError } from "@opencx/core"
import { Effect, Semaphore } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask, isZendeskId } from "./Calls.ts"
import { isAgentRole } from "./Self.ts"
import { UserEnvelope } from "./Wire.ts"

/** Why a user cannot be given tickets; null when nothing stands against it. */
export const assigneeComplaint = Effect.fnUntraced(function* (client: ZendeskClient, id: string) {
  if (!isZendeskId(id)) return "it is not a Zendesk user id"
  const answer = yield* Effect.result(
    ask(client, "prepare", { what: `user ${id}` }, UserEnvelope, {
      method: "GET",
      path: `/api/v2/users/${id}`,
    }),
  )
  if (answer._tag === "Failure") {
    const tag = answer.failure.reason._tag
    if (tag === "NotFound") return "there is no such user"
    if (tag === "PermissionDenied" || tag === "Invalid") return "our user may not look it up"
    return yield* answer.failure
  }
  const { user } = answer.success
  if (!isAgentRole(user.role)) return `its role is ${user.role ?? "unknown"}, not agent or admin`
  if (user.active === false) return "the user was deleted"
  return user.suspended === true ? "the user is suspended" : null
})

/** The assignee's id when it is usable, else null after one warning. Transient failures are passed on. */
export const makeAssignee = (
  client: ZendeskClient,
  configured: string | null,
): Effect.Effect<string | null, TicketingError> => {
  const lock = Semaphore.makeUnsafe(1)
  let checked: { readonly id: string | null } | null = null
  const check = Effect.fnUntraced(function* (id: string) {
    if (checked !== null) return checked.id
    const wrong = yield* assigneeComplaint(client, id)
    if (wrong !== null) {
      yield* Effect.logWarning(
        `Tickets are created without an assignee: user ${id} cannot take them, because ${wrong}`,
      )
    }
    checked = { id: wrong === null ? id : null }
    return checked.id
  })
  if (configured === null) return Effect.succeed(null)
  return Effect.suspend(() =>
    checked === null ? lock.withPermit(check(configured)) : Effect.succeed(checked.id),
  )
}
