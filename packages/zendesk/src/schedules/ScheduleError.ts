/** Why a schedule could not be read. */
import { describeReason, Invalid, PermissionDenied, Reason } from "@opencx/core"
import { Schema } from "effect"
import type { CallFailure } from "../client/Failure.ts"
import { reasonOf } from "../client/Reasons.ts"
import type { CallSubject } from "../client/reasonBy.ts"

export class ScheduleError extends Schema.TaggedError<ScheduleError>("@opencx/zendesk/ScheduleError")(
  "ScheduleError",
  { operation: Schema.String, reason: Reason },
) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

/** Zendesk has answered, and what it says cannot be used. */
export const unusable = (issue: string, hint: string): ScheduleError =>
  new ScheduleError({ operation: "schedules", reason: new Invalid({ issues: [issue], hint }) })

/** For accounts without business hours (403, or 404 on the listing), and for users who may not read them. */
export const schedulesNotReadable =
  'Schedules are not part of this plan, or this connection\'s agent or scope may not read them. Zendesk has them on plans with business hours (Admin Center > Objects and rules > Business rules > Schedules); the user should be an admin, and the OAuth scope hold "read".'

const isNoPlan = (failure: CallFailure): boolean =>
  failure.status === 403 || (failure.status === 404 && failure.body?.html !== true)

/** `listing`: a 404 of the listing is about the plan; of anything else, about the thing itself. */
export const toScheduleError =
  (subject: CallSubject & { readonly listing: boolean }) =>
  (failure: CallFailure): ScheduleError => {
    const isPlan = subject.listing ? isNoPlan(failure) : failure.status === 403
    return new ScheduleError({
      operation: "schedules",
      reason: isPlan ? new PermissionDenied({ hint: schedulesNotReadable }) : reasonOf(failure, subject),
    })
  }
