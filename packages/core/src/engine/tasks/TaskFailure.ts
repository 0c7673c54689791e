/** Why a piece of work did not succeed, in the engine's own terms. */
import { Schema } from "effect"
import type {
  IdentityMergeError,
  MessagingError,
  SupportAgentError,
  TicketingError,
} from "../../errors/PortErrors.ts"
import { describeReason, retryAfterOf } from "../../errors/Reason.ts"
import type { SendFailure } from "../../plugin/Plugin.ts"

/** `retryable`: worth another try. `afterMs`: not before. `doubtful`: the other side may have done it. */
export class TaskFailure extends Schema.TaggedError<TaskFailure>("@opencx/core/TaskFailure")("TaskFailure", {
  explanation: Schema.String,
  retryable: Schema.Boolean,
  afterMs: Schema.NullOr(Schema.Number),
  /** What kind of answer the other side gave, for figures: `rate_limited`, `unavailable`, `permanent` …; absent for our own. */
  errorClass: Schema.optionalKey(Schema.String),
}) {
  override get message(): string {
    return this.explanation
  }
}

/** Answers about the connection, which say nothing of a conversation. */
const aboutConnection: ReadonlySet<string> = new Set([
  "credentials_rejected",
  "permission_denied",
  "rate_limited",
  "unavailable",
])

/**
 * What a log may tell of a failure. Providers repeat addresses and words in what they refuse, so the whole sentence stays
 * with the work, where customers' data are protected and erased.
 */
export const forLog = ({ errorClass, explanation }: TaskFailure): string => {
  if (errorClass === undefined) return "see the work"
  return aboutConnection.has(errorClass) ? `${errorClass}: ${explanation}` : `${errorClass}, see the work`
}

/** `RateLimited` → `rate_limited`. */
const snake = (tag: string): string => tag.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()

export const fromPort = (
  error: TicketingError | SupportAgentError | MessagingError | IdentityMergeError,
): TaskFailure =>
  new TaskFailure({
    explanation: describeReason(error.reason),
    retryable: error.isRetryable,
    afterMs: retryAfterOf(error.reason),
    errorClass: snake(error.reason._tag),
  })

export const fromSend = ({ kind }: SendFailure): TaskFailure => {
  switch (kind._tag) {
    // Outcomes rather than failures; where they are treated as failures, nothing better can be done with them.
    case "Hold":
      return permanent(kind.explanation)
    case "Withheld":
      return permanent(kind.why)
    case "Retry":
      return new TaskFailure({
        explanation: kind.detail,
        retryable: true,
        afterMs: kind.afterMs,
        errorClass: "retry",
      })
    case "Permanent":
      return new TaskFailure({
        explanation: kind.explanation,
        retryable: false,
        afterMs: null,
        errorClass: "permanent",
      })
    case "Ambiguous":
      return new TaskFailure({
        explanation: kind.resendIsSafe
          ? kind.detail
          : `it is not known whether the message arrived: ${kind.detail}`,
        retryable: kind.resendIsSafe,
        afterMs: null,
        errorClass: "ambiguous",
      })
  }
}

export const permanent = (explanation: string): TaskFailure =>
  new TaskFailure({ explanation, retryable: false, afterMs: null })
