/**
 * Where a help desk's signals are kept until their lanes have them. A signal is small and there are many, so many are
 * written at once; and all that can wait (whose ticket, which lane) is found out afterwards.
 */
import { Context, type Effect } from "effect"
import type { OrgId, SessionId, TicketId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** "Something happened on this ticket." */
export interface KeptSignal {
  readonly orgId: OrgId
  readonly ticketId: TicketId
  /** The session that the ticket names as its own, if it names one. */
  readonly sessionId: SessionId | null
  /** Reason to ask for the ticket's status too. */
  readonly readStatus: boolean
  /** Dedup key of the event that the lane gets. */
  readonly signalKey: string
}

/** All signals of one ticket that wait: its newest, with `readStatus` when any of them asks for it. */
export interface WaitingTicket extends KeptSignal {
  readonly signals: number
  /** Position of the newest. Positions grow with the time at which a signal came. */
  readonly upTo: number
}

export class SignalInbox extends Context.Service<
  SignalInbox,
  {
    /** Keeps all of them or none. It does not look for duplicates: the lane does, by the key. */
    keep(signals: ReadonlyArray<KeptSignal>): Effect.Effect<void, StoreError>
    /** The tickets of the oldest `limit` signals, oldest first. */
    waiting(limit: number): Effect.Effect<ReadonlyArray<WaitingTicket>, StoreError>
    /**
     * Their lanes have been told: forgets their signals up to the newest position among them. To be called with tickets of
     * one call of `waiting`. Repeating is harmless.
     */
    handedOn(tickets: ReadonlyArray<WaitingTicket>): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/SignalInbox") {}
