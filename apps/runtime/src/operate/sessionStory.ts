/** Everything about one session: where it stands, what was said, what was asked of the outside world and how often. */
import {
  Contacts,
  ConversationStore,
  type OrgId,
  type Session,
  type SessionId,
  SessionSearch,
} from "@opencx/core"
import { Effect } from "effect"

export const sessionStory = Effect.fnUntraced(function* (orgId: OrgId, id: SessionId) {
  const store = yield* ConversationStore
  const session: Session | null = yield* store.session(orgId, id)
  if (session === null) return null
  const contact = yield* (yield* Contacts).get(orgId, session.contactId)
  const entries = yield* store.timeline(orgId, session.id)
  const work = yield* (yield* SessionSearch).work(orgId, id)
  return { session, contact, entries, work }
})

export type SessionStory = NonNullable<Effect.Success<ReturnType<typeof sessionStory>>>
