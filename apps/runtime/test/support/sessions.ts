/** Conversations as they lie in a store, long over. */
import { type ContactId, emptySession, type Lane, type Session, SessionId } from "@opencx/core"
import { randomUUID } from "node:crypto"

/** A closed one, in which nothing happened after `at`. */
export const closedSession = (
  lane: Lane,
  { at, contactId, lastSeq = 0 }: { at: number; contactId: ContactId; lastSeq?: number },
): Session => ({
  ...emptySession(lane, {
    id: SessionId.make(randomUUID()),
    contactId,
    state: "closed",
    subject: null,
    language: null,
    at,
  }),
  lastSeq,
})
