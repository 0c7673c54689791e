/** What failed calls to Support and to Sunshine have in common on their way to the reason that the engine decides on. */
import { Ambiguous, CredentialsRejected, Invalid, RateLimited, type Reason, Unavailable } from "@opencx/core"
import { type CallFailure, isWrite } from "./Failure.ts"

/** What the call was about. `repeatable`: doing it twice does no harm (adding tags, uploading), so no doubt arises. */
export interface CallSubject {
  /** For people: `ticket 35436`. */
  readonly what: string
  readonly repeatable?: boolean
}

export const doubtful = (failure: CallFailure, subject: CallSubject): Reason => {
  const detail = failure.message
  if (isWrite(failure.method) && subject.repeatable !== true && !failure.neverSent)
    return new Ambiguous({ detail })
  return new Unavailable({ detail, retryAfterMs: failure.retryAfterMs })
}

export const ofServerError = (failure: CallFailure, subject: CallSubject): Reason =>
  // A 503 with Retry-After is a refusal at the door; without it the write may have failed half-way.
  failure.status === 503 && failure.retryAfterMs !== null
    ? new Unavailable({ detail: failure.message, retryAfterMs: failure.retryAfterMs })
    : doubtful(failure, subject)

/** Zendesk's edge answers in HTML where no account is. */
export const noAccount = new CredentialsRejected({
  hint: "No Zendesk account answers at this subdomain. Check the subdomain: it is the part before .zendesk.com.",
})

/** What differs between the two. `unreadable` and `ofCredentials` give sentences for people. */
interface Ways {
  readonly ofStatus: (failure: CallFailure, subject: CallSubject) => Reason
  readonly unreadable: (subject: CallSubject) => string
  readonly ofCredentials: (failure: CallFailure) => string
}

export const reasonBy =
  ({ ofCredentials, ofStatus, unreadable }: Ways) =>
  (failure: CallFailure, subject: CallSubject): Reason => {
    switch (failure.kind) {
      case "status":
        return ofStatus(failure, subject)
      case "timeout":
      case "network":
      case "malformed":
        return doubtful(failure, subject)
      case "too_large":
        return isWrite(failure.method)
          ? doubtful(failure, subject)
          : new Invalid({ issues: [failure.detail], hint: unreadable(subject) })
      case "redirect":
        return new Invalid({
          issues: [failure.detail],
          hint: "Zendesk redirected the call, which happens when the account was renamed. Check the subdomain.",
        })
      case "credentials":
        return new CredentialsRejected({ hint: ofCredentials(failure) })
      case "breaker_open":
        return new Unavailable({ detail: failure.detail, retryAfterMs: failure.retryAfterMs })
      case "rate_budget":
        return new RateLimited({ retryAfterMs: failure.retryAfterMs })
    }
  }
