/** Keeps passing signs (somebody writes, somebody has read) from being passed on more often than they mean something. */
import { Clock, Context, Effect, Layer } from "effect"
import type { Session } from "../domain/Session.ts"

/**
 * Milliseconds between two of a kind for one session. Help desks tell of typing every few seconds, and channels show it for
 * 20; receipts of several messages come together.
 */
const everyMs = { typing: 10_000, read: 1_000 } as const

const maxRemembered = 20_000

export class SignPace extends Context.Service<
  SignPace,
  {
    /** True when the session's sign may be shown (again). Of this process alone. */
    readonly claim: (session: Session, sign: keyof typeof everyMs) => Effect.Effect<boolean>
  }
>()("@opencx/core/engine/SignPace") {
  static readonly layer = Layer.sync(SignPace, () => {
    const shown = new Map<string, number>()
    return {
      claim: (session, sign) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const key = `${sign}|${session.id}`
          const before = shown.get(key)
          if (before !== undefined && now - before < everyMs[sign]) return false
          if (shown.size >= maxRemembered) shown.clear()
          shown.set(key, now)
          return true
        }),
    }
  })
}
