/**
 * What the Agent Workspace made by itself of live chats: a ticket behind each, and a person in Support behind the messaging
 * user. We keep neither id, so both are looked for while the chat and its user are still there:
 * - the chat's ticket by the conversation's id, which Zendesk answers while the ticket is active;
 * - the messaging user's `zendeskId`, and that person's tickets of the messaging channel, closed ones included.
 */
import { type ChatId, DeskUserId, type SentWhere, TicketId } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { CallFailure } from "../client/Failure.ts"
import { PageMeta, idText, maybe, nextCursor, WireId } from "../support/Wire.ts"
import type { SunshineClient } from "../sunshine/client/SunshineClient.ts"

const Ticket = Schema.Struct({
  id: WireId,
  requester_id: maybe(WireId),
  from_messaging_channel: maybe(Schema.Boolean),
})
const One = Schema.Struct({ ticket: Ticket })
const Many = Schema.Struct({ tickets: Schema.Array(Ticket), meta: PageMeta })
const MessagingUser = Schema.Struct({ user: Schema.Struct({ zendeskId: maybe(Schema.String) }) })

/** 100 tickets each; nobody has written so many chats. */
const maxPages = 50

export interface BehindChats {
  readonly tickets: ReadonlyArray<TicketId>
  readonly users: ReadonlyArray<DeskUserId>
  /** Why something could not be looked for, and behind what. */
  readonly unseen: ReadonlyArray<{ readonly id: string; readonly why: string }>
}

export interface Clients {
  readonly support: ZendeskClient | null
  readonly sunshine: SunshineClient | null
}

/** Null when it is not there (any more). */
const ifThere = <A, R>(call: Effect.Effect<A, CallFailure, R>) =>
  call.pipe(
    Effect.catchIf(
      ({ status }) => status === 404,
      () => Effect.succeed(null),
    ),
  )

const ticketOfChat = (support: ZendeskClient, id: ChatId) =>
  ifThere(
    support.json(One, {
      method: "GET",
      path: `/api/v2/tickets/messaging/conversations/${encodeURIComponent(id)}/ticket`,
    }),
  )

const ticketsOfPerson = Effect.fnUntraced(function* (support: ZendeskClient, personId: string) {
  const tickets: Array<typeof Ticket.Type> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const found: typeof Many.Type | null = yield* ifThere(
      support.json(Many, {
        method: "GET",
        path: `/api/v2/users/${encodeURIComponent(personId)}/tickets/requested`,
        query: { "page[size]": "100", ...(cursor === null ? {} : { "page[after]": cursor }) },
      }),
    )
    tickets.push(...(found?.tickets ?? []))
    cursor = nextCursor(found?.meta)
    if (cursor === null) break
  }
  return tickets.filter((ticket) => ticket.from_messaging_channel === true)
})

const personBehind = (sunshine: SunshineClient, userId: string) =>
  Effect.map(
    ifThere(sunshine.json(MessagingUser, { method: "GET", path: `/users/${encodeURIComponent(userId)}` })),
    (found) => found?.user.zendeskId ?? null,
  )

const nothing: BehindChats = { tickets: [], users: [], unseen: [] }

const found = (tickets: ReadonlyArray<typeof Ticket.Type>, users: ReadonlyArray<string>): BehindChats => ({
  tickets: tickets.map(({ id }) => TicketId.make(idText(id))),
  users: users.map((id) => DeskUserId.make(id)),
  unseen: [],
})

/** A look that fails is told; the others are made all the same. */
const look = <R>(id: string, effect: Effect.Effect<BehindChats, CallFailure, R>) =>
  effect.pipe(
    Effect.catch(({ message }) =>
      Effect.succeed<BehindChats>({ ...nothing, unseen: [{ id, why: message }] }),
    ),
  )

const behindChat = (support: ZendeskClient, id: ChatId) =>
  look(
    `behind chat ${id}`,
    Effect.map(ticketOfChat(support, id), (one) => {
      const requester = one?.ticket.requester_id ?? null
      return one === null ? nothing : found([one.ticket], requester === null ? [] : [idText(requester)])
    }),
  )

const behindUser = (support: ZendeskClient, sunshine: SunshineClient, userId: string) =>
  look(
    `behind chat user ${userId}`,
    Effect.gen(function* () {
      const personId = yield* personBehind(sunshine, userId)
      return personId === null ? nothing : found(yield* ticketsOfPerson(support, personId), [personId])
    }),
  )

/** Tickets and people behind live chats. Reads only, and fails never. */
export const behindChats = Effect.fn("behindChats")(function* (
  { chats }: Pick<SentWhere, "chats">,
  { sunshine, support }: Clients,
) {
  if (support === null)
    return {
      ...nothing,
      unseen: chats.map(({ conversationId }) => ({
        id: `behind chat ${conversationId}`,
        why: "without a connection to Zendesk Support it cannot be looked for",
      })),
    } satisfies BehindChats
  const userIds = [...new Set(chats.flatMap(({ userId }) => userId ?? []))]
  const all = [
    ...(yield* Effect.forEach(chats, ({ conversationId }) => behindChat(support, conversationId))),
    ...(sunshine === null ? [] : yield* Effect.forEach(userIds, (id) => behindUser(support, sunshine, id))),
  ]
  return {
    tickets: [...new Set(all.flatMap(({ tickets }) => tickets))],
    users: [...new Set(all.flatMap(({ users }) => users))],
    unseen: all.flatMap(({ unseen }) => unseen),
  } satisfies BehindChats
})
