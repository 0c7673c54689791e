/** Office hours from Zendesk's schedules: read on their intervals while the runtime is up, and on request. */
import { ArticleStore, type OrgId, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer } from "effect"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"
import { whileThere } from "../organizations/whileThere.ts"
import { type KnownSchedule, readKnown } from "../schedules/KnownSchedule.ts"
import type { OrganizationSchedule } from "../schedules/OrganizationSchedule.ts"
import { readIfClaimed } from "../schedules/readIfClaimed.ts"
import { readNow } from "../schedules/readNow.ts"
import { dueIn, lookEveryMs, lostRaceMs } from "../sync/schedule.ts"

/** Takes over what another process has read, and reads it where it is due. Milliseconds until the next look. */
const look = Effect.fnUntraced(function* (schedule: OrganizationSchedule) {
  const { everyMs, key, orgId } = schedule
  const { runs } = yield* ArticleStore
  schedule.known = yield* readKnown(orgId, key)
  const status = yield* runs.status(orgId, key)
  const wait = dueIn(status, everyMs, yield* Clock.currentTimeMillis)
  if (wait > 0) return Math.min(wait, status.holder === null ? lookEveryMs : lostRaceMs)
  return (yield* readIfClaimed(schedule, everyMs)) ? 0 : lostRaceMs
})

const keepRead = Effect.fnUntraced(function* (schedule: OrganizationSchedule) {
  for (;;) {
    const wait = yield* look(schedule).pipe(
      Effect.catchCause((cause) =>
        Effect.as(
          Effect.logError(`The Zendesk schedule of ${schedule.orgId} could not be looked after`, cause),
          lookEveryMs,
        ),
      ),
    )
    yield* Effect.sleep(wait)
  }
})

export class Schedules extends Context.Service<
  Schedules,
  {
    /** Reads every schedule on its interval, once for all processes on one database; never ends. */
    readonly schedule: Effect.Effect<never>
    /**
     * Reads the organization's schedule now, whether due or not, and answers with what is known then. Null where its office
     * hours come from no schedule. Trouble with Zendesk is part of the answer.
     */
    readonly readNow: (orgId: OrgId) => Effect.Effect<KnownSchedule | null, StoreError>
  }
>()("@opencx/runtime/layers/Schedules") {
  static readonly layer = Layer.effect(
    Schedules,
    Effect.gen(function* () {
      const organizations = yield* LiveOrganizations
      const context = yield* Effect.context<ArticleStore>()
      const now = () => organizations.all().flatMap(({ live }) => live?.schedule ?? [])
      const readOf = Effect.fnUntraced(function* (orgId: OrgId) {
        const schedule = organizations.get(orgId)?.live?.schedule ?? null
        return schedule === null ? null : yield* readNow(schedule)
      }, Effect.provide(context))
      return Schedules.of({
        schedule: whileThere(organizations, now, (schedule) => Effect.provide(keepRead(schedule), context)),
        readNow: readOf,
      })
    }),
  )
}
