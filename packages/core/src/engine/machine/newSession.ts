/** The session that an event begins. */
import { SessionId } from "../../domain/Ids.ts"
import { emptySession, type Session, type SessionOpening } from "../../domain/Session.ts"
import type { Env } from "./Draft.ts"

export const newSession = (env: Env, opening: Omit<SessionOpening, "id" | "at">): Session =>
  emptySession(env.lane, { ...opening, id: SessionId.make(env.newId()), at: env.now })
