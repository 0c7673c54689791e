/** A piece of work as operators see it: what went wrong and where, and no word of a person. */
import { OrgId, SessionId, WorkId } from "@opencx/core"
import { Schema } from "effect"

export const WorkView = Schema.Struct({
  id: WorkId,
  organization: OrgId,
  session: SessionId,
  channel: Schema.String,
  account: Schema.String,
  queue: Schema.String,
  /** Which kind of task it is: `Deliver`, `OpenTicket` … */
  kind: Schema.String,
  task: Schema.Json,
  status: Schema.String,
  /** Failed tries since the last replay. */
  attempts: Schema.Int,
  replays: Schema.Int,
  /** Why it was given up, in plain words. */
  why: Schema.String,
  /** False: no further try could have helped. */
  worthAnotherTry: Schema.Boolean,
  /** What was noted between the tries. */
  step: Schema.Json,
  /** ISO 8601. */
  createdAt: Schema.String,
  updatedAt: Schema.String,
})
export type WorkView = typeof WorkView.Type
