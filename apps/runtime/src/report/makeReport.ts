/** Makes reports: for the command line, and for whatever else shows them. */
import { ConversationStore, type OrgId } from "@opencx/core"
import { Clock, DateTime, Effect } from "effect"
import { Sync } from "../layers/Sync.ts"
import type { SourceStatus } from "../sync/SyncEvent.ts"
import { countsOf } from "./counts.ts"
import { groupQuestions } from "./groupQuestions.ts"
import type { Period } from "./Period.ts"
import type { Report, SourceFreshness } from "./Report.ts"

/** A conversation in which nothing has happened for so long counts as over. */
const quietMs = 24 * 3_600_000

/** Sessions whose questions are read. Comparing all of them with each other takes about a second. */
const mostSessions = 1_000

const topQuestions = 20

const iso = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at))

/** Two intervals: one may have just begun, and one run may have failed. */
const freshness = ({ everyMs, run, sourceId, type }: SourceStatus, now: number): SourceFreshness => {
  const ageMs = run.lastAt === null ? null : Math.max(0, now - run.lastAt)
  const isOld = ageMs === null || (everyMs !== null && ageMs > 2 * everyMs)
  return {
    sourceId,
    type,
    lastAt: run.lastAt,
    ageMs,
    isStale: isOld || run.failures > 0,
    failures: run.failures,
  }
}

/**
 * What came of an organization's conversations that were opened in the period, what agents made of drafts, how current its
 * sources are, and what the AI could not answer. Fails with `StoreError` when the database cannot be read.
 */
export const makeReport = Effect.fn("Report.make")(function* (orgId: OrgId, period: Period) {
  const store = yield* ConversationStore
  const sync = yield* Sync
  const now = yield* Clock.currentTimeMillis
  const wanted = { ...period, quietSince: now - quietMs }
  const counts = countsOf(yield* store.figures(orgId, wanted))
  const questions = yield* store.unanswered(orgId, wanted, mostSessions)
  const statuses = (yield* sync.status).filter((status) => status.orgId === orgId)
  const sessions = counts.total.abstained + counts.drafts.withheld
  const report: Report = {
    organization: orgId,
    from: iso(period.from),
    to: iso(period.to),
    ...counts,
    sources: statuses.map((status) => freshness(status, now)),
    unanswered: {
      questions: questions.length,
      isCut: sessions > mostSessions,
      groups: groupQuestions(questions, topQuestions),
    },
  }
  return report
})
