/**
 * One live connection per browser: browsers allow six per host over HTTP/1.1. The tab that holds the lock has it and passes
 * on what it hears; where there are no locks or channels, every tab has its own.
 */

export interface TabsHost {
  /** Begins to listen; the result ends it. */
  lead(): () => void
  hear(name: string, data: unknown): void
}

export class Tabs {
  readonly #channel: BroadcastChannel | null
  readonly #abort = new AbortController()
  #stop: (() => void) | null = null
  #release: (() => void) | null = null
  #closed = false

  /** `name`: the same in all tabs of one visitor. */
  constructor(name: string, host: TabsHost) {
    this.#channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (this.#closed || !Array.isArray(data)) return
      const [event, body] = data
      if (typeof event === "string") host.hear(event, body)
    })
    const lead = (): void => {
      if (!this.#closed) this.#stop = host.lead()
    }
    // Old browsers and insecure pages have no locks.
    const locks: LockManager | undefined = navigator.locks
    if (this.#channel === null || locks === undefined) {
      lead()
      return
    }
    const hold = (): Promise<void> => {
      lead()
      return new Promise((resolve) => {
        if (this.#closed) resolve()
        else this.#release = resolve
      })
    }
    locks.request(name, { signal: this.#abort.signal }, hold).catch(() => {
      // Refused where storage is refused; ended by `close` otherwise.
      if (!this.#closed && this.#stop === null) lead()
    })
  }

  get leads(): boolean {
    return this.#stop !== null
  }

  tell(name: string, data: unknown): void {
    if (!this.#closed) this.#channel?.postMessage([name, data])
  }

  close(): void {
    this.#closed = true
    this.#stop?.()
    this.#release?.()
    this.#abort.abort()
    this.#channel?.close()
  }
}
