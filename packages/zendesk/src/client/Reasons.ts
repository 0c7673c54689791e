/** From a failed call to the vendor-neutral reason that the engine decides on. */
import {
  Closed,
  Conflict,
  CredentialsRejected,
  Invalid,
  NotFound,
  PermissionDenied,
  RateLimited,
  type Reason,
} from "@opencx/core"
import type { Issue } from "./ErrorBody.ts"
import type { CallFailure } from "./Failure.ts"
import { type CallSubject, doubtful, noAccount, ofServerError, reasonBy } from "./reasonBy.ts"

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

const ofNotFound = (failure: CallFailure, subject: CallSubject): Reason =>
  failure.body?.html === true ? noAccount : new NotFound({ what: subject.what })

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
export const reasonOf = reasonBy({
  ofStatus,
  unreadable: ({ what }) => `The answer about ${what} is too large to be read.`,
  ofCredentials: credentialsHint,
})
