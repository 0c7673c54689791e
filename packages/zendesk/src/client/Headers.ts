/** Numbers that Zendesk puts into response headers. */
import { DateTime, Option } from "effect"

type HeaderMap = Readonly<Record<string, string | undefined>>

const count = (value: string | undefined): number | null =>
  value !== undefined && /^\d{1,9}(?:\.\d+)?$/.test(value.trim()) ? Number(value) : null

/** `Retry-After` in milliseconds from now: seconds or an HTTP date; null when absent or unreadable. */
export const retryAfterMs = (headers: HeaderMap, now: number): number | null => {
  const value = headers["retry-after"]
  const seconds = count(value)
  if (seconds !== null) return Math.ceil(seconds * 1_000)
  if (value === undefined) return null
  const date = DateTime.make(value)
  return Option.isSome(date) ? Math.max(0, DateTime.toEpochMillis(date.value) - now) : null
}

/** What the account says about its rate limit: calls per minute, calls left, milliseconds until the window is new. */
export interface RateHeaders {
  readonly limit: number | null
  readonly remaining: number | null
  readonly resetMs: number | null
}

/** Zendesk sends `X-Rate-Limit(-Remaining)` on every plan and `ratelimit-*` on newer ones; either will do. */
export const rateHeaders = (headers: HeaderMap): RateHeaders => {
  const reset = count(headers["ratelimit-reset"])
  return {
    limit: count(headers["x-rate-limit"]) ?? count(headers["ratelimit-limit"]),
    remaining: count(headers["x-rate-limit-remaining"]) ?? count(headers["ratelimit-remaining"]),
    resetMs: reset === null ? null : Math.ceil(reset * 1_000),
  }
}
