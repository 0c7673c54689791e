/** From a failed call to the vendor-neutral reason that the engine decides on. */
import {
  Ambiguous,
  Closed,
  Conflict,
  CredentialsRejected,
  Invalid,
  NotFound,
  PermissionDenied,
  RateLimited,
  type Reason,
  Unavailable,
} from "@opencx/core"
import type { Issue } from "./ErrorBody.ts"
import { type CallFailure, isWrite } from "./Failure.ts"

/** What the call was about. `repeatable`: doing it twice does no harm (adding tags, uploading), so no doubt arises. */
export interface CallSubject {
  /** For people: `ticket 35436`. */
  readonly what: string
  readonly repeatable?: boolean
}

const sentence = (issue: Issue): string =>
  issue.field === null || issue.field === "base" ? issue.text : `${issue.field}: ${issue.text}`

const saysSuspended = (issue: Issue): boolean =>
  issue.code === "UserSuspended" || /\bsuspended\b/i.test(issue.text)

const saysClosed = (issue: Issue): boolean => issue.field === "status" && /closed/i.test(issue.text)

/** True when a 422 says that the ticket is closed. Zendesk's sentence varies, so callers may also re-read the ticket. */
export const isClosedFailure = (failure: CallFailure): boolean =>
  failure.status === 422 && (failure.body?.issues ?? []).some(saysClosed)

const invalid = (failure: CallFailure, subject: CallSubject): Reason => {
  const issues = failure.body?.issues ?? []
  if (issues.some(saysSuspended)) {
    return new Invalid({
      issues: issues.map(sentence),
      hint: "The requester is suspended in Zendesk. Unsuspend the user in Zendesk (Customers), then replay.",
    })
  }
  const fallback = failure.body?.text ?? failure.detail
  return new Invalid({
    issues: issues.length > 0 ? issues.map(sentence) : [`${failure.status ?? ""} ${fallback}`.trim()],
    hint: `Zendesk does not accept this request for ${subject.what}. Check the fields named above and the account's required fields.`,
  })
}

const credentialsHint = (failure: CallFailure): string =>
  `Zendesk does not accept the credentials (${failure.detail}). Check the OAuth client's id and secret, or make a new client under Admin Center > Apps and integrations > APIs > OAuth clients. API tokens cannot be created any more and end on 2027-04-30.`

const doubtful = (failure: CallFailure, subject: CallSubject): Reason => {
  const detail = failure.message
  if (isWrite(failure.method) && subject.repeatable !== true && !failure.neverSent)
    return new Ambiguous({ detail })
  return new Unavailable({ detail, retryAfterMs: failure.retryAfterMs })
}

const ofServerError = (failure: CallFailure, subject: CallSubject): Reason =>
  // A 503 with Retry-After is a refusal at the door; without it the write may have failed half-way.
  failure.status === 503 && failure.retryAfterMs !== null
    ? new Unavailable({ detail: failure.message, retryAfterMs: failure.retryAfterMs })
    : doubtful(failure, subject)

const ofNotFound = (failure: CallFailure, subject: CallSubject): Reason =>
  failure.body?.html === true
    ? new CredentialsRejected({
        hint: "No Zendesk account answers at this subdomain. Check the subdomain: it is the part before .zendesk.com.",
      })
    : new NotFound({ what: subject.what })

const ofStatus = (failure: CallFailure, subject: CallSubject): Reason => {
  const status = failure.status ?? 0
  switch (status) {
    case 401:
      return new CredentialsRejected({ hint: credentialsHint(failure) })
    case 403:
      return new PermissionDenied({
        hint: `Zendesk does not let our user do this (${failure.body?.text ?? "403"}) for ${subject.what}. Check the OAuth client's scopes (a misspelt scope is granted but gives 403) and that its user is an agent or admin with access to the group and brand.`,
      })
    case 404:
    case 410:
      return ofNotFound(failure, subject)
    case 409:
      return new Conflict({ detail: failure.message })
    case 422:
      return isClosedFailure(failure) ? new Closed({ what: subject.what }) : invalid(failure, subject)
    case 408:
      return doubtful(failure, subject)
    case 429:
      return new RateLimited({ retryAfterMs: failure.retryAfterMs })
    default:
      return status >= 500 ? ofServerError(failure, subject) : invalid(failure, subject)
  }
}

/** The vendor-neutral reason of a failed call. */
export const reasonOf = (failure: CallFailure, subject: CallSubject): Reason => {
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
        : new Invalid({
            issues: [failure.detail],
            hint: `The answer about ${subject.what} is too large to be read.`,
          })
    case "redirect":
      return new Invalid({
        issues: [failure.detail],
        hint: "Zendesk redirected the call, which happens when the account was renamed. Check the subdomain.",
      })
    case "credentials":
      return new CredentialsRejected({ hint: credentialsHint(failure) })
    case "breaker_open":
      return new Unavailable({ detail: failure.detail, retryAfterMs: failure.retryAfterMs })
    case "rate_budget":
      return new RateLimited({ retryAfterMs: failure.retryAfterMs })
  }
}
