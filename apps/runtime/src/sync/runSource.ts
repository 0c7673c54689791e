/** One run of one source: claimed, so that it is the only one; told about; its results searchable in the end. */
import { ArticleStore, Knowledge, type OrgId, type SyncReport } from "@opencx/core"
import { Cause, Clock, Effect, Exit, Option, Schedule } from "effect"
import { isDead, newHolder } from "./holder.ts"
import { countEnd, countFailure, countReport, countStart } from "./metrics.ts"
import { ClaimLost, runMode, type Source, SourceBusy, type SyncFailure, type SyncMode } from "./Source.ts"
import type { Watchers } from "./Watchers.ts"

/** A process that dies leaves its source to others after this; one that lives renews long before. */
export const leaseMs = 120_000
const renewEvery = "30 seconds"

/** The pause after the first failure doubles with each; refused credentials will not get better soon. */
const pauseMs = { retryable: 60_000, final: 600_000 }
const longestPauseMs = 3_600_000

export const pauseAfter = (
  error: ClaimLost | { readonly isRetryable: boolean },
  failures: number,
  everyMs: number | null,
): number => {
  const isRetryable = "isRetryable" in error ? error.isRetryable : true
  const first = isRetryable ? pauseMs.retryable : pauseMs.final
  return Math.min(first * 2 ** Math.min(failures, 10), longestPauseMs, everyMs ?? longestPauseMs)
}

/** The index takes in what is stored this often during a run, and at its end. */
const refreshEvery = "15 seconds"

const keepFresh = (orgId: OrgId) =>
  Effect.flatMap(Knowledge, (knowledge) => knowledge.refresh(orgId)).pipe(
    Effect.catch((error) =>
      Effect.logWarning("The search index could not be brought up to date", error.message),
    ),
  )

/** Extends the claim until it is lost. A database that does not answer for a moment is no loss. */
const renewing = Effect.fnUntraced(function* ({ orgId, source }: Source, holder: string) {
  const { runs } = yield* ArticleStore
  const renew = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    runs.renew(orgId, source.id, { holder, now, leaseMs }),
  ).pipe(Effect.orElseSucceed(() => true))
  for (;;) {
    yield* Effect.sleep(renewEvery)
    if (!(yield* renew)) return yield* new ClaimLost({ sourceId: source.id })
  }
})

/** Reads the source while the claim is extended and the index follows. */
const reading = Effect.fnUntraced(function* (source: Source, holder: string, mode: SyncMode) {
  const following = Effect.repeat(
    Effect.delay(keepFresh(source.orgId), refreshEvery),
    Schedule.spaced("0 millis"),
  )
  return yield* Effect.raceFirst(
    runMode(source, mode),
    Effect.raceFirst(renewing(source, holder), Effect.andThen(following, Effect.never)),
  )
})

const sayReport = (orgId: OrgId, report: SyncReport) => {
  const { calls, changed, errors, failed, heldBack, kind, removed, seen, sourceId } = report
  const line = `Synced ${sourceId} of ${orgId} (${kind}): ${seen} seen, ${changed} changed, ${removed} removed, ${failed} failed, ${calls} calls`
  const problem = errors.find((error) => error.articleId === "*") ?? errors[0]
  return problem === undefined && heldBack === 0
    ? Effect.logInfo(line)
    : Effect.logWarning(line, problem === undefined ? "" : `${problem.articleId}: ${problem.detail}`)
}

/** What is told and kept of a run that has ended, however it ended. */
const ended = Effect.fnUntraced(function* (
  watchers: Watchers,
  { everyMs, orgId, source }: Source,
  holder: string,
  startedAt: number,
  exit: Exit.Exit<SyncReport, SyncFailure>,
) {
  const { runs } = yield* ArticleStore
  const labels = { organization: orgId, source: source.id }
  yield* countEnd(labels)
  yield* keepFresh(orgId)
  if (Exit.isSuccess(exit)) {
    yield* runs.finish(orgId, source.id, holder, { _tag: "done", startedAt })
    yield* countReport(labels, exit.value)
    yield* sayReport(orgId, exit.value)
    return yield* watchers.tell({ _tag: "finished", orgId, sourceId: source.id, report: exit.value })
  }
  const error = Cause.findErrorOption(exit.cause)
  if (Option.isNone(error)) {
    // Stopped, or a defect: it stays due, and goes on where it was.
    watchers.standing(orgId, source.id).progress = null
    return yield* runs.finish(orgId, source.id, holder, { _tag: "released" })
  }
  const { failures } = yield* runs.status(orgId, source.id)
  const retryAt = (yield* Clock.currentTimeMillis) + pauseAfter(error.value, failures, everyMs)
  yield* runs.finish(orgId, source.id, holder, { _tag: "failed", retryAt })
  yield* countFailure(labels)
  const detail = error.value.message
  yield* watchers.tell({ _tag: "failed", orgId, sourceId: source.id, detail, retryAt })
})

/** Gives back what a process of this machine left behind when it was killed. */
export const releaseDead = Effect.fnUntraced(function* (orgId: OrgId, sourceId: string) {
  const { runs } = yield* ArticleStore
  const { holder } = yield* runs.status(orgId, sourceId)
  if (holder !== null && isDead(holder)) yield* runs.finish(orgId, sourceId, holder, { _tag: "released" })
})

/**
 * Runs the source if it can be claimed; `dueEveryMs: null` whether it is due or not. None when somebody else has it, or it is
 * not due.
 */
export const runIfClaimed = Effect.fn("Sync.run")(function* (
  watchers: Watchers,
  source: Source,
  mode: SyncMode,
  dueEveryMs: number | null,
) {
  const { runs } = yield* ArticleStore
  const holder = newHolder()
  yield* releaseDead(source.orgId, source.source.id)
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const claim = { holder, now, leaseMs, everyMs: dueEveryMs }
      if (!(yield* runs.claim(source.orgId, source.source.id, claim))) return Option.none<SyncReport>()
      const about = { orgId: source.orgId, sourceId: source.source.id }
      yield* countStart({ organization: about.orgId, source: about.sourceId })
      yield* watchers.tell({ _tag: "started", ...about, at: now })
      const exit = yield* Effect.exit(restore(reading(source, holder, mode)))
      // A database that is gone leaves the claim to run out.
      yield* ended(watchers, source, holder, now, exit).pipe(
        Effect.catch((error) => Effect.logWarning("The end of a sync could not be kept", error.message)),
      )
      return Option.some(yield* exit)
    }),
  )
})

/** How long a command waits for whoever has the source. */
const patience = { everyMs: 1_000, tries: 600 }

/** Runs the source now, after whoever is at it. */
export const runNow = Effect.fnUntraced(function* (watchers: Watchers, source: Source, mode: SyncMode) {
  for (let attempt = 1; attempt <= patience.tries; attempt++) {
    const report = yield* runIfClaimed(watchers, source, mode, null)
    if (Option.isSome(report)) return report.value
    const at = yield* Clock.currentTimeMillis
    if (attempt === 1) {
      yield* watchers.tell({ _tag: "waiting", orgId: source.orgId, sourceId: source.source.id, at })
    }
    yield* Effect.sleep(patience.everyMs)
  }
  return yield* new SourceBusy({ sourceId: source.source.id })
})
