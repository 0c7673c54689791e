/**
 * Runs sources on their intervals. When a source was synced last is kept in the database, and so is who syncs it now: however
 * many processes there are and however often they start, a source is read once per interval.
 *
 * The engine's cluster is not used for this: it is one runner per process with its membership in memory, is restarted in
 * outages, and commands that only work on the data do without it. One row per source, taken by one statement, is all it takes.
 */
import { ArticleStore, Knowledge, type SourceRunStatus } from "@opencx/core"
import { Clock, Effect, Option } from "effect"
import { isDead } from "./holder.ts"
import { runIfClaimed } from "./runSource.ts"
import type { Source } from "./Source.ts"
import type { Watchers } from "./Watchers.ts"

/** A source is looked at this often, so that what another process synced is soon in this one's index. */
export const lookEveryMs = 10_000
/** While somebody else has it, or after they were quicker. */
export const lostRaceMs = 1_000

/** Milliseconds until a claim could succeed; 0 when it could now. */
export const dueIn = (status: SourceRunStatus, everyMs: number, now: number): number => {
  // A clock that was set back: see `SourceRuns.claim`.
  const due = status.lastAt === null || status.lastAt > now + everyMs ? now : status.lastAt + everyMs
  const free = status.holder === null || isDead(status.holder) ? now : status.until
  return Math.max(0, due - now, status.retryAt - now, free - now)
}

const look = Effect.fnUntraced(function* (watchers: Watchers, source: Source, everyMs: number) {
  const { runs } = yield* ArticleStore
  const status = yield* runs.status(source.orgId, source.source.id)
  const wait = dueIn(status, everyMs, yield* Clock.currentTimeMillis)
  if (wait > 0) {
    yield* Effect.flatMap(Knowledge, (knowledge) => knowledge.refresh(source.orgId))
    return Math.min(wait, status.holder === null ? lookEveryMs : lostRaceMs)
  }
  const report = yield* runIfClaimed(watchers, source, "incremental", everyMs)
  return Option.isSome(report) ? 0 : lostRaceMs
})

/** Runs one source for ever. Failures are told and tried again; they end nothing. */
export const keepSynced = Effect.fnUntraced(function* (watchers: Watchers, source: Source, everyMs: number) {
  for (;;) {
    const wait = yield* look(watchers, source, everyMs).pipe(
      Effect.catchCause((cause) =>
        Effect.as(
          Effect.logError(`Sync of ${source.source.id} of ${source.orgId} failed`, cause),
          lookEveryMs,
        ),
      ),
    )
    yield* Effect.sleep(wait)
  }
})
