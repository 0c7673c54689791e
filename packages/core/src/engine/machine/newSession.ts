/** A session before anything has happened in it. */
import { SessionId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Env } from "./Draft.ts"

/** What differs from session to session at its beginning. */
type Opening = Pick<Session, "contactId" | "state" | "subject" | "language">

export const newSession = (env: Env, opening: Opening): Session => ({
  ...opening,
  id: SessionId.make(env.newId()),
  orgId: env.lane.orgId,
  channel: env.lane.channel,
  accountId: env.lane.accountId,
  threadKey: env.lane.threadKey,
  lastSeq: 0,
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
  createdAt: env.now,
  updatedAt: env.now,
})
