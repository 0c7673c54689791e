/** The Zendesk user that our credentials act as. Comments by this user are ours and never go back to the customer. */
import { CredentialsRejected, DeskUserId, Invalid, PermissionDenied, TicketingError } from "@opencx/core"
import { Effect, Schema, Semaphore } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask } from "./Calls.ts"
import { idText, UserEnvelope } from "./Wire.ts"

export interface OurUser {
  readonly userId: DeskUserId
  readonly name: string
}

export const isAgentRole = (role: string | null | undefined): boolean => role === "agent" || role === "admin"

const askWho = Effect.fnUntraced(function* (client: ZendeskClient) {
  const { user } = yield* ask(client, "verify", { what: "our own user" }, UserEnvelope, {
    method: "GET",
    path: "/api/v2/users/me",
  })
  // Zendesk answers 200 with an anonymous user when it ignored the credentials.
  if (user.id === null || idText(user.id) === "") {
    return yield* new TicketingError({
      operation: "verify",
      reason: new CredentialsRejected({
        hint: "Zendesk took us for an anonymous visitor: the credentials are missing or were ignored. Check the OAuth client's id, secret and scope.",
      }),
    })
  }
  if (!isAgentRole(user.role)) {
    return yield* new TicketingError({
      operation: "verify",
      reason: new PermissionDenied({
        hint: `The credentials belong to a Zendesk user with the role ${user.role ?? "unknown"}. They must belong to an agent or an admin.`,
      }),
    })
  }
  return { userId: DeskUserId.make(idText(user.id)), name: user.name ?? "Zendesk user" } satisfies OurUser
})

/** Reads our user once; failures are not kept, so that the next call asks again. */
export const makeSelf = (
  client: ZendeskClient,
): {
  readonly get: Effect.Effect<OurUser, TicketingError>
  readonly fresh: Effect.Effect<OurUser, TicketingError>
} => {
  const lock = Semaphore.makeUnsafe(1)
  let known: OurUser | null = null
  const fresh = askWho(client).pipe(
    Effect.tap((user) =>
      Effect.sync(() => {
        known = user
      }),
    ),
  )
  const get = Effect.suspend(() =>
    known === null
      ? lock.withPermit(Effect.suspend(() => (known === null ? fresh : Effect.succeed(known))))
      : Effect.succeed(known),
  )
  return { get, fresh }
}

const Count = Schema.Struct({ count: Schema.Unknown })

/** Proves that the credentials work: who we are, and that a real resource answers. */
export const verify = Effect.fnUntraced(function* (
  client: ZendeskClient,
  fresh: Effect.Effect<OurUser, TicketingError>,
) {
  const user = yield* fresh
  yield* ask(client, "verify", { what: "tickets" }, Count, { method: "GET", path: "/api/v2/tickets/count" })
  return user
})

/** A refusal that no retry can change. */
export const invalid = (operation: string, issue: string, hint: string): TicketingError =>
  new TicketingError({ operation, reason: new Invalid({ issues: [issue], hint }) })
