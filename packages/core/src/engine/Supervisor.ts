/**
 * Starts, stops and restarts the cluster part of the engine. It lives in a scope of its own, so that it can be built
 * anew while the process, its sockets and its organizations stay.
 */
import { Cause, Clock, Effect, Exit, Layer, Ref, Schedule, Scope } from "effect"
import * as Context from "effect/Context"
import type { MessageStorage, Sharding } from "effect/cluster"
import { StoreError } from "../errors/PortErrors.ts"
import type { Deciding } from "./Deciding.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import { EntitiesLive } from "./handlers.ts"
import { Outbox } from "./Outbox.ts"
import { Progress } from "./Progress.ts"
import type { TaskServices } from "./Worker.ts"

/** Where messages are kept and lanes are run: `SingleRunner.layer` over SQL, or an in-memory one in tests. */
export type ClusterLayer<R> = Layer.Layer<Sharding.Sharding | MessageStorage.MessageStorage, unknown, R>

export const broken = (detail: string) => new StoreError({ operation: "Engine", detail })

/** Restarts that are allowed within five minutes; more mean that restarting does not help. */
const maxRestarts = 5

interface Running {
  readonly outbox: Outbox["Service"]
  readonly scope: Scope.Closeable
}

/** The parts are built with a new memo map: nothing of the old engine is shared with the new one. */
const start = <R>(cluster: ClusterLayer<R>) =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    const parts = EntitiesLive.pipe(Layer.provideMerge(Outbox.layer), Layer.provide(cluster))
    const built = yield* Layer.buildWithMemoMap(parts, Layer.makeMemoMapUnsafe(), scope).pipe(
      Effect.catchCause((cause) =>
        Effect.andThen(
          Scope.close(scope, Exit.void),
          Effect.fail(broken(`the engine did not start: ${Cause.pretty(cause).slice(0, 500)}`)),
        ),
      ),
    )
    return { outbox: Context.get(built, Outbox), scope } satisfies Running
  })

/** Restart is refused after too many: then only a new process helps. */
export const makeSupervisor = <R>(cluster: ClusterLayer<R>) =>
  Effect.gen(function* () {
    const progress = yield* Progress
    const running = yield* Ref.make<Running | null>(null)
    const restarts = yield* Ref.make<ReadonlyArray<number>>([])

    // A restart happens in another fiber: it builds with the services of the first start.
    const services = yield* Effect.context<R | Progress | Deciding | TaskServices>()
    const boot = Effect.flatMap(Effect.provide(start(cluster), services), (next) => Ref.set(running, next))
    const stop = Effect.flatMap(Ref.getAndSet(running, null), (old) =>
      old === null ? Effect.void : Scope.close(old.scope, Exit.void),
    )
    const restart = Effect.gen(function* () {
      yield* Effect.logError("Accepted events wait although the store is well: restarting the engine")
      const now = yield* Clock.currentTimeMillis
      const recent = (yield* Ref.get(restarts)).filter((at) => at > now - 300_000)
      if (recent.length >= maxRestarts) {
        return yield* broken(`restarted ${recent.length} times in five minutes without effect`)
      }
      yield* Ref.set(restarts, [...recent, now])
      yield* EngineMetrics.restarted
      yield* stop.pipe(Effect.timeoutOption("20 seconds"))
      yield* progress.reset
      yield* boot.pipe(Effect.retry({ times: 5, schedule: Schedule.spaced("1 second") }))
    })
    yield* boot
    yield* Effect.addFinalizer(() => stop)
    return {
      restart,
      isUp: Effect.map(Ref.get(running), (now) => now !== null),
      restartCount: Effect.map(Ref.get(restarts), (all) => all.length),
      /** The way into the mailboxes, or a failure while the engine is being restarted. */
      outbox: Effect.flatMap(Ref.get(running), (now) =>
        now === null ? Effect.fail(broken("the engine is restarting")) : Effect.succeed(now.outbox),
      ),
    }
  })
