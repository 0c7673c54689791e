import type { OrgId } from "@opencx/core"
import { Effect, Semaphore } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { Schedules } from "../../layers/Schedules.ts"
import { LiveOrganizations } from "../../organizations/LiveOrganizations.ts"
import { schedulesOf } from "../../schedules/listSchedules.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"

const listed = Effect.fnUntraced(function* (orgId: OrgId) {
  const live = (yield* LiveOrganizations).get(orgId)?.live ?? null
  if (live === null || live.zendesk === null)
    return yield* new NotFound({ what: `a connection of "${orgId}" to Zendesk Support` })
  return yield* schedulesOf(live.config, live.zendesk)
})

export const SchedulesHandlers = HttpApiBuilder.group(
  Api,
  "schedules",
  Effect.fnUntraced(function* (handlers) {
    // Each look costs Zendesk's budget, which conversations need: callers wait for each other.
    const oneAtATime = yield* Semaphore.make(1)
    return handlers.handleAll({
      list: Effect.fnUntraced(
        function* () {
          const { orgId } = yield* inOrg
          return yield* oneAtATime.withPermit(listed(orgId))
        },
        Effect.catchTag("StoreError", outage),
      ),
      read: Effect.fnUntraced(
        function* () {
          const { orgId } = yield* inOrg
          const schedules = yield* Schedules
          return yield* oneAtATime.withPermit(Effect.andThen(schedules.readNow(orgId), listed(orgId)))
        },
        Effect.catchTag("StoreError", outage),
      ),
    })
  }),
)
