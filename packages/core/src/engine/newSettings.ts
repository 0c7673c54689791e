/**
 * A try that was refused while an organization's settings changed was made with the old ones: credentials that were being
 * rotated, an address that moved. It is worth another try with the new ones, because a refusal has sent nothing.
 */
import { Effect } from "effect"
import type { Work } from "../domain/Work.ts"
import { Organizations } from "./Organizations.ts"
import { TaskFailure } from "./tasks/TaskFailure.ts"

/** The organization that the work belongs to, as it is now; null when there is none. */
export const organizationNow = Effect.fnUntraced(function* ({ lane }: Work) {
  return yield* Effect.orElseSucceed((yield* Organizations).get(lane.orgId), () => null)
})

type Standing = Effect.Success<ReturnType<typeof organizationNow>>

/**
 * The failure as it counts: `before` is the organization that the try began with. What may have been sent all the same is
 * never repeated for this.
 */
export const judgedBySettings = Effect.fnUntraced(function* (
  work: Work,
  failure: TaskFailure,
  before: Standing,
) {
  if (failure.retryable || failure.errorClass === "ambiguous") return failure
  const now = yield* organizationNow(work)
  if (now === null || now === before) return failure
  return new TaskFailure({ ...failure, retryable: true, afterMs: 0 })
})
