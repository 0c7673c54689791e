/** Misbehaviour on demand. */

export type Operation = "messages" | "upload" | "lookup" | "download"

export type Misbehaviour =
  /** Meta's own error, before anything is done. */
  | { readonly kind: "error"; readonly code: number; readonly status?: number; readonly details?: string }
  /** A bare status, as a proxy in front of Meta gives it. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: number }
  /** The connection breaks before anything is done. */
  | { readonly kind: "reset" }
  /** Everything is done, then the connection breaks. */
  | { readonly kind: "resetAfterCommit" }
  /** Everything is done, and the answer cannot be read. */
  | { readonly kind: "garbage" }
  | { readonly kind: "latency"; readonly ms: number }

export type Fault = Misbehaviour & {
  readonly on: Operation
  /** Default 1. */
  readonly times?: number
  /** Requests of this kind that go well first. Default 0. */
  readonly after?: number
}

interface Armed {
  readonly fault: Fault
  left: number
  wait: number
}

export class Faults {
  private armed: Array<Armed> = []

  add(fault: Fault): void {
    this.armed.push({ fault, left: fault.times ?? 1, wait: fault.after ?? 0 })
  }

  clear(): void {
    this.armed = []
  }

  take(on: Operation): Misbehaviour | null {
    const next = this.armed.find((a) => a.fault.on === on && a.left > 0)
    if (next === undefined) return null
    if (next.wait > 0) {
      next.wait -= 1
      return null
    }
    next.left -= 1
    return next.fault
  }
}
