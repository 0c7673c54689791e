/**
 * The conversation engine: a journal with lanes (`effect/cluster`), and a watchdog that keeps it alive through outages
 * of the store.
 */
import { Cause, Context, Duration, Effect, Fiber, Layer, Option, Ref, Schedule } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import { type Work, type WorkId } from "../domain/Work.ts"
import type { StoreError } from "../errors/PortErrors.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { KeptSignal } from "../ports/SignalInbox.ts"
import { Deciding } from "./Deciding.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import { Live } from "./Live.ts"
import type { Deposit } from "./Outbox.ts"
import { type Backlog, Progress } from "./Progress.ts"
import { broken, type ClusterLayer, makeSupervisor } from "./Supervisor.ts"
import { makeSignals } from "./Signals.ts"
import { SignalFold } from "./SignalFold.ts"
import { UpdateBudget } from "./tasks/UpdateBudget.ts"

export interface EngineHealth {
  /** New events can be journaled. */
  readonly ready: boolean
  readonly store: "ok" | "unavailable"
  readonly backlog: Backlog
  /** How often the watchdog has restarted the engine lately. */
  readonly restarts: number
}

export interface EngineOptions {
  /** Longest that an accepted event may wait for its handler while the store is well, before the engine is restarted. */
  readonly stuckAfter: Duration.Input
  /** How often the watchdog looks. */
  readonly watchEvery: Duration.Input
  /** Longest that journaling one event may take; then the caller is told to come again. */
  readonly acceptWithin: Duration.Input
}

export const defaultEngineOptions: EngineOptions = {
  stuckAfter: "10 seconds",
  watchEvery: "1 second",
  acceptWithin: "4 seconds",
}

/** Work that stands pending and untouched for so long is woken again. */
const staleMs = 15_000

type Supervisor = Effect.Success<ReturnType<typeof makeSupervisor<never>>>

/** Everything accepted: what waits to be handed to its lane, and what lies in the lanes. */
const together = (a: Omit<Backlog, "running">, b: Backlog): Backlog => ({
  oldestMs: Math.max(a.oldestMs, b.oldestMs),
  waiting: a.waiting + b.waiting,
  running: b.running,
})

/** A store's own words say what to do (a full disk, a refused password); bugs are told whole. */
const troubleOf = (cause: Cause.Cause<StoreError | Cause.TimeoutError>): string => {
  const error = Option.getOrNull(Cause.findErrorOption(cause))
  if (error === null) return Cause.pretty(cause)
  return error._tag === "StoreError" ? error.detail : "It did not answer within a second"
}

const makeWatchdog = Effect.fnUntraced(function* (
  supervisor: Supervisor,
  options: EngineOptions,
  {
    backlogNow,
    storeOk,
  }: { readonly backlogNow: Effect.Effect<Backlog>; readonly storeOk: Ref.Ref<boolean> },
) {
  const store = yield* ConversationStore
  const progress = yield* Progress
  const limit = Duration.toMillis(Duration.fromInputUnsafe(options.stuckAfter))
  const told = yield* Ref.make(false)

  const probe = Effect.gen(function* () {
    const trouble = yield* store.probe.pipe(
      Effect.timeout("1 second"),
      Effect.as(null),
      Effect.catchCause((cause) => Effect.succeed(troubleOf(cause))),
    )
    const well = trouble === null
    yield* Ref.set(storeOk, well)
    // A refused event may have set `storeOk` first; it is told all the same.
    const wasTold = yield* Ref.getAndSet(told, !well)
    if (!wasTold && !well) yield* Effect.logError("The store does not answer", trouble)
    if (wasTold && well) yield* Effect.logInfo("The store is back")
    return well
  })
  const kickStale = Effect.gen(function* () {
    const outbox = yield* supervisor.outbox
    yield* Effect.forEach(yield* store.stale(staleMs, 200), outbox.kick, { discard: true })
  })
  const look = Effect.gen(function* () {
    if (!(yield* probe)) return
    yield* Effect.ignore(progress.settle(limit / 2))
    const backlog = yield* backlogNow
    if (backlog.waiting > 0 && backlog.oldestMs > limit) yield* supervisor.restart
    else yield* Effect.ignore(kickStale)
  })
  const fiber = yield* Effect.forkScoped(Effect.repeat(look, Schedule.spaced(options.watchEvery)))
  return { untilBroken: Effect.andThen(Fiber.join(fiber), Effect.never) }
})

const make = <R>(cluster: ClusterLayer<R>, options: EngineOptions) =>
  Effect.gen(function* () {
    const store = yield* ConversationStore
    const progress = yield* Progress
    yield* EngineMetrics.begin
    const supervisor = yield* makeSupervisor(cluster)
    const storeOk = yield* Ref.make(true)
    // A refused event is news of an outage too: readiness need not wait for the watchdog's next look.
    const refused = Ref.set(storeOk, false)
    const within = Duration.fromInputUnsafe(options.acceptWithin)
    const isStoreWell = Ref.get(storeOk)
    const signals = yield* makeSignals({ outbox: supervisor.outbox, within, refused, isStoreWell })
    const backlogNow = Effect.zipWith(signals.backlog, progress.backlog, together)
    const watchdog = yield* makeWatchdog(supervisor, options, { backlogNow, storeOk })

    const accept = Effect.fn("Engine.accept")(function* (deposit: Deposit) {
      const outbox = yield* supervisor.outbox
      const send = Effect.timeoutOrElse(outbox.deposit(deposit), {
        duration: options.acceptWithin,
        orElse: () => Effect.fail(broken("the journal did not answer in time")),
      })
      const [took] = yield* Effect.timed(Effect.tapError(send, () => refused))
      yield* EngineMetrics.accepted(Duration.toMillis(took))
    })
    const replay = Effect.fn("Engine.replay")(function* (orgId: OrgId, id: WorkId) {
      const work = yield* store.replay(orgId, id)
      if (work !== null) yield* Effect.flatMap(supervisor.outbox, (outbox) => outbox.kick(work))
      return work
    })
    const health = Effect.gen(function* () {
      const well = yield* Ref.get(storeOk)
      return {
        ready: well && (yield* supervisor.isUp),
        store: well ? "ok" : "unavailable",
        backlog: yield* backlogNow,
        restarts: yield* supervisor.restartCount,
      } satisfies EngineHealth
    })
    return { accept, acceptSignal: signals.accept, replay, health, untilBroken: watchdog.untilBroken }
  })

export class Engine extends Context.Service<
  Engine,
  {
    /** Journals one event. When this returns, the event survives a crash; `StoreError`: it was not taken, come again. */
    accept(deposit: Deposit): Effect.Effect<void, StoreError>
    /** The same for a signal about a ticket, many at once; which lane it is for is found out afterwards. */
    acceptSignal(signal: KeptSignal): Effect.Effect<void, StoreError>
    /** Runs a dead letter again, really. Null when it is not dead. */
    replay(orgId: OrgId, id: WorkId): Effect.Effect<Work | null, StoreError>
    readonly health: Effect.Effect<EngineHealth>
    /** Fails when the engine cannot be kept alive: the process should end and be started again by its supervisor. */
    readonly untilBroken: Effect.Effect<never, StoreError>
  }
>()("@opencx/core/engine/Engine") {
  /** `cluster` is built anew at each restart of the engine. */
  static readonly layer = <R>(cluster: ClusterLayer<R>, options: EngineOptions = defaultEngineOptions) =>
    Layer.effect(Engine, make(cluster, options)).pipe(
      Layer.provide([UpdateBudget.layer, Progress.layer, Deciding.layer, SignalFold.layer, Live.layer]),
    )
}
