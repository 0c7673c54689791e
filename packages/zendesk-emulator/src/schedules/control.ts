import { badRequest, recordNotFound } from "../http/Reply.ts"
import { asArray, asInt, asString, get, has } from "../world/json.ts"
import type { SeedSchedule } from "../world/options.ts"
import type { World } from "../world/World.ts"
import type { Schedule, SchedulePlan } from "./ScheduleStore.ts"

/** What an administrator does to schedules in Zendesk, for tests and people at the control plane. */
export interface ScheduleHandle {
  /** Answers with the id. */
  readonly add: (schedule: SeedSchedule) => number
  /** Intervals and holidays are replaced as a whole. Throws when there is no such schedule. */
  readonly edit: (id: number, change: Partial<SeedSchedule>) => void
  readonly remove: (id: number) => boolean
  /** What an account without business hours answers, or `on` again. */
  readonly plan: (answer: SchedulePlan) => void
  /** Items on a page of the listings; null (as documented): no pages. */
  readonly pages: (size: number | null) => void
}

const edited = (world: World, id: number, change: Partial<SeedSchedule>): Schedule => {
  const before = world.schedules.byId.get(id)
  if (before === undefined) throw recordNotFound()
  return world.schedules.put(change, world.now(), () => world.nextId(), before)
}

const added = (world: World, schedule: SeedSchedule): Schedule =>
  world.schedules.put(schedule, world.now(), () => world.nextId())

export const scheduleHandle = (world: () => World): ScheduleHandle => ({
  add: (schedule) => added(world(), schedule).id,
  edit: (id, change) => void edited(world(), id, change),
  remove: (id) => world().schedules.byId.delete(id),
  plan: (answer) => {
    world().schedules.plan = answer
  },
  pages: (size) => {
    world().schedules.pageSize = size
  },
})

/** In Zendesk's words: `{name, time_zone, intervals: [{start_time, end_time}], holidays: [{name, start_date, end_date}]}`. */
const readSchedule = (source: unknown): Partial<SeedSchedule> => {
  const [name, timeZone] = [asString(get(source, "name")), asString(get(source, "time_zone"))]
  return {
    ...(name === undefined ? {} : { name }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(has(source, "intervals")
      ? {
          intervals: asArray(get(source, "intervals")).map(
            (item) => [asInt(get(item, "start_time")) ?? 0, asInt(get(item, "end_time")) ?? 0] as const,
          ),
        }
      : {}),
    ...(has(source, "holidays")
      ? {
          holidays: asArray(get(source, "holidays")).map(
            (item) =>
              [
                asString(get(item, "start_date")) ?? "",
                asString(get(item, "end_date")) ?? "",
                asString(get(item, "name")) ?? "",
              ] as const,
          ),
        }
      : {}),
  }
}

export const newSchedule = (world: World, source: unknown): Schedule => {
  const { name, timeZone, ...rest } = readSchedule(source)
  if (name === undefined || timeZone === undefined)
    throw badRequest("InvalidSchedule", "name and time_zone are required")
  return added(world, { name, timeZone, ...rest })
}

/** An edit; with `{action: "delete"}` it goes. */
export const scheduleControl = (world: World, id: number, source: unknown): Schedule | null => {
  if (get(source, "action") !== "delete") return edited(world, id, readSchedule(source))
  if (!world.schedules.byId.delete(id)) throw recordNotFound()
  return null
}

/** `{answer: "on" | 403 | 404}`. */
export const schedulePlan = (world: World, source: unknown): void => {
  const answer = get(source, "answer")
  if (answer !== "on" && answer !== 403 && answer !== 404)
    throw badRequest("InvalidPlan", 'answer must be "on", 403 or 404')
  world.schedules.plan = answer
}
