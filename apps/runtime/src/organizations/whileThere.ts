/** Work that goes on for each thing of the organizations that run, for as long as it is there. */
import { Effect, FiberMap } from "effect"
import type { LiveOrganizations } from "./LiveOrganizations.ts"

/** Keeps one fiber for each of `now()`: begun when the thing appears, stopped when it goes. Never ends. */
export const whileThere = <A, R>(
  organizations: LiveOrganizations["Service"],
  now: () => ReadonlyArray<A>,
  keep: (one: A) => Effect.Effect<void, never, R>,
): Effect.Effect<never, never, R> =>
  Effect.gen(function* () {
    const running = yield* FiberMap.make<A>()
    const context = yield* Effect.context<R>()
    const adjust = Effect.gen(function* () {
      const wanted = new Set(now())
      for (const [one] of running) if (!wanted.has(one)) yield* FiberMap.remove(running, one)
      for (const one of wanted)
        yield* FiberMap.run(running, one, Effect.provide(keep(one), context), { onlyIfMissing: true })
    })
    yield* organizations.onChange(adjust)
    yield* adjust
    return yield* Effect.never
  }).pipe(Effect.scoped)
