/** What happens with sources, as whoever watches hears of it: the command line now, a console later. */
import type { OrgId, SourceRunStatus, SyncProgress, SyncReport } from "@opencx/core"
import type { Effect } from "effect"

interface About {
  readonly orgId: OrgId
  readonly sourceId: string
}

/** Times in epoch milliseconds. */
export type SyncEvent =
  | (About & { readonly _tag: "started"; readonly at: number })
  /** Another process or run is at it. */
  | (About & { readonly _tag: "waiting"; readonly at: number })
  | (About & { readonly _tag: "progress"; readonly progress: SyncProgress })
  | (About & { readonly _tag: "finished"; readonly report: SyncReport })
  /** `retryAt`: when the schedule tries again. */
  | (About & { readonly _tag: "failed"; readonly detail: string; readonly retryAt: number })

/** How a source stands now. `progress` and `report` are of this process; `run` is of all of them. */
export interface SourceStatus extends About {
  readonly type: string
  /** Null: only by command. */
  readonly everyMs: number | null
  readonly run: SourceRunStatus
  /** While a run is under way. */
  readonly progress: SyncProgress | null
  readonly report: SyncReport | null
}

/** Hears events in order, and is waited for: it should be quick, and must not fail. */
export type SyncListener = (event: SyncEvent) => Effect.Effect<void>
