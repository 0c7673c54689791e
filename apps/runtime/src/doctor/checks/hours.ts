/** Office hours that come from a schedule of Zendesk's. */
import { DateTime, Equal } from "effect"
import type { ScheduleChart } from "../Chart.ts"
import { type Check, notice, ok, problem, type Verdict } from "../Check.ts"
import { finding } from "./connection.ts"

const scheduleCheck = (
  id: string,
  judge: (schedule: ScheduleChart, now: number) => Verdict | null,
): Check => ({
  id,
  look: ({ now, schedule }) => (schedule === null ? null : judge(schedule, now)),
})

const iso = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at))

const nameOf = ({ wanted }: ScheduleChart): string => `the Zendesk schedule "${wanted}"`

/** By what conversations are handed over meanwhile. */
const meanwhile = ({ known: { copy, trouble } }: ScheduleChart): ReadonlyArray<string> => [
  copy === null
    ? "No copy of it was ever read: conversations are handed over as if somebody were always there."
    : `The copy of ${iso(copy.readAt)} goes on: "${copy.name}" (${copy.id}), ${copy.timeZone}.`,
  ...(trouble === null
    ? []
    : [
        `The runtime cannot read it since ${iso(trouble.since)}, last tried ${iso(trouble.at)}: ${trouble.problem}`,
      ]),
]

/** As Zendesk has it now. */
const there = (schedule: ScheduleChart): Verdict => {
  if (schedule.now._tag === "Read") return ok()
  return problem({
    problem: `Office hours come from ${nameOf(schedule)}, which cannot be read: ${schedule.now._tag === "Unread" ? schedule.now.why : "it was not looked at"}`,
    fix:
      schedule.known.trouble?.fix ??
      "opencx schedules lists those of the account. Name one of them in handoff.officeHours, or write the hours there.",
    evidence: meanwhile(schedule),
  })
}

/** More looks than one have failed, or nobody looks. */
const lateAfter = (everyMs: number): number => 3 * everyMs + 60_000

const current = (schedule: ScheduleChart, now: number): Verdict | null => {
  const { everyMs, known, now: theirs } = schedule
  if (theirs._tag !== "Read") return null
  if (known.trouble !== null)
    return problem({
      problem: `The runtime cannot read ${nameOf(schedule)} since ${iso(known.trouble.since)}: ${known.trouble.problem}`,
      fix: `${known.trouble.fix} It can be read just now: opencx schedules --read.`,
      evidence: meanwhile(schedule),
    })
  if (known.copy === null || now - known.copy.readAt > lateAfter(everyMs))
    return problem({
      problem:
        known.copy === null
          ? `The runtime has not read ${nameOf(schedule)} yet.`
          : `The runtime has not read ${nameOf(schedule)} since ${iso(known.copy.readAt)}.`,
      fix: "It is read while opencx serve runs. Look into its log, or read it now: opencx schedules --read.",
      evidence: meanwhile(schedule),
    })
  if (Equal.equals(known.copy.hours, theirs.value.hours)) return ok(...meanwhile(schedule))
  return notice({
    problem: `${nameOf(schedule)} was changed in Zendesk, and the runtime has not taken it over yet.`,
    fix: `It does so within ${everyMs / 60_000} minutes; opencx schedules --read does it now.`,
    evidence: meanwhile(schedule),
  })
}

const open = (schedule: ScheduleChart): Verdict | null => {
  if (schedule.now._tag !== "Read") return null
  return schedule.now.value.hours.open.length > 0
    ? ok()
    : notice({
        problem: `${nameOf(schedule)} has no intervals: by it nobody is ever there.`,
        fix: "Add business hours to it in Zendesk, unless live chats are to become tickets always.",
      })
}

export const hoursChecks: ReadonlyArray<Check> = [
  finding("hours.readable", "ticketing", "schedules"),
  scheduleCheck("hours.schedule", there),
  scheduleCheck("hours.current", current),
  scheduleCheck("hours.open", open),
]
