import { rateLimited } from "../http/Reply.ts"

const minute = 60_000

interface Window {
  start: number
  used: number
}

export interface Allowance {
  readonly ok: boolean
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** Fixed one-minute windows, one per pool. */
export class RateLimits {
  private readonly windows = new Map<string, Window>()
  private readonly sliding = new Map<string, Array<number>>()

  take(pool: string, limit: number, now: number): Allowance {
    const window = this.windowOf(pool, now)
    const ok = window.used < limit
    if (ok) window.used += 1
    return {
      ok,
      limit,
      remaining: Math.max(0, limit - window.used),
      resetSeconds: Math.max(1, Math.ceil((window.start + minute - now) / 1_000)),
    }
  }

  private windowOf(pool: string, now: number): Window {
    const current = this.windows.get(pool)
    // A clock that was set back must not freeze the window.
    if (current !== undefined && now >= current.start && now < current.start + minute) return current
    const fresh = { start: now, used: 0 }
    this.windows.set(pool, fresh)
    return fresh
  }

  /** An endpoint's own limit over a sliding span; answers 429 when it is used up. */
  takeSliding(key: string, limit: number, spanMs: number, now: number, what: string): void {
    if (limit === Number.POSITIVE_INFINITY) return
    const recent = (this.sliding.get(key) ?? []).filter((at) => at > now - spanMs && at <= now)
    this.sliding.set(key, recent)
    checkSliding(recent, limit, spanMs, now, what)
    recent.push(now)
    if (this.sliding.size > 50_000) this.sliding.clear()
  }
}

/** Throws 429 with the seconds until the oldest use leaves the span. */
export const checkSliding = (
  recent: ReadonlyArray<number>,
  limit: number,
  spanMs: number,
  now: number,
  what: string,
): void => {
  if (recent.length < limit) return
  const oldest = recent[recent.length - limit] ?? now
  throw rateLimited(Math.max(1, Math.ceil((oldest + spanMs - now) / 1_000)), what)
}
