/** From a failed Sunshine call to the vendor-neutral reason that the engine decides on. */
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
import { type CallFailure, isWrite } from "../../client/Failure.ts"

/** What the call was about. `repeatable`: doing it twice does no harm, so no doubt arises. */
export interface SunshineSubject {
  /** For people: `conversation 029c31f2`. */
  readonly what: string
  readonly repeatable?: boolean
}

const codesOf = (failure: CallFailure): ReadonlyArray<string> =>
  (failure.body?.issues ?? []).flatMap((issue) => (issue.code === null ? [] : [issue.code]))

/** True when Zendesk says that a switchboard integration of this name does not exist. */
const isNoTarget = (failure: CallFailure): boolean =>
  codesOf(failure).some((code) => /^switchboard(?:_integration)?_not_found$|^switchboard_invalid_/.test(code))

/** What to do when our integration is not where routing looks for it. */
export const missingIntegration = (name: string): Invalid =>
  new Invalid({
    issues: [`Zendesk's switchboard has no integration named exactly "${name}"`],
    hint: `Create the Conversations integration with the exact name ${name} (Admin Center > Apps and integrations > Integrations > Conversations integrations; any other spelling breaks routing), or set integrationName to the name that it has.`,
  })

const noTarget = (failure: CallFailure): Invalid =>
  new Invalid({
    issues: [failure.detail],
    hint: "Zendesk's switchboard does not know the integration that control should go to. Compare integrationName and agentWorkspaceName with the names of the switchboard integrations; they must be spelt exactly the same.",
  })

const invalid = (failure: CallFailure, subject: SunshineSubject): Reason => {
  const issues = failure.body?.issues ?? []
  return new Invalid({
    issues:
      issues.length > 0
        ? issues.map((one) => one.text)
        : [`${failure.status ?? ""} ${failure.detail}`.trim()],
    hint: `Sunshine Conversations does not accept this request for ${subject.what}.`,
  })
}

const doubtful = (failure: CallFailure, subject: SunshineSubject): Reason =>
  isWrite(failure.method) && subject.repeatable !== true && !failure.neverSent
    ? new Ambiguous({ detail: failure.message })
    : new Unavailable({ detail: failure.message, retryAfterMs: failure.retryAfterMs })

const ofNotFound = (failure: CallFailure, subject: SunshineSubject): Reason => {
  if (failure.body?.html === true)
    return new CredentialsRejected({
      hint: "No Zendesk account answers at this subdomain. Check the subdomain: it is the part before .zendesk.com.",
    })
  if (codesOf(failure).includes("app_not_found"))
    return new CredentialsRejected({
      hint: "Sunshine Conversations knows no app with this App ID. Copy it from the top of the Conversations API page in Admin Center; it belongs to the same account as the key.",
    })
  return isNoTarget(failure) ? noTarget(failure) : new NotFound({ what: subject.what })
}

const ofServerError = (failure: CallFailure, subject: SunshineSubject): Reason =>
  // A 503 with Retry-After is a refusal at the door; without it the write may have failed half-way.
  failure.status === 503 && failure.retryAfterMs !== null
    ? new Unavailable({ detail: failure.message, retryAfterMs: failure.retryAfterMs })
    : doubtful(failure, subject)

const ofStatus = (failure: CallFailure, subject: SunshineSubject): Reason => {
  const status = failure.status ?? 0
  switch (status) {
    case 401:
      return new CredentialsRejected({
        hint: `Sunshine Conversations does not accept the key (${failure.detail}). Check Key ID, Secret and App ID. Zendesk shows a secret only once: when it is lost, delete the key and make a new App key under Admin Center > Apps and integrations > APIs > Conversations API.`,
      })
    case 403:
      return new PermissionDenied({
        hint: `The key may not do this (${failure.detail}) for ${subject.what}. It must be an App key, made on the Conversations API page and not inside an integration; Conversations API keys need Zendesk Suite Professional or higher.`,
      })
    case 404:
    case 410:
      return ofNotFound(failure, subject)
    case 409:
      return new Conflict({ detail: failure.message })
    case 423:
      return new Closed({ what: `${subject.what} (${failure.detail})` })
    case 408:
      return doubtful(failure, subject)
    case 429:
      return new RateLimited({ retryAfterMs: failure.retryAfterMs })
    default:
      if (status >= 500) return ofServerError(failure, subject)
      return isNoTarget(failure) ? noTarget(failure) : invalid(failure, subject)
  }
}

/** The vendor-neutral reason of a failed Sunshine call. */
export const sunshineReason = (failure: CallFailure, subject: SunshineSubject): Reason => {
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
        : new Invalid({ issues: [failure.detail], hint: `${subject.what} is too large to be read.` })
    case "redirect":
      return new Invalid({
        issues: [failure.detail],
        hint: "Zendesk redirected the call, which happens when the account was renamed. Check the subdomain.",
      })
    case "credentials":
      return new CredentialsRejected({ hint: failure.detail })
    case "breaker_open":
      return new Unavailable({ detail: failure.detail, retryAfterMs: failure.retryAfterMs })
    case "rate_budget":
      return new RateLimited({ retryAfterMs: failure.retryAfterMs })
  }
}
