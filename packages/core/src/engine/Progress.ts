/**
 * What this process has accepted but not finished. The durable truth is in the store; this is how the watchdog notices
 * that something which should be running is not.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { StoreError } from "../errors/PortErrors.ts"

/** `waiting`: accepted and not begun. `running`: a handler is at it. */
interface Item {
  state: "waiting" | "running"
  since: number
  readonly isDone: Effect.Effect<boolean, StoreError>
}

export interface Backlog {
  /** How long the oldest waiting item has waited; 0 when nothing waits. */
  readonly oldestMs: number
  readonly waiting: number
  readonly running: number
}

const unknown: Effect.Effect<boolean> = Effect.succeed(false)

export class Progress extends Context.Service<
  Progress,
  {
    /** Something was sent to a mailbox. `isDone` asks the store: a duplicate of finished work is never handled again. */
    waiting(key: string, isDone: Effect.Effect<boolean, StoreError>): Effect.Effect<void>
    running(key: string): Effect.Effect<void>
    finished(key: string): Effect.Effect<void>
    readonly backlog: Effect.Effect<Backlog>
    /** Forgets waiting items older than this that the store knows to be done. */
    settle(olderThanMs: number): Effect.Effect<void, StoreError>
    /** After a restart of the engine everything waits anew. */
    readonly reset: Effect.Effect<void>
  }
>()("@opencx/core/engine/Progress") {
  static readonly layer = Layer.sync(Progress, () => {
    const items = new Map<string, Item>()
    const now = Clock.currentTimeMillis
    return {
      waiting: (key, isDone) =>
        Effect.map(now, (since) => {
          // A second acceptance of the same event is a duplicate, not a newer wait.
          if (!items.has(key)) items.set(key, { state: "waiting", since, isDone })
        }),
      running: (key) =>
        Effect.map(now, (since) => {
          items.set(key, { state: "running", since, isDone: items.get(key)?.isDone ?? unknown })
        }),
      finished: (key) => Effect.sync(() => void items.delete(key)),
      backlog: Effect.map(now, (at) => {
        let oldest = at
        let waiting = 0
        for (const item of items.values()) {
          if (item.state !== "waiting") continue
          waiting += 1
          oldest = Math.min(oldest, item.since)
        }
        return { oldestMs: at - oldest, waiting, running: items.size - waiting }
      }),
      settle: Effect.fnUntraced(function* (olderThanMs) {
        const before = (yield* now) - olderThanMs
        const old = [...items].filter(([, item]) => item.state === "waiting" && item.since < before)
        for (const [key, item] of old) if (yield* item.isDone) items.delete(key)
      }),
      reset: Effect.map(now, (since) => {
        for (const item of items.values()) {
          item.state = "waiting"
          item.since = since
        }
      }),
    }
  })
}
