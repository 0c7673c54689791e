/**
 * Folds bursts of signals about one ticket. A signal says "look at the ticket"; while one that is journaled has not been
 * followed by a look yet, another says nothing new: the look to come reads everything there is by then.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { OrgId, TicketId } from "../domain/Ids.ts"

/** A look that has not begun after this long may never: from then on signals are journaled again. */
const trustMs = 5000
const maxTickets = 50_000

interface Announced {
  readonly at: number
  readonly readStatus: boolean
}

export class SignalFold extends Context.Service<
  SignalFold,
  {
    /** True when a look that reads as much is journaled and has not begun. */
    covers(orgId: OrgId, ticketId: TicketId, readStatus: boolean): Effect.Effect<boolean>
    /** A signal is journaled: a look will follow. */
    announced(orgId: OrgId, ticketId: TicketId, readStatus: boolean): Effect.Effect<void>
    /** The look begins; what happens from now on needs a signal of its own. */
    begun(orgId: OrgId, ticketId: TicketId): Effect.Effect<void>
  }
>()("@opencx/core/engine/SignalFold") {
  static readonly layer = Layer.sync(SignalFold, () => {
    const tickets = new Map<string, Announced>()
    const key = (orgId: OrgId, ticketId: TicketId) => `${orgId}|${ticketId}`
    return {
      covers: (orgId, ticketId, readStatus) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const announced = tickets.get(key(orgId, ticketId))
          return (
            announced !== undefined && now - announced.at < trustMs && (announced.readStatus || !readStatus)
          )
        }),
      announced: (orgId, ticketId, readStatus) =>
        Effect.map(Clock.currentTimeMillis, (at) => {
          if (tickets.size >= maxTickets) tickets.clear()
          tickets.set(key(orgId, ticketId), { at, readStatus })
        }),
      begun: (orgId, ticketId) => Effect.sync(() => void tickets.delete(key(orgId, ticketId))),
    }
  })
}
