/** A configured source, ready to be synced. */
import type { KnowledgeError, KnowledgeSync, OrgId, StoreError, SyncReport } from "@opencx/core"
import { type Effect, Schema } from "effect"
import type { SourceConfig } from "../config/SourceConfig.ts"

export interface Source {
  readonly orgId: OrgId
  readonly source: SourceConfig
  readonly sync: KnowledgeSync["Service"]
  /** Milliseconds from start to start; null: only by command. */
  readonly everyMs: number | null
}

/** `acceptLoss`: a full run in which any number of articles may have vanished. */
export type SyncMode = "incremental" | "full" | "acceptLoss"

/** Another process or run has the source and does not let go. */
export class SourceBusy extends Schema.TaggedError<SourceBusy>("@opencx/runtime/sync/SourceBusy")(
  "SourceBusy",
  { sourceId: Schema.String },
) {
  override get message(): string {
    return `Source "${this.sourceId}" is being synced by another process. Try again when it is done.`
  }
}

/** The claim ran out, so that another process may be at it. What was stored stands. */
export class ClaimLost extends Schema.TaggedError<ClaimLost>("@opencx/runtime/sync/ClaimLost")("ClaimLost", {
  sourceId: Schema.String,
}) {
  override get message(): string {
    return `The sync of source "${this.sourceId}" was taken over by another process.`
  }
}

/** The end of a command whose syncs did not all succeed; each failure was told when it came. */
export class SyncsFailed extends Schema.TaggedError<SyncsFailed>("@opencx/runtime/sync/SyncsFailed")(
  "SyncsFailed",
  { failed: Schema.Int, all: Schema.Int },
) {
  override get message(): string {
    return `${this.failed} of ${this.all} sources could not be synced.`
  }
}

export type SyncFailure = KnowledgeError | StoreError | ClaimLost

export const runMode = (
  { sync }: Source,
  mode: SyncMode,
): Effect.Effect<SyncReport, KnowledgeError | StoreError> =>
  mode === "incremental" ? sync.incremental : mode === "full" ? sync.full : sync.fullAcceptingLoss
