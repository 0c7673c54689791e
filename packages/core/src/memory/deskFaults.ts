/** What may happen to a call to a help desk in memory: it is refused, its answer is lost, or it is held up. */
import { Effect } from "effect"
import { TicketingError } from "../errors/PortErrors.ts"
import { Ambiguous, type Reason } from "../errors/Reason.ts"

/** Stands between the caller and the desk for one call. */
export type DeskFault = <A>(call: Effect.Effect<A, TicketingError>) => Effect.Effect<A, TicketingError>

const failing = (reason: Reason) => Effect.fail(new TicketingError({ operation: "MemoryDesk", reason }))

/** For `MemoryDesk.next`. */
export const deskFaults = {
  /** The desk does nothing and says why. */
  refuse:
    (reason: Reason): DeskFault =>
    () =>
      failing(reason),
  /** The desk does it, and the answer gets lost. */
  loseAnswer: ((call) =>
    Effect.andThen(
      call,
      failing(new Ambiguous({ detail: "the connection broke after the request" })),
    )) satisfies DeskFault,
  /** The desk begins only when this effect has ended. */
  hold:
    (until: Effect.Effect<unknown>): DeskFault =>
    (call) =>
      Effect.andThen(until, call),
} as const
