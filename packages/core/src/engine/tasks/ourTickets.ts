/** Which tickets are conversations of ours. */
import { Effect, Schema } from "effect"
import { type OrgId, SessionId } from "../../domain/Ids.ts"
import { ConversationStore } from "../../ports/ConversationStore.ts"
import type { TicketSnapshot } from "../../ports/Ticketing.ts"

const isSessionId = Schema.is(SessionId)

/** Our own tickets have a conversation behind them: by our link, or by the session that they name. */
export const isOurConversation = Effect.fnUntraced(function* (
  orgId: OrgId,
  { externalId, ticketId }: Pick<TicketSnapshot, "ticketId" | "externalId">,
) {
  const store = yield* ConversationStore
  if ((yield* store.sessionByTicket(orgId, ticketId)) !== null) return true
  if (externalId === null || !isSessionId(externalId)) return false
  return (yield* store.session(orgId, externalId)) !== null
})
