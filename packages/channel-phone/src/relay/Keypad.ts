/**
 * Keys that a caller presses. They come one by one; `#` or a pause ends an entry. A lone `0` asks for a human, so that a zero
 * inside a customer number does not.
 */
import { Effect, FiberHandle, type Scope } from "effect"

/** Longest entry, in keys. */
const MAX_KEYS = 32

export interface Keypad {
  readonly press: (digit: string) => Effect.Effect<void>
  /** Ends the entry now. */
  readonly flush: Effect.Effect<void>
}

export const makeKeypad = Effect.fnUntraced(function* (
  pauseMs: number,
  onEntry: (keys: string) => Effect.Effect<void>,
): Effect.fn.Return<Keypad, never, Scope.Scope> {
  const timer = yield* FiberHandle.make()
  let keys = ""
  const entered = Effect.suspend(() => {
    const entry = keys
    keys = ""
    return entry === "" ? Effect.void : onEntry(entry)
  })
  const flush = Effect.andThen(FiberHandle.clear(timer), entered)
  return {
    flush,
    press: (digit) =>
      Effect.suspend(() => {
        if (digit === "#") return flush
        if (!/^[0-9*A-D]$/.test(digit) || keys.length >= MAX_KEYS) return Effect.void
        keys += digit
        return Effect.asVoid(FiberHandle.run(timer, Effect.andThen(Effect.sleep(pauseMs), entered)))
      }),
  }
})
