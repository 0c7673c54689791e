/**
 * Deletes in Zendesk what was sent there of one customer. Zendesk deletes tickets and users in two steps: the first can be
 * undone for 30 days, the second is for good (Support API, "Delete Ticket Permanently", "Permanently Delete User"). Every
 * step may be repeated: what is gone already counts as done.
 */
import type { SentWhere } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { CallFailure } from "../client/Failure.ts"
import type { SunshineClient } from "../sunshine/client/SunshineClient.ts"
import type { BehindChats, Clients } from "./behindChats.ts"

export interface ErasedInZendesk {
  readonly what: "ticket" | "user" | "chat user" | "chat"
  readonly id: string
  /** `gone`: it was not there any more. `kept`: on purpose, `why` says so. */
  readonly result: "deleted" | "gone" | "kept" | "failed"
  readonly why: string | null
}

const isGone = ({ status }: CallFailure): boolean => status === 404

/** True when it was there. */
const removed = <A>(call: Effect.Effect<A, CallFailure>) =>
  call.pipe(
    Effect.as(true),
    Effect.catchIf(isGone, () => Effect.succeed(false)),
  )

const told = <E extends CallFailure>(
  what: ErasedInZendesk["what"],
  id: string,
  erase: Effect.Effect<Pick<ErasedInZendesk, "result" | "why">, E>,
): Effect.Effect<ErasedInZendesk> =>
  erase.pipe(
    Effect.catch((failure) => Effect.succeed({ result: "failed" as const, why: failure.message })),
    Effect.map(({ result, why }) => ({ what, id, result, why })),
  )

const outcome = (steps: ReadonlyArray<boolean>) =>
  ({ result: steps.includes(true) ? "deleted" : "gone", why: null }) as const

const twice = (client: ZendeskClient, first: string, second: string) =>
  Effect.gen(function* () {
    const soft = yield* removed(client.request({ method: "DELETE", path: first }))
    const hard = yield* removed(client.request({ method: "DELETE", path: second }))
    return outcome([soft, hard])
  })

const eraseTicket = (client: ZendeskClient, id: string) =>
  told("ticket", id, twice(client, `/api/v2/tickets/${id}`, `/api/v2/deleted_tickets/${id}`))

const UserRow = Schema.Struct({ user: Schema.Struct({ role: Schema.String }) })

/** A requester can be one of the agents, when one of them wrote as a customer. */
const eraseUser = (client: ZendeskClient, id: string) =>
  told(
    "user",
    id,
    Effect.gen(function* () {
      const known = yield* client
        .json(UserRow, { method: "GET", path: `/api/v2/users/${id}` })
        .pipe(Effect.catchIf(isGone, () => Effect.succeed(null)))
      if (known !== null && known.user.role !== "end-user")
        return { result: "kept", why: `is no customer there, but has the role ${known.user.role}` } as const
      return yield* twice(client, `/api/v2/users/${id}`, `/api/v2/deleted_users/${id}`)
    }),
  )

/** With all of the customer's conversations. */
const eraseChatUser = (client: SunshineClient, id: string) =>
  told(
    "chat user",
    id,
    Effect.map(
      removed(client.request({ method: "DELETE", path: `/users/${encodeURIComponent(id)}` })),
      (was) => outcome([was]),
    ),
  )

/** The customer's default conversation cannot be deleted, but its messages can. */
const eraseChat = (client: SunshineClient, id: string) => {
  const path = `/conversations/${encodeURIComponent(id)}`
  const messages = client.request({ method: "DELETE", path: `${path}/messages` })
  const whole = client.request({ method: "DELETE", path }).pipe(
    Effect.catchIf(
      ({ status }) => status === 400,
      () => messages,
    ),
  )
  return told(
    "chat",
    id,
    Effect.map(removed(whole), (was) => outcome([was])),
  )
}

const notConnected = (what: ErasedInZendesk["what"], id: string): ErasedInZendesk => ({
  what,
  id,
  result: "failed",
  why: "there is no connection to this side of Zendesk in the configuration",
})

const unless = <A>(
  client: A | null,
  what: ErasedInZendesk["what"],
  ids: ReadonlyArray<string>,
  erase: (client: A, id: string) => Effect.Effect<ErasedInZendesk>,
) =>
  Effect.forEach(ids, (id) => (client === null ? Effect.succeed(notConnected(what, id)) : erase(client, id)))

/**
 * Deletes tickets (those that live chats left behind too), people and live chats. In this order: Zendesk keeps people who
 * still have tickets that are not closed, and what stands behind a chat is found through the chat's user alone, who goes
 * last. Once a ticket is deleted nobody finds it by its chat any more: keep `behind` until all of it is done. Fails never;
 * what could not be deleted is said one by one, and the others are deleted all the same.
 */
export const eraseInZendesk = Effect.fn("eraseInZendesk")(function* (
  sent: SentWhere,
  behind: BehindChats,
  { sunshine, support }: Clients,
) {
  const unseen = behind.unseen.map(({ id, why }): ErasedInZendesk => ({
    what: "ticket",
    id,
    result: support === null ? "kept" : "failed",
    why,
  }))
  const ticketIds = new Set([...sent.tickets.map(({ ticketId }) => ticketId), ...behind.tickets])
  const tickets = yield* unless(support, "ticket", [...ticketIds], eraseTicket)
  const personIds = new Set([...sent.deskUsers, ...behind.users])
  const users = yield* unless(support, "user", [...personIds], eraseUser)
  const chatIds = sent.chats.map(({ conversationId }) => conversationId)
  const chats = yield* unless(sunshine, "chat", chatIds, eraseChat)
  // Where a look has failed, the chat's user stays for the next one.
  if (unseen.some(({ result }) => result === "failed")) return [...unseen, ...tickets, ...users, ...chats]
  const userIds = [...new Set(sent.chats.flatMap(({ userId }) => userId ?? []))]
  const chatUsers = yield* unless(sunshine, "chat user", userIds, eraseChatUser)
  return [...unseen, ...tickets, ...users, ...chats, ...chatUsers]
})
