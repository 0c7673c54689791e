/** Why a call of a model failed. Holds nothing that the provider wrote: error texts of providers repeat keys and prompts. */
import { APICallError, RetryError } from "ai"
import { Data } from "effect"

export type LlmFailureKind =
  | "rate_limited"
  | "unavailable"
  | "timeout"
  | "credentials"
  | "refused"
  | "malformed"
  | "too_large"
  | "over_budget"

const final: ReadonlySet<LlmFailureKind> = new Set(["credentials", "refused", "too_large", "over_budget"])

/** `over_budget`: it was not asked. `status`: of HTTP, where there was an answer. `retryAfterMs`: how long the provider asked to wait, or null. */
export class LlmFailure extends Data.TaggedError("LlmFailure")<{
  readonly kind: LlmFailureKind
  readonly status: number | null
  readonly retryAfterMs: number | null
}> {
  override get message(): string {
    return this.status === null ? this.kind : `${this.kind} (${this.status})`
  }
  /** `malformed`: models are not deterministic, the next answer may be well formed. */
  get isRetryable(): boolean {
    return !final.has(this.kind)
  }
}

export const failureOf = (kind: LlmFailureKind, status: number | null = null): LlmFailure =>
  new LlmFailure({ kind, status, retryAfterMs: null })

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); `retry-after-ms` is OpenAI's own. `now`: epoch milliseconds. */
const retryAfterIn = (headers: Readonly<Record<string, string>>, now: number): number | null => {
  const precise = Number(headers["retry-after-ms"] ?? Number.NaN)
  if (Number.isFinite(precise) && precise >= 0) return precise
  const value = headers["retry-after"]?.trim() ?? ""
  if (value === "") return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : null
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

const kindOfStatus = (status: number): LlmFailureKind => {
  if (status === 429) return "rate_limited"
  if (status === 401 || status === 403) return "credentials"
  // 529: Anthropic's "overloaded". 408 and 409 are transient, too.
  if (status >= 500 || status === 408 || status === 409) return "unavailable"
  return status >= 400 ? "refused" : "malformed"
}

/** Thrown by our own `fetch`. */
export class TooLarge extends Error {
  override readonly name = "TooLarge"
}

const causes = (error: unknown): ReadonlyArray<unknown> => {
  const found: Array<unknown> = []
  let current = error
  while (current !== undefined && current !== null && found.length < 10) {
    found.push(current)
    current = current instanceof Error ? current.cause : undefined
  }
  return found
}

/** What `ai` or a provider package threw. `now`: epoch milliseconds, for a `Retry-After` that is a date. */
export const classify = (thrown: unknown, now: number): LlmFailure => {
  const error = RetryError.isInstance(thrown) ? thrown.lastError : thrown
  if (error instanceof LlmFailure) return error
  if (causes(error).some((one) => one instanceof TooLarge)) return failureOf("too_large")
  const call = causes(error).find((one) => APICallError.isInstance(one))
  if (call === undefined || !APICallError.isInstance(call)) {
    // Errors in the middle of a stream are network errors or the provider's own error events: both pass.
    return failureOf("unavailable")
  }
  const status = call.statusCode ?? null
  if (status === null) return failureOf("unavailable")
  return new LlmFailure({
    kind: kindOfStatus(status),
    status,
    retryAfterMs: retryAfterIn(call.responseHeaders ?? {}, now),
  })
}
