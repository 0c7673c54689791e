/**
 * What this process has accepted but not finished. The durable truth is in the store; this is how the watchdog notices
 * that something which should be running is not.
 */
import { Clock, Context, Effect, Latch, Layer } from "effect"
import type { StoreError } from "../errors/PortErrors.ts"

/** `waiting`: accepted and not begun. `running`: a handler is at it. */
interface Item {
  state: "waiting" | "running"
  since: number
  /** The entity that it was sent to: only its oldest waiting item can be stuck, and only while nothing runs there. */
  readonly mailbox: string
  /** Opened when it is finished. */
  readonly end: Latch.Latch
  readonly isDone: Effect.Effect<boolean, StoreError>
}

export interface Backlog {
  /** How long an item has waited at most although nothing before it runs; 0 when there is none. */
  readonly oldestMs: number
  readonly waiting: number
  readonly running: number
}

const unknown: Effect.Effect<boolean> = Effect.succeed(false)

export class Progress extends Context.Service<
  Progress,
  {
    /** Something was sent to a mailbox. `isDone` asks the store: a duplicate of finished work is never handled again. */
    waiting(key: string, mailbox: string, isDone: Effect.Effect<boolean, StoreError>): Effect.Effect<void>
    running(key: string, mailbox: string): Effect.Effect<void>
    finished(key: string): Effect.Effect<void>
    /** Returns when the item is finished in this process; at once when it is not known here. */
    untilFinished(key: string): Effect.Effect<void>
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
      waiting: (key, mailbox, isDone) =>
        Effect.map(now, (since) => {
          // A second acceptance of the same event is a duplicate, not a newer wait.
          if (!items.has(key))
            items.set(key, { state: "waiting", since, mailbox, isDone, end: Latch.makeUnsafe() })
        }),
      running: (key, mailbox) =>
        Effect.map(now, (since) => {
          const known = items.get(key)
          const isDone = known?.isDone ?? unknown
          items.set(key, { state: "running", since, mailbox, isDone, end: known?.end ?? Latch.makeUnsafe() })
        }),
      finished: (key) =>
        Effect.map(now, (at) => {
          const item = items.get(key)
          const mailbox = item?.mailbox
          items.delete(key)
          item?.end.openUnsafe()
          // Its followers could not begin before: their wait counts from now.
          for (const item of items.values()) if (item.mailbox === mailbox) item.since = at
        }),
      untilFinished: (key) => Effect.suspend(() => items.get(key)?.end.await ?? Effect.void),
      backlog: Effect.map(now, (at) => {
        let oldest = at
        let waiting = 0
        const busy = new Set([...items.values()].filter((i) => i.state === "running").map((i) => i.mailbox))
        for (const item of items.values()) {
          if (item.state !== "waiting") continue
          waiting += 1
          // Behind a slow one (a help desk that is down, a long answer) is a queue, not a standstill.
          if (busy.has(item.mailbox)) continue
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
