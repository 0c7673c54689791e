/** One look at an organization's schedule now, whether due or not. */
import { Effect } from "effect"
import { readKnown } from "./KnownSchedule.ts"
import type { OrganizationSchedule } from "./OrganizationSchedule.ts"
import { readIfClaimed } from "./readIfClaimed.ts"

/** How long is waited for whoever is reading it. */
const patience = { everyMs: 500, tries: 60 }

/** What is known afterwards: trouble with Zendesk is part of it, and so is what somebody else has just read. */
export const readNow = Effect.fn("Schedules.readNow")(function* (schedule: OrganizationSchedule) {
  for (let tries = 0; tries < patience.tries; tries += 1) {
    if (yield* readIfClaimed(schedule, null)) break
    yield* Effect.sleep(patience.everyMs)
  }
  return yield* readKnown(schedule.orgId, schedule.key)
})
