/** Reading tickets. */
import {
  DeskUserId,
  NotFound,
  TicketId,
  TicketingError,
  type TicketSnapshot,
  TicketStatus,
} from "@opencx/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask, isZendeskId } from "./Calls.ts"
import { idText, nextCursor, TicketEnvelope, TicketList, type TicketWire } from "./Wire.ts"

const decodeStatus = Schema.decodeUnknownOption(TicketStatus)

/** Epoch milliseconds of an ISO time; 0 when it is missing or unreadable. */
export const epochMillis = (iso: string | null | undefined): number =>
  Option.match(DateTime.make(iso ?? ""), { onNone: () => 0, onSome: DateTime.toEpochMillis })

/** Ticket ids that are not digits name no ticket, and must not get into a path. */
export const checkTicketId = (operation: string, ticketId: string): Effect.Effect<void, TicketingError> =>
  isZendeskId(ticketId)
    ? Effect.void
    : Effect.fail(
        new TicketingError({
          operation,
          reason: new NotFound({ what: "a ticket with an id that is no number" }),
        }),
      )

/** Null for deleted tickets. Custom statuses come with their category as `status`. */
export const toSnapshot = (ticket: TicketWire): TicketSnapshot | null =>
  ticket.status === "deleted"
    ? null
    : {
        ticketId: TicketId.make(idText(ticket.id)),
        status: Option.getOrElse(decodeStatus(ticket.status), () => "open" as const),
        externalId: ticket.external_id ?? null,
        requesterId:
          ticket.requester_id === null || ticket.requester_id === undefined
            ? null
            : DeskUserId.make(idText(ticket.requester_id)),
        tags: ticket.tags ?? [],
        updatedAt: epochMillis(ticket.updated_at),
      }

const present = (tickets: ReadonlyArray<TicketWire>): ReadonlyArray<TicketSnapshot> =>
  tickets.map(toSnapshot).filter((ticket) => ticket !== null)

const byIdDescending = (a: TicketSnapshot, b: TicketSnapshot): number => {
  const [x, y] = [BigInt(a.ticketId), BigInt(b.ticketId)]
  return x < y ? 1 : x > y ? -1 : 0
}

export const getTicket = Effect.fnUntraced(function* (client: ZendeskClient, ticketId: TicketId) {
  const operation = "get"
  yield* checkTicketId(operation, ticketId)
  const { ticket } = yield* ask(client, operation, { what: `ticket ${ticketId}` }, TicketEnvelope, {
    method: "GET",
    path: `/api/v2/tickets/${ticketId}`,
  })
  const snapshot = toSnapshot(ticket)
  if (snapshot === null) {
    return yield* new TicketingError({ operation, reason: new NotFound({ what: `ticket ${ticketId}` }) })
  }
  return snapshot
})

const batch = 100

/** `GET /tickets/show_many`: Zendesk takes up to 100 ids and leaves out those that do not exist. */
export const getTickets = Effect.fnUntraced(function* (
  client: ZendeskClient,
  ticketIds: ReadonlyArray<TicketId>,
) {
  const ids = [...new Set(ticketIds)].filter(isZendeskId)
  const all: Array<TicketSnapshot> = []
  for (let at = 0; at < ids.length; at += batch) {
    const { tickets } = yield* ask(client, "getMany", { what: "tickets" }, TicketList, {
      method: "GET",
      path: "/api/v2/tickets/show_many",
      query: { ids: ids.slice(at, at + batch).join(",") },
    })
    all.push(...present(tickets))
  }
  return all
})

const maxPages = 10

/**
 * By the list filter, never by search, whose index lags by minutes. External ids are not unique in Zendesk, so that
 * several may come back: newest first. The filter is checked here as well.
 */
export const findByExternalId = Effect.fnUntraced(function* (client: ZendeskClient, externalId: string) {
  const found: Array<TicketSnapshot> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof TicketList.Type = yield* ask(
      client,
      "findByExternalId",
      { what: "tickets" },
      TicketList,
      {
        method: "GET",
        path: "/api/v2/tickets",
        query: {
          external_id: externalId,
          "page[size]": String(batch),
          ...(cursor === null ? {} : { "page[after]": cursor }),
        },
      },
    )
    found.push(...present(list.tickets).filter((ticket) => ticket.externalId === externalId))
    cursor = nextCursor(list.meta)
    if (cursor === null) break
  }
  return found.sort(byIdDescending)
})
