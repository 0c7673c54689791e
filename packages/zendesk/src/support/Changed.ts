/**
 * Which tickets of the account changed. By the incremental export, which is for admins and knows nothing of the last minute
 * (https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/); for others by search, whose
 * index lags by minutes, so that it is asked again about the last ones.
 */
import { type ChangedPage, type ChangedTicket, TicketingError } from "@opencx/core"
import { Clock, DateTime, Effect, Option, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask } from "./Calls.ts"
import { toSnapshot } from "./Tickets.ts"
import { idOrNull, maybe, TicketWire, WireId } from "./Wire.ts"

const operation = "changed"

const Changed = Schema.Struct({
  ...TicketWire.fields,
  brand_id: maybe(WireId),
  group_id: maybe(WireId),
})
const Export = Schema.Struct({
  tickets: Schema.Array(Changed),
  after_cursor: maybe(Schema.String),
  end_of_stream: maybe(Schema.Boolean),
})
const Found = Schema.Struct({
  results: Schema.Array(Changed),
  next_page: maybe(Schema.String),
})

/** How far it was read: behind a cursor of the export, or up to a time (epoch ms) by search. */
const Place = Schema.fromJsonString(
  Schema.Union([
    Schema.Struct({ by: Schema.Literal("export"), cursor: Schema.String }),
    Schema.Struct({ by: Schema.Literal("search"), until: Schema.Number }),
  ]),
)
type Place = typeof Place.Type
const decodePlace = Schema.decodeUnknownOption(Place)
const encodePlace = Schema.encodeSync(Place)

/** Zendesk takes start times from a minute ago on, by its own clock. */
const youngestMs = 90_000
/** Its index was seen to lag by up to ten minutes. */
const lagMs = 15 * 60_000
const perPage = 100
/** Beyond 1,000 results search answers with 422. */
const maxSearchPages = 10

const toChanged = (wire: typeof Changed.Type): ReadonlyArray<ChangedTicket> => {
  const ticket = toSnapshot(wire)
  return ticket === null
    ? []
    : [{ ticket, brandId: idOrNull(wire.brand_id), groupId: idOrNull(wire.group_id) }]
}

const exported = Effect.fnUntraced(function* (client: ZendeskClient, from: Readonly<Record<string, string>>) {
  const page = yield* ask(client, operation, { what: "changed tickets" }, Export, {
    method: "GET",
    path: "/api/v2/incremental/tickets/cursor",
    query: { per_page: String(perPage), ...from },
    priority: "backfill",
  })
  // Without a cursor to go on from, the same place is read again.
  const cursor = page.after_cursor ?? from["cursor"] ?? null
  return { tickets: page.tickets.flatMap(toChanged), cursor, atEnd: page.end_of_stream !== false }
})

/** `2026-11-21T09:00:00Z`: as search takes times. */
const secondsIso = (at: number): string =>
  DateTime.formatIso(DateTime.makeUnsafe(Math.floor(at / 1000) * 1000)).replace(/\.\d+Z$/, "Z")

const found = Effect.fnUntraced(function* (client: ZendeskClient, since: number) {
  const tickets: Array<ChangedTicket> = []
  for (let page = 1; page <= maxSearchPages; page += 1) {
    const list: typeof Found.Type = yield* ask(client, operation, { what: "changed tickets" }, Found, {
      method: "GET",
      path: "/api/v2/search",
      query: {
        query: `type:ticket status<solved updated>=${secondsIso(since)}`,
        sort_by: "updated_at",
        sort_order: "asc",
        per_page: String(perPage),
        page: String(page),
      },
      priority: "backfill",
    })
    tickets.push(...list.results.flatMap(toChanged))
    if (typeof list.next_page !== "string") return { tickets, isWhole: true }
  }
  return { tickets, isWhole: false }
})

/** The newest that was seen, less what the index may still hold back; never back before where it began. */
const searched = Effect.fnUntraced(function* (client: ZendeskClient, since: number) {
  const { isWhole, tickets } = yield* found(client, since)
  const now = yield* Clock.currentTimeMillis
  const newest = tickets.reduce((latest, { ticket }) => Math.max(latest, ticket.updatedAt), since)
  const until = Math.max(since, isWhole ? Math.min(newest, now) - lagMs : newest)
  return { tickets, cursor: encodePlace({ by: "search", until }), atEnd: isWhole } satisfies ChangedPage
})

const isRefused = (error: TicketingError): boolean => error.reason._tag === "PermissionDenied"
const isStale = (error: TicketingError): boolean =>
  error.reason._tag === "Invalid" || error.reason._tag === "NotFound"

/** From a time on, by the export, or by search where we are no admin. */
const begin = Effect.fnUntraced(function* (client: ZendeskClient, since: number) {
  const start = Math.min(since, (yield* Clock.currentTimeMillis) - youngestMs)
  const page = exported(client, { start_time: String(Math.floor(start / 1000)) }).pipe(
    Effect.map(({ atEnd, cursor, tickets }): ChangedPage => {
      const place: Place = cursor === null ? { by: "search", until: start } : { by: "export", cursor }
      return { tickets, cursor: encodePlace(place), atEnd }
    }),
  )
  return yield* Effect.catchIf(page, isRefused, () => searched(client, start))
})

export const readChanged = Effect.fnUntraced(function* (
  client: ZendeskClient,
  { after, since }: { readonly after: string | null; readonly since: number },
): Effect.fn.Return<ChangedPage, TicketingError> {
  const place = Option.getOrNull(decodePlace(after))
  if (place === null) return yield* begin(client, since)
  if (place.by === "search") return yield* searched(client, place.until)
  const next = exported(client, { cursor: place.cursor }).pipe(
    Effect.map(({ atEnd, cursor, tickets }): ChangedPage => ({
      tickets,
      cursor: encodePlace({ by: "export", cursor: cursor ?? place.cursor }),
      atEnd,
    })),
  )
  return yield* Effect.catchIf(
    next,
    (error) => isStale(error) || isRefused(error),
    () => begin(client, since),
  )
})
