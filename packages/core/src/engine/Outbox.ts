/** Durable sends to lanes and work queues. A send that returned is in the journal. */
import { Context, Effect, Layer } from "effect"
import { EntityId, Sharding } from "effect/cluster"
import type { SessionId } from "../domain/Ids.ts"
import { type Lane, laneKey } from "../domain/Lane.ts"
import type { Work } from "../domain/Work.ts"
import { StoreError } from "../errors/PortErrors.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { LaneEvent } from "./LaneEvent.ts"
import { Progress } from "./Progress.ts"
import { Conversation, queueKey, RunPayload, WorkQueueEntity } from "./protocol.ts"

export interface Deposit {
  readonly lane: Lane
  /** Dedup key within the lane. */
  readonly eventKey: string
  readonly sessionId: SessionId | null
  readonly event: LaneEvent
}

export class Outbox extends Context.Service<
  Outbox,
  {
    /** Journals one event for its lane. */
    deposit(deposit: Deposit): Effect.Effect<void, StoreError>
    /** Journals one event for its lane and waits until the lane has dealt with it. */
    settle(deposit: Deposit): Effect.Effect<void, StoreError>
    /** Wakes the queue for this piece of work; repeating is harmless. */
    kick(work: Work): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/engine/Outbox") {
  static readonly layer = Layer.effect(
    Outbox,
    Effect.gen(function* () {
      const sharding = yield* Sharding.Sharding
      const progress = yield* Progress
      const store = yield* ConversationStore
      const lanes = yield* Conversation.client
      const queues = yield* WorkQueueEntity.client
      const failed = (operation: string) => (error: { readonly _tag: string; readonly cause?: unknown }) =>
        new StoreError({ operation, detail: `the journal does not take it now (${error._tag})` })
      // Another runner's messages are that runner's to watch.
      const isLocal = (entityId: string) =>
        sharding.hasShardId(sharding.getShardId(EntityId.make(entityId), "default"))
      const watched = <E>(
        entityId: string,
        key: string,
        isDone: Effect.Effect<boolean, StoreError>,
        send: Effect.Effect<void, E>,
      ) =>
        isLocal(entityId)
          ? progress.waiting(key, entityId, isDone).pipe(
              Effect.andThen(send),
              Effect.tapError(() => progress.finished(key)),
            )
          : send

      const deposit = Effect.fnUntraced(function* ({ event, eventKey, lane, sessionId }: Deposit) {
        const id = laneKey(lane)
        const send = lanes(id)
          .Receive({ eventKey, sessionId, event }, { discard: true })
          .pipe(Effect.mapError(failed("Outbox.deposit")))
        yield* watched(id, `${id}#${eventKey}`, store.wasApplied(lane, eventKey), send)
      })

      // A reply can get lost when the store fails at the wrong moment; what was applied stands in the store.
      const settle = Effect.fnUntraced(function* (message: Deposit) {
        const key = `${laneKey(message.lane)}#${message.eventKey}`
        yield* deposit(message)
        while (!(yield* store.wasApplied(message.lane, message.eventKey))) {
          yield* Effect.timeoutOption(
            Effect.andThen(progress.untilFinished(key), Effect.sleep(5)),
            "1 second",
          )
        }
      })

      const kicked = new Set<string>()
      const remember = (key: string) => {
        if (kicked.size > 50_000) kicked.clear()
        kicked.add(key)
      }
      const isDone = (work: Work) =>
        Effect.map(
          store.work(work.lane.orgId, work.id),
          (now) => now === null || now.status !== "pending" || now.epoch !== work.epoch,
        )
      const kick = Effect.fnUntraced(function* (work: Work) {
        const key = `${work.id}:${work.epoch}`
        if (kicked.has(key)) return
        const id = queueKey(work.sessionId, work.queue)
        const send = queues(id)
          .Run(new RunPayload({ workId: work.id, epoch: work.epoch, notBefore: work.notBefore }), {
            discard: true,
          })
          .pipe(Effect.mapError(failed("Outbox.kick")))
        yield* work.notBefore === null ? watched(id, key, isDone(work), send) : send
        remember(key)
      })
      return { deposit, settle, kick }
    }),
  )
}
