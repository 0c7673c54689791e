/** One at a time for each key, in the order of asking; different keys do not wait for each other. */
import { Deferred, Effect } from "effect"

/**
 * Providers send the messages of a burst at the same time, and a picture takes longer to keep than a word: without turns the
 * later message would be in the journal first. Keys that nobody waits for are forgotten.
 */
export const makeTurns = () => {
  const last = new Map<string, Deferred.Deferred<void>>()
  return <A, E, R>(key: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const before = last.get(key)
      const mine = Deferred.makeUnsafe<void>()
      last.set(key, mine)
      const waiting = before === undefined ? Effect.void : Deferred.await(before)
      const leave = Effect.sync(() => {
        if (last.get(key) === mine) last.delete(key)
        Deferred.doneUnsafe(mine, Effect.void)
      })
      return Effect.ensuring(
        Effect.andThen(waiting, work),
        Effect.suspend(() => {
          const isFree = before === undefined || Deferred.isDoneUnsafe(before)
          // Who gives up while waiting does not let the next one overtake those before.
          return isFree ? leave : Effect.forkDetach(Effect.andThen(waiting, leave))
        }),
      )
    })
}
