/** What may happen to a call to another side in memory: it is refused, its answer is lost, or it is held up. */
import { Effect } from "effect"
import { Ambiguous, type Reason } from "../errors/Reason.ts"

/** Stands between the caller and the other side for one call. */
export type CallFault<E> = <A>(call: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** The faults of one port, whose errors `errorOf` makes. */
export const faultsOf = <E>(errorOf: (reason: Reason) => E) => ({
  /** The other side does nothing and says why. */
  refuse:
    (reason: Reason): CallFault<E> =>
    () =>
      Effect.fail(errorOf(reason)),
  /** The other side does it, and the answer gets lost. */
  loseAnswer: ((call) =>
    Effect.andThen(
      call,
      Effect.fail(errorOf(new Ambiguous({ detail: "the connection broke after the request" }))),
    )) satisfies CallFault<E>,
  /** The other side begins only when this effect has ended. */
  hold:
    (until: Effect.Effect<unknown>): CallFault<E> =>
    (call) =>
      Effect.andThen(until, call),
})

/** Calls of a port: counted, and through their faults. */
export class CallLine<Operation extends string, E> {
  /** Every call so far, in order. */
  readonly calls: Array<Operation> = []
  readonly #port: string
  readonly #faults = new Map<Operation, Array<CallFault<E>>>()

  constructor(port: string) {
    this.#port = port
  }

  /** The next calls of this operation meet these faults, one each. */
  next(operation: Operation, ...faults: ReadonlyArray<CallFault<E>>): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults])
  }

  /** How often this operation was called. */
  count(operation: Operation): number {
    return this.calls.filter((call) => call === operation).length
  }

  run<A>(operation: Operation, run: () => Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      this.calls.push(operation)
      const fault = this.#faults.get(operation)?.shift()
      const call = Effect.suspend(run)
      return fault === undefined ? call : fault(call)
    }).pipe(Effect.withSpan(`${this.#port}.${operation}`))
  }
}
