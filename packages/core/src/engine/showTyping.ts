/** Shows a customer that somebody is writing to them, where their channel can. */
import { Effect } from "effect"
import type { Session } from "../domain/Session.ts"
import { Threads } from "../ports/Threads.ts"
import type { Organization } from "./Organizations.ts"

/** Best effort, and never for long. A channel that cannot is left alone. */
export const showTyping = Effect.fnUntraced(
  function* (organization: Organization, session: Session) {
    const sender = organization.channels.get(session.accountId)?.sender
    if (sender?.typing === undefined) return
    const address = yield* (yield* Threads).address(session, session.threadKey)
    if (address === null) return
    yield* sender.typing({ key: session.threadKey, address, lastInboundAt: session.lastInboundAt })
  },
  (showing) => showing.pipe(Effect.ignoreCause, Effect.timeoutOption("5 seconds"), Effect.asVoid),
)
