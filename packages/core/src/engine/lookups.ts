/** Where an event belongs. */
import { Effect } from "effect"
import type { Lane } from "../domain/Lane.ts"
import type { Session } from "../domain/Session.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { KeptSignal } from "../ports/SignalInbox.ts"

export const laneOf = (session: Session): Lane => ({
  orgId: session.orgId,
  channel: session.channel,
  accountId: session.accountId,
  threadKey: session.threadKey,
})

/** The session of a ticket: by our own link first, then by the session id that the ticket carries. */
export const sessionOfTicket = Effect.fnUntraced(function* (
  signal: Pick<KeptSignal, "orgId" | "ticketId" | "sessionId">,
) {
  const store = yield* ConversationStore
  const linked = yield* store.sessionByTicket(signal.orgId, signal.ticketId)
  if (linked !== null || signal.sessionId === null) return linked
  return yield* store.session(signal.orgId, signal.sessionId)
})
