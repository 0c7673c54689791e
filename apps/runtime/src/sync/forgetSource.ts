/** A source that was taken out of an organization answers no customer any more: its articles go, and where its sync stood. */
import { ArticleStore, Knowledge, type OrgId } from "@opencx/core"
import { Clock, Effect, Schedule } from "effect"
import { newHolder } from "./holder.ts"
import { leaseMs } from "./runSource.ts"

/** A run that is under way stops when its process has seen the change; its lease runs out in the worst case. */
const patience = Schedule.max([Schedule.spaced("2 seconds"), Schedule.recurs(120)])

const removeAll = Effect.fnUntraced(function* (orgId: OrgId, sourceId: string) {
  const store = yield* ArticleStore
  // No run has this number, so that none of it counts as seen.
  const items = yield* store.listing.unseen(orgId, sourceId, -1)
  const keys = items.map(({ key }) => key)
  yield* store.remove(orgId, sourceId, keys)
  yield* store.listing.forget(orgId, sourceId, keys)
  // Should it come back, it is read from the beginning.
  yield* store.setState(orgId, sourceId, "")
  return items.filter(({ isStored }) => isStored).length
})

const attempt = Effect.fnUntraced(function* (orgId: OrgId, sourceId: string) {
  const { runs } = yield* ArticleStore
  const holder = newHolder()
  const now = yield* Clock.currentTimeMillis
  if (!(yield* runs.claim(orgId, sourceId, { holder, now, leaseMs, everyMs: null }))) return false
  const removed = yield* removeAll(orgId, sourceId).pipe(
    Effect.ensuring(Effect.ignore(runs.finish(orgId, sourceId, holder, { _tag: "released" }))),
  )
  yield* Effect.ignore(Effect.flatMap(Knowledge, (knowledge) => knowledge.refresh(orgId)))
  if (removed > 0)
    yield* Effect.logInfo(`Source "${sourceId}" of ${orgId} was taken out: ${removed} articles removed`)
  return true
})

/** Waits for whoever is reading it, then removes everything of it. */
export const forgetSource = Effect.fn("forgetSource")((orgId: OrgId, sourceId: string) =>
  attempt(orgId, sourceId).pipe(
    Effect.repeat({ until: (isDone) => isDone, schedule: patience }),
    Effect.catch((error) =>
      Effect.logError(`Source "${sourceId}" of ${orgId} could not be cleared away`, error.message),
    ),
    Effect.asVoid,
  ),
)
