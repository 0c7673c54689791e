/**
 * Edge: real time. A loopback server over `node:http` meets the system's clock and timers here and nowhere
 * else.
 */

// @effect-diagnostics globalDate:off globalTimers:off

export const systemClock = (): number => Date.now()

/** `2026-11-21T07:11:00.000Z`. */
export const isoMillis = (ms: number): string => new Date(ms).toISOString()

/** `Sat, 21 Nov 2026 07:11:00 GMT`. */
export const longDate = (ms: number): string => new Date(ms).toUTCString()

/** Runs later; the result cancels. */
export const later = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
