/** Why one HTTP call gave no usable answer, with all that the mapping to a vendor-neutral reason needs. */
import { Data } from "effect"
import type { ErrorBody } from "./ErrorBody.ts"

/**
 * - `status`: Zendesk answered with something other than 2xx.
 * - `timeout` / `network`: no whole answer came. `neverSent` is true only when nothing can have reached Zendesk.
 * - `redirect`: it answered with a redirect that we do not follow.
 * - `too_large` / `malformed`: a 2xx answer that we could not read; the call itself took effect.
 * - `credentials`: Zendesk refused the credentials, also after a refresh.
 * - `breaker_open` / `rate_budget`: we refused the call ourselves; nothing was sent.
 */
export type FailureKind =
  | "status"
  | "timeout"
  | "network"
  | "redirect"
  | "too_large"
  | "malformed"
  | "credentials"
  | "breaker_open"
  | "rate_budget"

export class CallFailure extends Data.TaggedError("CallFailure")<{
  readonly kind: FailureKind
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly neverSent: boolean
  readonly retryAfterMs: number | null
  readonly body: ErrorBody | null
  readonly detail: string
}> {
  override get message(): string {
    const status = this.status === null ? "" : ` ${this.status}`
    return `${this.method} ${this.path}:${status} ${this.detail}`
  }
}

const writes = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** True when the call could have changed something. */
export const isWrite = (method: string): boolean => writes.has(method)

/** Counts against the account's health: the other side is broken or gone, rather than saying no. */
export const isOutage = (failure: CallFailure): boolean =>
  failure.kind === "timeout" ||
  failure.kind === "network" ||
  (failure.kind === "status" && failure.status !== null && failure.status >= 500)
