/** Syncs of all sources: by command, and on their intervals while the runtime is up. */
import { ArticleStore, Knowledge, type StoreError, type SyncReport } from "@opencx/core"
import { Context, Effect, Layer, type Scope } from "effect"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"
import { whileThere } from "../organizations/whileThere.ts"
import { isDead } from "../sync/holder.ts"
import { runNow } from "../sync/runSource.ts"
import { keepSynced } from "../sync/schedule.ts"
import type { Source, SourceBusy, SyncFailure, SyncMode } from "../sync/Source.ts"
import type { SourceStatus, SyncListener } from "../sync/SyncEvent.ts"

export class Sync extends Context.Service<
  Sync,
  {
    /** Those of the organizations that run now. */
    readonly sources: ReadonlyArray<Source>
    /** One run now, whether due or not; waits while another process has the source. Searchable afterwards. */
    readonly run: (source: Source, mode?: SyncMode) => Effect.Effect<SyncReport, SyncFailure | SourceBusy>
    /**
     * Begins a run that nobody waits for; it ends with the runtime. False, and nothing begins, while somebody is at the
     * source. What comes of it is told to listeners, and is in `status`.
     */
    readonly start: (source: Source, mode: SyncMode) => Effect.Effect<boolean, StoreError>
    /** Runs every source on its interval, once for all processes on one database; never ends. */
    readonly schedule: Effect.Effect<void>
    /** The same for some of them. */
    readonly scheduleOf: (sources: ReadonlyArray<Source>) => Effect.Effect<void>
    /** Hears what happens, for as long as the scope is open. */
    readonly listen: (listener: SyncListener) => Effect.Effect<void, never, Scope.Scope>
    /** Where every source stands. */
    readonly status: Effect.Effect<ReadonlyArray<SourceStatus>, StoreError>
  }
>()("@opencx/runtime/layers/Sync") {
  static readonly layer = Layer.effect(
    Sync,
    Effect.gen(function* () {
      const organizations = yield* LiveOrganizations
      const { watchers } = organizations
      const context = yield* Effect.context<Knowledge | ArticleStore>()
      const { runs } = yield* ArticleStore
      const sourcesNow = () => organizations.all().flatMap(({ live }) => live?.sources ?? [])
      const keep = (source: Source) =>
        source.everyMs === null ? Effect.void : keepSynced(watchers, source, source.everyMs)
      const scheduleOf = (some: ReadonlyArray<Source>) =>
        Effect.forEach(some, keep, { concurrency: "unbounded", discard: true }).pipe(Effect.provide(context))
      /** Sources come and go with the versions of their organizations; one that goes stops where it is, and stays due. */
      const schedule = whileThere(organizations, sourcesNow, (source) =>
        Effect.provide(keep(source), context),
      )
      const statusOf = Effect.fnUntraced(function* ({ everyMs, orgId, source }: Source) {
        const { progress, report } = watchers.standing(orgId, source.id)
        const run = yield* runs.status(orgId, source.id)
        const status: SourceStatus = {
          orgId,
          sourceId: source.id,
          type: source.type,
          everyMs,
          run,
          progress,
          report,
        }
        return status
      })
      const scope = yield* Effect.scope
      const begun = new Set<Source>()
      const start = Effect.fn("Sync.start")(function* (source: Source, mode: SyncMode) {
        const { holder } = yield* runs.status(source.orgId, source.source.id)
        if (begun.has(source) || (holder !== null && !isDead(holder))) return false
        begun.add(source)
        yield* runNow(watchers, source, mode).pipe(
          Effect.catchCause((cause) =>
            Effect.logError(`Sync of ${source.source.id} of ${source.orgId} failed`, cause),
          ),
          Effect.ensuring(Effect.sync(() => begun.delete(source))),
          Effect.provide(context),
          Effect.forkIn(scope),
        )
        return true
      })
      return Sync.of({
        get sources() {
          return sourcesNow()
        },
        start,
        run: (source, mode = "incremental") => Effect.provide(runNow(watchers, source, mode), context),
        schedule,
        scheduleOf,
        listen: watchers.listen,
        status: Effect.suspend(() => Effect.forEach(sourcesNow(), statusOf)),
      })
    }),
  )
}
