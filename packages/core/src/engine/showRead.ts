/** Shows the humans of a live chat that the customer has read what they wrote. */
import { Effect } from "effect"
import type { Session } from "../domain/Session.ts"
import { Organizations } from "./Organizations.ts"
import { SignPace } from "./SignPace.ts"

/**
 * Only in our own chats: on the help desk's channels it knows by itself. Not waited for, and what gets lost stays lost: the
 * next receipt says the same of everything before it.
 */
export const showRead = Effect.fnUntraced(function* (session: Session) {
  const { chat } = session
  if (chat === null || chat.native || chat.control !== "humans" || chat.userId === null) return
  if (!(yield* (yield* SignPace).claim(session, "read"))) return
  const organization = yield* (yield* Organizations).get(session.orgId).pipe(Effect.option)
  const messaging = organization._tag === "Some" ? organization.value.messaging : null
  if (messaging === null) return
  yield* messaging
    .customerRead(chat.conversationId, chat.userId)
    .pipe(Effect.ignoreCause, Effect.timeoutOption("5 seconds"), Effect.forkDetach)
})
