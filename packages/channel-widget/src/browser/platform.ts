/** The browser's own clock, timers, chance and network. There is no Effect in the bundle, which has 20 kB in all. */

// @effect-diagnostics-next-line globalDate:off
export const now = (): number => Date.now()

// @effect-diagnostics-next-line globalDate:off
export const dateOf = (at: number): Date => new Date(at)

// @effect-diagnostics-next-line globalRandom:off
export const random = (): number => Math.random()

export type Timer = ReturnType<typeof setTimeout> | undefined

// @effect-diagnostics-next-line globalTimers:off
export const later = (run: () => void, ms: number): Timer => setTimeout(run, ms)

// @effect-diagnostics-next-line globalFetch:off
export const request = (url: string, init: RequestInit): Promise<Response> => fetch(url, init)
