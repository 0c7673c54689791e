/** What the in-memory conversation store keeps. Methods are synchronous, so each is a transaction by itself. */
import type { Entry } from "../domain/Entry.ts"
import type { SessionId } from "../domain/Ids.ts"
import { type Lane, laneKey } from "../domain/Lane.ts"
import type { Session } from "../domain/Session.ts"
import type { Work, WorkId } from "../domain/Work.ts"
import type { Decision } from "../ports/ConversationStore.ts"

/** The session that was opened last, or null. */
export const newest = (sessions: ReadonlyArray<Session>): Session | null =>
  sessions.reduce<Session | null>(
    (best, s) => (best === null || s.createdAt > best.createdAt ? s : best),
    null,
  )

const append = <K, V>(map: Map<K, Array<V>>, key: K, values: ReadonlyArray<V>): void => {
  const known = map.get(key)
  if (known === undefined) map.set(key, [...values])
  else known.push(...values)
}

export class ConversationState {
  /** Lane and event key → when it was applied. */
  readonly events = new Map<string, number>()
  readonly sessions = new Map<SessionId, Session>()
  readonly entries = new Map<SessionId, Array<Entry>>()
  readonly work = new Map<WorkId, Work>()
  /** When reconciliation last looked at a session. */
  readonly seen = new Map<SessionId, number>()
  readonly #lanes = new Map<string, Array<SessionId>>()
  readonly #workOf = new Map<SessionId, Array<WorkId>>()

  /** In the order in which they were opened. */
  ofLane(lane: Lane): ReadonlyArray<Session> {
    return (this.#lanes.get(laneKey(lane)) ?? []).flatMap((id) => this.sessions.get(id) ?? [])
  }

  /** The session that an event in this lane concerns. */
  current(lane: Lane, named: SessionId | null): Session | null {
    const inLane = this.ofLane(lane)
    if (named !== null) return inLane.find((s) => s.id === named) ?? null
    return newest(inLane.filter((s) => s.state !== "closed")) ?? newest(inLane)
  }

  pendingOf(session: Session | null): ReadonlyArray<Work> {
    if (session === null) return []
    const all = (this.#workOf.get(session.id) ?? []).flatMap((id) => this.work.get(id) ?? [])
    return all.filter((work) => work.status === "pending")
  }

  write(lane: Lane, session: Session, decision: Decision, now: number): void {
    if (!this.sessions.has(session.id)) {
      append(this.#lanes, laneKey(lane), [session.id])
      this.seen.set(session.id, now)
    }
    this.sessions.set(session.id, session)
    append(this.entries, session.id, decision.entries)
    for (const order of decision.work) {
      this.work.set(order.id, newWork(lane, session.id, order, now))
      append(this.#workOf, session.id, [order.id])
    }
  }
}

const newWork = (lane: Lane, sessionId: SessionId, order: Decision["work"][number], now: number): Work => ({
  id: order.id,
  lane,
  sessionId,
  queue: order.queue,
  task: order.task,
  status: "pending",
  epoch: 0,
  attempts: 0,
  step: null,
  outcome: null,
  lastError: null,
  notBefore: order.notBefore,
  createdAt: now,
  updatedAt: now,
})
