/** Conversations as they lie in a store, long over. */
import { type ContactId, type Lane, type Session, SessionId } from "@opencx/core"
import { randomUUID } from "node:crypto"

/** A closed one, in which nothing happened after `at`. */
export const closedSession = (
  lane: Lane,
  { at, contactId, lastSeq = 0 }: { at: number; contactId: ContactId; lastSeq?: number },
): Session => ({
  id: SessionId.make(randomUUID()),
  ...lane,
  contactId,
  state: "closed",
  subject: null,
  language: null,
  lastSeq,
  answeredSeq: 0,
  customerSeq: 0,
  forwardedSeq: 0,
  turn: null,
  handoffPending: false,
  recentAnswers: [],
  turns: 0,
  handoffs: 0,
  ticket: null,
  chat: null,
  held: [],
  lastInboundAt: null,
  humanName: null,
  createdAt: at,
  updatedAt: at,
})
