/** `SignalInbox` in memory. */
import { Clock, Effect, Layer } from "effect"
import { SignalInbox, type WaitingSignal } from "../ports/SignalInbox.ts"

interface Kept {
  readonly signal: WaitingSignal
  readonly at: number
  handedOn: boolean
}

/** Signals in memory. Methods are synchronous, so each is a transaction by itself. */
export const signalsMemory: Layer.Layer<SignalInbox> = Layer.sync(SignalInbox, () => {
  const kept = new Map<string, Kept>()
  let last = 0
  return {
    keep: (signals) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        for (const signal of signals) {
          const key = `${signal.orgId}|${signal.signalKey}`
          if (!kept.has(key))
            kept.set(key, { signal: { ...signal, position: ++last }, at, handedOn: false })
        }
      }),
    waiting: (limit) =>
      Effect.sync(() =>
        [...kept.values()]
          .filter((one) => !one.handedOn)
          .slice(0, limit)
          .map((one) => one.signal),
      ),
    handedOn: (positions) =>
      Effect.sync(() => {
        const done = new Set(positions)
        for (const one of kept.values()) if (done.has(one.signal.position)) one.handedOn = true
      }),
    purge: (before) =>
      Effect.sync(() => {
        const old = [...kept].filter(([, one]) => one.handedOn && one.at < before)
        for (const [key] of old) kept.delete(key)
        return old.length
      }),
  }
})
