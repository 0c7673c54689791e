/** Shows a customer that somebody is writing to them, where their channel can. */
import { Clock, Context, Effect, Layer } from "effect"
import type { Session } from "../domain/Session.ts"
import { Threads } from "../ports/Threads.ts"
import type { Organization } from "./Organizations.ts"

/** The sign, ready to be shown: best effort, and never for long. A channel that cannot is left alone. */
export const typingSign = Effect.fnUntraced(function* (organization: Organization, session: Session) {
  const sender = organization.channels.get(session.accountId)?.sender
  if (sender?.typing === undefined) return Effect.void
  const address = yield* (yield* Threads).address(session, session.threadKey)
  if (address === null) return Effect.void
  return sender
    .typing({ key: session.threadKey, address, lastInboundAt: session.lastInboundAt })
    .pipe(Effect.ignoreCause, Effect.timeoutOption("5 seconds"), Effect.asVoid)
})

/** Milliseconds between two signs for one session: help desks tell of typing every few seconds, signs last for 20 or more. */
const everyMs = 10_000
const maxSessions = 10_000

/** How often humans' typing is passed on, within this process. */
export class TypingPace extends Context.Service<
  TypingPace,
  {
    /** True when the session's sign may be shown (again). */
    readonly claim: (session: Session) => Effect.Effect<boolean>
  }
>()("@opencx/core/engine/TypingPace") {
  static readonly layer = Layer.sync(TypingPace, () => {
    const shown = new Map<string, number>()
    return {
      claim: (session) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const before = shown.get(session.id)
          if (before !== undefined && now - before < everyMs) return false
          if (shown.size >= maxSessions) shown.clear()
          shown.set(session.id, now)
          return true
        }),
    }
  })
}
