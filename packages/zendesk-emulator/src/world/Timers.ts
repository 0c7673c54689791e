import { later } from "./edge.ts"

/** Real waits, all of which end when the world does. */
export class Timers {
  private readonly scale: number
  private readonly pending = new Set<() => void>()
  private closed = false

  constructor(scale: number) {
    this.scale = scale
  }

  /** Milliseconds of real time that stand for `ms` of the account's time. */
  scaled(ms: number): number {
    return ms * this.scale
  }

  after(ms: number, run: () => void): void {
    this.afterReal(this.scaled(ms), run)
  }

  /** Not scaled: for waits that a test asked for itself. */
  afterReal(ms: number, run: () => void): void {
    if (this.closed) return
    const cancel = later(ms, () => {
      this.pending.delete(cancel)
      run()
    })
    this.pending.add(cancel)
  }

  clear(): void {
    this.closed = true
    for (const cancel of this.pending) cancel()
    this.pending.clear()
  }
}
