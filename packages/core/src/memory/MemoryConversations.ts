/** `ConversationStore` in memory: for tests and for trying things out. Everything is gone with the process. */
import { Clock, Effect, Layer } from "effect"
import { type Lane, laneKey } from "../domain/Lane.ts"
import type { Session } from "../domain/Session.ts"
import { StoreError } from "../errors/PortErrors.ts"
import { ConversationStore, type Decision } from "../ports/ConversationStore.ts"
import { ContactBook } from "./ContactBook.ts"
import { ConversationState } from "./conversationState.ts"
import { figureReads } from "./MemoryFigures.ts"
import { sessionReads } from "./MemorySessions.ts"
import { ThreadBook } from "./ThreadBook.ts"
import { workMethods } from "./MemoryWork.ts"

const refuse = (detail: string) => new StoreError({ operation: "ConversationStore.apply", detail })

/** The same refusals as the SQL store makes; null when the decision is sound. */
const faultOf = (lane: Lane, current: Session | null, decision: Decision): StoreError | null => {
  const { session, entries, work } = decision
  if (session === null) {
    return entries.length === 0 && work.length === 0
      ? null
      : refuse("a decision without a session can carry neither entries nor work")
  }
  const sameAccount = session.channel === lane.channel && session.accountId === lane.accountId
  if (session.orgId !== lane.orgId || session.threadKey !== lane.threadKey || !sameAccount) {
    return refuse("the decided session belongs to another lane")
  }
  const before = current?.id === session.id ? current.lastSeq : 0
  const gapless = entries.every((entry, i) => entry.seq === before + 1 + i && entry.sessionId === session.id)
  return gapless && session.lastSeq === before + entries.length
    ? null
    : refuse(`entries must be numbered on from ${before} up to the session's lastSeq`)
}

const eventId = (lane: Lane, eventKey: string): string => `${laneKey(lane)}\n${eventKey}`

const makeApply = (
  state: ConversationState,
  threads: ThreadBook["Service"],
): ConversationStore["Service"]["apply"] =>
  Effect.fn("ConversationStore.apply")(function* ({ lane, eventKey, sessionId, decide }) {
    const now = yield* Clock.currentTimeMillis
    const current = state.current(lane, sessionId)
    const event = eventId(lane, eventKey)
    if (state.events.has(event)) return { fresh: false, session: current, pending: state.pendingOf(current) }
    const decision = decide(current)
    const fault = faultOf(lane, current, decision)
    if (fault !== null) return yield* fault
    state.events.set(event, now)
    if (decision.session !== null) state.write(lane, decision.session, decision, now)
    if (decision.address !== null) threads.open(lane, lane.threadKey, now).address = decision.address
    return { fresh: true, session: decision.session, pending: state.pendingOf(decision.session) }
  })

const purge = (state: ConversationState, before: number): number => {
  const events = [...state.events].filter(([, at]) => at < before)
  for (const [key] of events) state.events.delete(key)
  const finished = [...state.work.values()].filter(
    (work) => (work.status === "done" || work.status === "discarded") && work.updatedAt < before,
  )
  for (const work of finished) state.work.delete(work.id)
  return events.length + finished.length
}

/** Conversations in memory. Its reply addresses are those of `threadsMemory`, its merged contacts those of `contactsMemory`. */
export const conversationsMemory: Layer.Layer<ConversationStore> = Layer.effect(
  ConversationStore,
  Effect.gen(function* () {
    const threads = yield* ThreadBook
    const contacts = yield* ContactBook
    const state = new ConversationState()
    return ConversationStore.of({
      apply: makeApply(state, threads),
      wasApplied: (lane, eventKey) => Effect.sync(() => state.events.has(eventId(lane, eventKey))),
      ...sessionReads(state, contacts),
      ...workMethods(state),
      ...figureReads(state),
      purge: (before) => Effect.sync(() => purge(state, before)),
      probe: Effect.void,
    })
  }),
).pipe(Layer.provide([ThreadBook.layer, ContactBook.layer]))
