import type { SeedSchedule } from "../world/options.ts"

export interface Holiday {
  readonly id: number
  readonly name: string
  readonly startDate: string
  readonly endDate: string
}

export interface Schedule {
  readonly id: number
  readonly name: string
  readonly timeZone: string
  readonly intervals: ReadonlyArray<{ readonly startTime: number; readonly endTime: number }>
  readonly holidays: ReadonlyArray<Holiday>
  readonly createdAt: number
  readonly updatedAt: number
}

/** What an account whose plan has no business hours answers is not documented: either. */
export type SchedulePlan = "on" | 403 | 404

/** The account's schedules. Nothing that is put here is judged: tests put in what Zendesk would refuse as well. */
export class ScheduleStore {
  readonly byId = new Map<number, Schedule>()
  plan: SchedulePlan = "on"
  /** Items on one page of a listing; null: all, as documented. */
  pageSize: number | null = null

  /** A new schedule, or one that stands with what is said of it changed; holidays are replaced as a whole. */
  put(change: Partial<SeedSchedule>, at: number, nextId: () => number, before?: Schedule): Schedule {
    const schedule: Schedule = {
      id: before?.id ?? change.id ?? nextId(),
      name: change.name ?? before?.name ?? "",
      timeZone: change.timeZone ?? before?.timeZone ?? "UTC",
      intervals:
        change.intervals?.map(([startTime, endTime]) => ({ startTime, endTime })) ?? before?.intervals ?? [],
      holidays:
        change.holidays?.map(([startDate, endDate, name = "Holiday"]) => ({
          id: nextId(),
          name,
          startDate,
          endDate,
        })) ??
        before?.holidays ??
        [],
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    }
    this.byId.set(schedule.id, schedule)
    return schedule
  }
}
