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
  readonly statusHint: string | null
  /** Dedup key within the organization. */
  readonly signalKey: string
}

/** A signal with its place in the line. */
export interface WaitingSignal extends KeptSignal {
  readonly position: number
}

export class SignalInbox extends Context.Service<
  SignalInbox,
  {
    /** Keeps all of them or none; one whose key is known (also of one that was handed on) is kept once. */
    keep(signals: ReadonlyArray<KeptSignal>): Effect.Effect<void, StoreError>
    /** Those not handed on yet, oldest first. */
    waiting(limit: number): Effect.Effect<ReadonlyArray<WaitingSignal>, StoreError>
    /** Their lanes have them. Repeating is harmless; their keys stay known until they are purged. */
    handedOn(positions: ReadonlyArray<number>): Effect.Effect<void, StoreError>
    /** Deletes signals that were handed on and kept before this (epoch ms); answers with how many rows went. */
    purge(before: number): Effect.Effect<number, StoreError>
  }
>()("@opencx/core/ports/SignalInbox") {}
