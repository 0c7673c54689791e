/** Shows a customer that somebody is writing to them, where their channel can. */
import { Effect } from "effect"
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
