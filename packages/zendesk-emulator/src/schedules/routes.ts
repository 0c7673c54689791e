import type { ApiRequest } from "../http/Request.ts"
import { ApiError, forbidden, invalidEndpoint, json, recordNotFound, type Reply } from "../http/Reply.ts"
import { idParam } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { iso } from "../world/ids.ts"
import { asInt } from "../world/json.ts"
import type { World } from "../world/World.ts"
import type { Holiday, Schedule } from "./ScheduleStore.ts"

const base = "/api/v2/business_hours/schedules"

const viewSchedule = (world: World, schedule: Schedule): object => ({
  url: `${world.baseUrl}${base}/${schedule.id}.json`,
  id: schedule.id,
  name: schedule.name,
  time_zone: schedule.timeZone,
  created_at: iso(schedule.createdAt),
  updated_at: iso(schedule.updatedAt),
  intervals: schedule.intervals.map(({ endTime, startTime }) => ({
    start_time: startTime,
    end_time: endTime,
  })),
})

const viewHoliday = ({ endDate, id, name, startDate }: Holiday): object => ({
  id,
  name,
  start_date: startDate,
  end_date: endDate,
})

/** All at once, as documented; in pages only when a test asks for a Zendesk that has them. */
const listed = (world: World, request: ApiRequest, name: string, items: ReadonlyArray<object>): Reply => {
  const size = world.schedules.pageSize
  if (size === null) return json(200, { [name]: items, url: `${world.baseUrl}${request.path}.json` })
  const page = asInt(request.query.get("page")) ?? 1
  const rest = items.length > page * size
  return json(200, {
    [name]: items.slice((page - 1) * size, page * size),
    next_page: rest ? `${world.baseUrl}${request.path}.json?page=${page + 1}` : null,
    previous_page: null,
    count: items.length,
  })
}

/** Schedules of business hours, read-only; tests and people change them through the control plane. */
export const scheduleRoutes = (world: World): ReadonlyArray<Route> => {
  const admin = { access: "admin", method: "GET" } as const
  const { schedules } = world
  const onPlan = (): void => {
    if (schedules.plan === 403) throw new ApiError(forbidden)
    if (schedules.plan === 404) throw new ApiError(invalidEndpoint)
  }
  const known = (request: ApiRequest): Schedule => {
    onPlan()
    const schedule = schedules.byId.get(idParam(request))
    if (schedule === undefined) throw recordNotFound()
    return schedule
  }
  return [
    {
      ...admin,
      path: base,
      handle: (request) => {
        onPlan()
        const all = [...schedules.byId.values()].map((one) => viewSchedule(world, one))
        return listed(world, request, "schedules", all)
      },
    },
    {
      ...admin,
      path: `${base}/:id`,
      handle: (request) => json(200, { schedule: viewSchedule(world, known(request)) }),
    },
    {
      ...admin,
      path: `${base}/:id/holidays`,
      handle: (request) => listed(world, request, "holidays", known(request).holidays.map(viewHoliday)),
    },
  ]
}
