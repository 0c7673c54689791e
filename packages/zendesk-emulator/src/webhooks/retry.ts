import type { SendResult } from "./send.ts"

/**
 * Milliseconds until the next attempt, or undefined: 409 up to 3 retries; 429 and 503 only with a
 * `Retry-After` under 60 s; timeouts up to 5 retries; nothing else. `attempt` counts from 1.
 */
export const nextRetry = (result: SendResult, attempt: number): number | undefined => {
  if (result.kind === "timeout") return attempt <= 5 ? backoff(attempt) : undefined
  if (result.kind === "unreachable") return undefined
  if (result.status === 409) return attempt <= 3 ? backoff(attempt) : undefined
  if (result.status !== 429 && result.status !== 503) return undefined
  const seconds = Number(result.retryAfter ?? Number.NaN)
  // The number of such retries is not published; five keeps a stubborn receiver from looping for ever.
  return Number.isFinite(seconds) && seconds >= 0 && seconds < 60 && attempt <= 5
    ? seconds * 1_000
    : undefined
}

const backoff = (attempt: number): number => 1_000 * 2 ** (attempt - 1)
