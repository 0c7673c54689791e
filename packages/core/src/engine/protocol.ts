/** The two entities: a lane, which decides, and a work queue of a session, which acts. Their mailboxes are the journal. */
import { DateTime, Schema } from "effect"
import { ClusterSchema, DeliverAt, Entity } from "effect/cluster"
import * as PrimaryKey from "effect/PrimaryKey"
import { Rpc } from "effect/rpc"
import { SessionId } from "../domain/Ids.ts"
import { WorkId, WorkQueue } from "../domain/Work.ts"
import { LaneEvent } from "./LaneEvent.ts"

/** One event for a lane; `eventKey` is its dedup key. `sessionId` names the session that it is about, if known. */
export const Receive = Rpc.make("Receive", {
  payload: { eventKey: Schema.String, sessionId: Schema.NullOr(SessionId), event: LaneEvent },
  primaryKey: ({ eventKey }) => eventKey,
}).annotate(ClusterSchema.Persisted, true)

export const Conversation = Entity.make("Conversation", [Receive])

/** "Do this piece of work." The work itself is in the store; `epoch` makes a replay a new message. */
export class RunPayload extends Schema.Class<RunPayload>("@opencx/core/engine/RunPayload")({
  workId: WorkId,
  epoch: Schema.Int,
  /** Epoch milliseconds; null for at once. */
  notBefore: Schema.NullOr(Schema.Number),
}) {
  [PrimaryKey.symbol](): string {
    return `${this.workId}:${this.epoch}`
  }
  [DeliverAt.symbol](): DateTime.DateTime {
    return DateTime.makeUnsafe(this.notBefore ?? 0)
  }
}

/**
 * Interrupted at once when the engine stops: waits end, and the message stays for the next start. What is being done gets
 * time to come to its end (`Worker`).
 */
export const Run = Rpc.make("Run", { payload: RunPayload })
  .annotate(ClusterSchema.Persisted, true)
  .annotate(ClusterSchema.InterruptOnTermination, true)

export const WorkQueueEntity = Entity.make("WorkQueue", [Run])

/** Entity id of a session's queue. */
export const queueKey = (sessionId: SessionId, queue: WorkQueue): string => `${sessionId}|${queue}`
