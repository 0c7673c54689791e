/** Passes on what happens with sources, and remembers where each one stands. */
import type { OrgId, SyncProgress, SyncReport } from "@opencx/core"
import { Clock, Effect, type Scope } from "effect"
import type { SyncEvent, SyncListener } from "./SyncEvent.ts"

interface Standing {
  progress: SyncProgress | null
  report: SyncReport | null
  toldAt: number
}

/** Progress is told this often at most, and whenever its phase changes. */
const everyMs = 250

export class Watchers {
  private readonly listeners = new Set<SyncListener>()
  private readonly standings = new Map<string, Standing>()

  standing(orgId: OrgId, sourceId: string): Standing {
    const place = `${orgId}/${sourceId}`
    const found = this.standings.get(place) ?? { progress: null, report: null, toldAt: 0 }
    this.standings.set(place, found)
    return found
  }

  /** Listens for as long as the scope is open. */
  readonly listen = (listener: SyncListener): Effect.Effect<void, never, Scope.Scope> =>
    Effect.asVoid(
      Effect.acquireRelease(
        Effect.sync(() => void this.listeners.add(listener)),
        () => Effect.sync(() => void this.listeners.delete(listener)),
      ),
    )

  readonly tell = (event: SyncEvent): Effect.Effect<void> =>
    Effect.suspend(() => {
      const standing = this.standing(event.orgId, event.sourceId)
      if (event._tag === "finished") {
        standing.report = event.report
        standing.progress = null
      } else if (event._tag === "failed") standing.progress = null
      return Effect.forEach([...this.listeners], (listener) => listener(event), { discard: true })
    })

  readonly tellProgress = Effect.fnUntraced(
    { self: this },
    function* (this: Watchers, orgId: OrgId, progress: SyncProgress) {
      const standing = this.standing(orgId, progress.sourceId)
      const now = yield* Clock.currentTimeMillis
      const isNews = standing.progress === null || standing.progress.phase !== progress.phase
      standing.progress = progress
      if (!isNews && now - standing.toldAt < everyMs) return
      standing.toldAt = now
      yield* this.tell({ _tag: "progress", orgId, sourceId: progress.sourceId, progress })
    },
  )
}
