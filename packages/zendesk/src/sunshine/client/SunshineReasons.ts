/** From a failed Sunshine call to the vendor-neutral reason that the engine decides on. */
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
import type { CallFailure } from "../../client/Failure.ts"
import { type CallSubject, doubtful, noAccount, ofServerError, reasonBy } from "../../client/reasonBy.ts"

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

const invalid = (failure: CallFailure, subject: CallSubject): Reason => {
  const issues = failure.body?.issues ?? []
  return new Invalid({
    issues:
      issues.length > 0
        ? issues.map((one) => one.text)
        : [`${failure.status ?? ""} ${failure.detail}`.trim()],
    hint: `Sunshine Conversations does not accept this request for ${subject.what}.`,
  })
}

const ofNotFound = (failure: CallFailure, subject: CallSubject): Reason => {
  if (failure.body?.html === true) return noAccount
  if (codesOf(failure).includes("app_not_found"))
    return new CredentialsRejected({
      hint: "Sunshine Conversations knows no app with this App ID. Copy it from the top of the Conversations API page in Admin Center; it belongs to the same account as the key.",
    })
  return isNoTarget(failure) ? noTarget(failure) : new NotFound({ what: subject.what })
}

const ofStatus = (failure: CallFailure, subject: CallSubject): Reason => {
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
export const sunshineReason = reasonBy({
  ofStatus,
  unreadable: ({ what }) => `${what} is too large to be read.`,
  ofCredentials: ({ detail }) => detail,
})
