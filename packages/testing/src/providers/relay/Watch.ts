/** Waiting for something to come true: looked at on every change, with a time limit. */

/** Tells waiters that something changed. */
export class Watch {
  private readonly waiters = new Set<() => void>()

  changed(): void {
    for (const waiter of this.waiters) waiter()
  }

  /** Resolves when `look` gives something else than null; rejects after `ms`. */
  until<A>(what: string, look: () => A | null, ms = 10_000): Promise<A> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        this.waiters.delete(check)
      }
      const check = (): void => {
        const found = look()
        if (found === null) return
        finish()
        resolve(found)
      }
      // The fake runs outside any Effect runtime, as the provider it stands in for.
      // @effect-diagnostics-next-line globalTimers:off
      const timer = setTimeout(() => {
        finish()
        reject(new Error(`waited ${ms} ms for: ${what}`))
      }, ms)
      this.waiters.add(check)
      check()
    })
  }
}
