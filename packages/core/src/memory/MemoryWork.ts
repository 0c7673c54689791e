import { Clock, Effect } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { Work, WorkId, WorkStatus } from "../domain/Work.ts"
import type { ConversationStore } from "../ports/ConversationStore.ts"
import type { ConversationState } from "./conversationState.ts"

type WorkMethods = Pick<
  ConversationStore["Service"],
  | "work"
  | "anyWork"
  | "saveStep"
  | "recordFailure"
  | "settle"
  | "stale"
  | "deadLetters"
  | "replay"
  | "discard"
  | "workCounts"
>

/** The life of work in memory. */
export const workMethods = (state: ConversationState): WorkMethods => {
  const all = () => [...state.work.values()]

  /** Changes the work when it stands where it must; answers with what it became, else null. */
  const change = (id: WorkId, from: WorkStatus, patch: (work: Work) => Partial<Work>) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const work = state.work.get(id)
      if (work === undefined || work.status !== from) return null
      const next = { ...work, ...patch(work), updatedAt: now }
      state.work.set(id, next)
      return next
    })
  const ofOrg = (orgId: OrgId, id: WorkId): Work | null => {
    const work = state.work.get(id)
    return work?.lane.orgId === orgId ? work : null
  }
  const changeDead = (orgId: OrgId, id: WorkId, patch: (work: Work) => Partial<Work>) =>
    Effect.suspend(() => (ofOrg(orgId, id) === null ? Effect.succeed(null) : change(id, "dead", patch)))
  const isIdleSince = (work: Work, since: number) =>
    work.status === "pending" && work.updatedAt <= since && (work.notBefore ?? since) <= since

  return {
    work: (orgId, id) => Effect.sync(() => ofOrg(orgId, id)),
    anyWork: (id) => Effect.sync(() => state.work.get(id) ?? null),
    saveStep: (id, step) => Effect.asVoid(change(id, "pending", () => ({ step }))),
    recordFailure: (id, lastError) =>
      Effect.asVoid(change(id, "pending", (work) => ({ attempts: work.attempts + 1, lastError }))),
    settle: (id, status, outcome) => Effect.asVoid(change(id, "pending", () => ({ status, outcome }))),
    stale: (idleMs, limit) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        all()
          .filter((work) => isIdleSince(work, now - idleMs))
          .sort((a, b) => a.updatedAt - b.updatedAt)
          .slice(0, limit),
      ),
    deadLetters: (orgId, limit) =>
      Effect.sync(() =>
        all()
          .filter((work) => work.status === "dead" && (orgId === null || work.lane.orgId === orgId))
          .toReversed()
          .sort((a, b) => b.updatedAt - a.updatedAt)
          .slice(0, limit),
      ),
    replay: (orgId, id) =>
      changeDead(orgId, id, (work) => ({
        status: "pending",
        epoch: work.epoch + 1,
        attempts: 0,
        outcome: null,
      })),
    discard: (orgId, id, reason) =>
      Effect.map(
        changeDead(orgId, id, () => ({ status: "discarded", lastError: reason })),
        (work) => work !== null,
      ),
    workCounts: Effect.sync(() => {
      const count = (status: WorkStatus) => all().filter((work) => work.status === status).length
      return { pending: count("pending"), dead: count("dead") }
    }),
  }
}
