/**
 * Vendor-neutral reasons why a port call failed. Every port error wraps exactly one of these, so that the engine can
 * decide on retries without knowing the vendor. A `hint` is a sentence that tells a person what to do next.
 */
import { Schema } from "effect"

/** Too many calls. `retryAfterMs`: how long the other side asked us to wait. */
export class RateLimited extends Schema.TaggedError<RateLimited>("@opencx/core/RateLimited")("RateLimited", {
  retryAfterMs: Schema.NullOr(Schema.Number),
}) {
  get isRetryable(): boolean {
    return true
  }
}

/** The credentials are not accepted (any more). */
export class CredentialsRejected extends Schema.TaggedError<CredentialsRejected>(
  "@opencx/core/CredentialsRejected",
)("CredentialsRejected", { hint: Schema.String }) {
  get isRetryable(): boolean {
    return false
  }
}

/** The credentials are good, but not for this. */
export class PermissionDenied extends Schema.TaggedError<PermissionDenied>("@opencx/core/PermissionDenied")(
  "PermissionDenied",
  { hint: Schema.String },
) {
  get isRetryable(): boolean {
    return false
  }
}

export class NotFound extends Schema.TaggedError<NotFound>("@opencx/core/NotFound")("NotFound", {
  what: Schema.String,
}) {
  get isRetryable(): boolean {
    return false
  }
}

/** The other side is busy with the same thing, or changed it meanwhile: look again, then retry. */
export class Conflict extends Schema.TaggedError<Conflict>("@opencx/core/Conflict")("Conflict", {
  detail: Schema.String,
}) {
  get isRetryable(): boolean {
    return true
  }
}

/** The request can never succeed as it is. */
export class Invalid extends Schema.TaggedError<Invalid>("@opencx/core/Invalid")("Invalid", {
  issues: Schema.Array(Schema.String),
  hint: Schema.String,
}) {
  get isRetryable(): boolean {
    return false
  }
}

/** The ticket is closed and takes no more changes. */
export class Closed extends Schema.TaggedError<Closed>("@opencx/core/Closed")("Closed", {
  what: Schema.String,
}) {
  get isRetryable(): boolean {
    return false
  }
}

/** The other side cannot be reached or failed before doing anything. */
export class Unavailable extends Schema.TaggedError<Unavailable>("@opencx/core/Unavailable")("Unavailable", {
  detail: Schema.String,
  retryAfterMs: Schema.NullOr(Schema.Number),
}) {
  get isRetryable(): boolean {
    return true
  }
}

/** Nobody knows whether the write took effect: look before the next try. */
export class Ambiguous extends Schema.TaggedError<Ambiguous>("@opencx/core/Ambiguous")("Ambiguous", {
  detail: Schema.String,
}) {
  get isRetryable(): boolean {
    return true
  }
}

export const Reason = Schema.Union([
  RateLimited,
  CredentialsRejected,
  PermissionDenied,
  NotFound,
  Conflict,
  Invalid,
  Closed,
  Unavailable,
  Ambiguous,
])
export type Reason = typeof Reason.Type

/** One line for logs, dead letters and notes. Holds no secrets: adapters put none into reasons. */
export const describeReason = (reason: Reason): string => {
  switch (reason._tag) {
    case "RateLimited":
      return reason.retryAfterMs === null ? "rate limited" : `rate limited for ${reason.retryAfterMs} ms`
    case "CredentialsRejected":
    case "PermissionDenied":
      return reason.hint
    case "NotFound":
    case "Closed":
      return `${reason.what}: ${reason._tag === "Closed" ? "closed" : "not found"}`
    case "Conflict":
    case "Unavailable":
    case "Ambiguous":
      return reason.detail
    case "Invalid":
      return `${reason.issues.join("; ")}. ${reason.hint}`
  }
}

/** How long the other side asked us to wait, in milliseconds, or null. */
export const retryAfterOf = (reason: Reason): number | null =>
  reason._tag === "RateLimited" || reason._tag === "Unavailable" ? reason.retryAfterMs : null
