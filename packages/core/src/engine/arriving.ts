/** Contents that must be fetched first: started at once, and waited for when it is the event's turn. */
import { Effect, Fiber, Semaphore } from "effect"
import { type ChannelEvent, fetched } from "../plugin/ChannelEvent.ts"

/** Messages of one webhook whose files are fetched at the same time. */
const fetchesAtOnce = 4

/** An event, and the effect that waits until all of it is there. */
export interface Arriving {
  readonly event: ChannelEvent
  readonly whole: Effect.Effect<ChannelEvent>
}

/** Begins `fetch` now; the effect in the answer waits for it. Ends with the fiber that asks. */
export const begin = <A>(fetch: Effect.Effect<A>): Effect.Effect<Effect.Effect<A>> =>
  Effect.map(Effect.forkChild(fetch), Fiber.join)

/** Starts the fetching of all of them. */
export const arrivingOf = (events: ReadonlyArray<ChannelEvent>): Effect.Effect<ReadonlyArray<Arriving>> => {
  const some = Semaphore.makeUnsafe(fetchesAtOnce)
  return Effect.forEach(events, (event) =>
    event._tag === "Message" && event.fetch !== undefined
      ? Effect.map(begin(some.withPermits(1)(fetched(event))), (whole) => ({ event, whole }))
      : Effect.succeed({ event, whole: Effect.succeed(event) }),
  )
}
