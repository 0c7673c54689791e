/** The adapter against the emulator: a stateful account with triggers, webhooks, a CDN and faults. */
import type { PreparedTicket, Ticketing } from "@opencx/core"
import { type Emulator, type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Redacted } from "effect"
import { makeZendeskClient, ticketingOf, type ZendeskConnection } from "../../src/index.ts"
import { dana, draft } from "./drafts.ts"
import { storedTickets } from "./json.ts"

/** Signs in as the emulator's own OAuth client. */
export const connectionTo = (
  emulator: Emulator,
  more: Partial<ZendeskConnection> = {},
): ZendeskConnection => ({
  subdomain: "acme",
  baseUrl: emulator.url,
  auth: {
    type: "oauth_client_credentials",
    clientId: "opencx",
    clientSecret: Redacted.make("opencx-secret"),
  },
  firstComment: "internal",
  ...more,
})

/** A running account and the adapter over it; `verify` was called, so that our own user is known. */
export const open = (options: EmulatorOptions = {}, more: Partial<ZendeskConnection> = {}) =>
  Effect.gen(function* () {
    const emulator = yield* startEmulator({ timeScale: 0.01, ...options })
    const connection = connectionTo(emulator, more)
    const client = yield* makeZendeskClient(connection)
    const ticketing = ticketingOf(connection, client)
    yield* ticketing.verify
    emulator.clearCalls()
    return { emulator, connection, client, ticketing }
  })

/** The tickets as the account holds them, oldest first. */
export const ticketsOf = (emulator: Emulator) => storedTickets(emulator.state(["tickets"]))

/** Prepares and creates a ticket for Dana, who is new unless the draft says otherwise. */
export const createdTicket = (ticketing: Ticketing["Service"], more: Parameters<typeof draft>[0] = {}) =>
  Effect.gen(function* () {
    const prepared: PreparedTicket = yield* ticketing.prepare(draft({ requester: dana, fields: [], ...more }))
    return yield* ticketing.create(prepared)
  })

/** Searches find everybody at once. */
export const noLag = { searchLagMs: { tickets: 0, users: 0 } }

/** The item at an index (negative ones count from the end), which must be there. */
export const nth = <A>(list: ReadonlyArray<A>, index: number): A => {
  const item = list.at(index)
  if (item === undefined) throw new Error(`no item ${index} of ${list.length}`)
  return item
}
