/** Reads an organization's schedule from Zendesk into the store, for all processes on one database at once. */
import { ArticleStore, describeReason, retryAfterOf, Unavailable } from "@opencx/core"
import { readSchedule, ScheduleError } from "@opencx/zendesk"
import { Clock, Effect, Equal, Exit, Result } from "effect"
import { newHolder } from "../sync/holder.ts"
import { leaseMs, pauseAfter, releaseDead } from "../sync/runSource.ts"
import { keepKnown, type KnownSchedule, readKnown } from "./KnownSchedule.ts"
import type { OrganizationSchedule } from "./OrganizationSchedule.ts"

/** Well within the lease, so that it needs no renewing. */
const patience = "90 seconds"

/** However long Zendesk asks for. */
const longestPauseMs = 3_600_000

const tooSlow = new ScheduleError({
  operation: "schedules",
  reason: new Unavailable({ detail: `Zendesk did not answer within ${patience}`, retryAfterMs: null }),
})

const again = "It is tried again by itself; opencx schedules --read tries it now."

const fixOf = ({ reason }: ScheduleError): string => {
  switch (reason._tag) {
    case "NotFound":
      return "It was deleted or renamed in Zendesk, or never was there: opencx schedules lists those that are. Name one of them in handoff.officeHours."
    case "Invalid":
      return "Correct it in Zendesk (Admin Center > Objects and rules > Business rules > Schedules), or write the hours into handoff.officeHours."
    case "PermissionDenied":
    case "CredentialsRejected":
      return "opencx verify says what the connection lacks. Without schedules in the plan, write the hours into handoff.officeHours."
    default:
      return again
  }
}

const troubleOf = (error: ScheduleError, before: KnownSchedule, now: number): KnownSchedule => ({
  copy: before.copy,
  trouble: {
    since: before.trouble?.since ?? now,
    at: now,
    problem: describeReason(error.reason),
    fix: fixOf(error),
  },
})

/** What people should hear of: hours that changed, and trouble that begins, changes or is over. */
const tell = ({ orgId, wanted }: OrganizationSchedule, before: KnownSchedule, after: KnownSchedule) => {
  const name = `Office hours of ${orgId} from the Zendesk schedule "${wanted}"`
  const { copy, trouble } = after
  if (trouble !== null && trouble.problem !== before.trouble?.problem)
    return Effect.logWarning(
      `${name} cannot be read; ${copy === null ? "no copy was ever read: handed over as if always open" : "the last good copy goes on"}`,
      `${trouble.problem} ${trouble.fix}`,
    )
  const isNew = copy !== null && !Equal.equals(copy.hours, before.copy?.hours)
  return trouble === null && (isNew || before.trouble !== null)
    ? Effect.logInfo(`${name} are read`)
    : Effect.void
}

const readNow = ({ client, wanted }: OrganizationSchedule) =>
  readSchedule(client, wanted).pipe(
    Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(tooSlow) }),
    Effect.result,
  )

type Read = Effect.Success<ReturnType<typeof readNow>>

/** Milliseconds until the next try. */
const pauseAfterTrouble = Effect.fnUntraced(function* (schedule: OrganizationSchedule, error: ScheduleError) {
  const { failures } = yield* (yield* ArticleStore).runs.status(schedule.orgId, schedule.key)
  const asked = Math.min(retryAfterOf(error.reason) ?? 0, longestPauseMs)
  return Math.max(asked, pauseAfter(error, failures, schedule.everyMs))
})

/** Keeps what a look has found: the schedule, or why there is none beside the last good copy. */
const keep = Effect.fnUntraced(function* (schedule: OrganizationSchedule, read: Read, startedAt: number) {
  const { key, orgId } = schedule
  const before = yield* readKnown(orgId, key)
  const now = yield* Clock.currentTimeMillis
  const after = Result.isSuccess(read)
    ? { copy: { ...read.success, readAt: now }, trouble: null }
    : troubleOf(read.failure, before, now)
  yield* keepKnown(orgId, key, after)
  schedule.known = after
  yield* tell(schedule, before, after)
  if (Result.isSuccess(read)) return { _tag: "done", startedAt } as const
  return { _tag: "failed", retryAt: now + (yield* pauseAfterTrouble(schedule, read.failure)) } as const
})

/**
 * Reads the schedule if it can be claimed; `dueEveryMs: null` whether it is due or not. False when somebody else has it, or it
 * is not due. What Zendesk answers instead of a schedule is kept as trouble, beside the last good copy.
 */
export const readIfClaimed = Effect.fn("Schedules.readIfClaimed")(function* (
  schedule: OrganizationSchedule,
  dueEveryMs: number | null,
) {
  const { key, orgId } = schedule
  const { runs } = yield* ArticleStore
  const holder = newHolder()
  yield* releaseDead(orgId, key)
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (!(yield* runs.claim(orgId, key, { holder, now, leaseMs, everyMs: dueEveryMs }))) return false
      const exit = yield* Effect.exit(restore(readNow(schedule)))
      // Stopped, or a defect: it stays due.
      const end = Exit.isSuccess(exit)
        ? yield* keep(schedule, exit.value, now)
        : ({ _tag: "released" } as const)
      yield* runs.finish(orgId, key, holder, end)
      yield* exit
      return true
    }),
  )
})
