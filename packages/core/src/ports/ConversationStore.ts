/** Sessions, timelines and work orders. One `apply` is one transaction: all of a decision, or nothing. */
import { Context, type Effect } from "effect"
import type { ChatId, DeliveryId, OrgId, SessionId, TicketId } from "../domain/Ids.ts"
import type { Entry } from "../domain/Entry.ts"
import type { Figure, FiguresPeriod, UnansweredQuestion } from "../domain/Figures.ts"
import type { Lane } from "../domain/Lane.ts"
import type { Session, SessionState } from "../domain/Session.ts"
import type { Outcome, Task, Work, WorkId, WorkQueue } from "../domain/Work.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** A new piece of work, decided by the lane. */
export interface WorkOrder {
  readonly id: WorkId
  readonly queue: WorkQueue
  readonly task: Task
  readonly notBefore: number | null
}

/** What a lane decided about one event. Entries are numbered on from the session's `lastSeq`. */
export interface Decision {
  /** The session as it is afterwards; null when the event concerns none. */
  readonly session: Session | null
  readonly entries: ReadonlyArray<Entry>
  readonly work: ReadonlyArray<WorkOrder>
  /** New reply address of the thread (JSON by the channel plugin), or null to leave it. */
  readonly address: string | null
}

export interface Applied {
  /** False when this event had been applied before: then nothing was written. */
  readonly fresh: boolean
  readonly session: Session | null
  /**
   * Work to be woken, oldest first: at least what this decision ordered when it is fresh, else everything of the session
   * that is still pending (the process may have died before it woke it).
   */
  readonly pending: ReadonlyArray<Work>
}

export class ConversationStore extends Context.Service<
  ConversationStore,
  {
    /**
     * Applies one event to a lane, once per `eventKey` (unique within the lane). `decide` gets the session named by
     * `sessionId` (null if this lane has no such session); where `sessionId` is null, the lane's newest session that is not
     * closed, else its newest closed one, else null. It must be pure, as the transaction may be tried again.
     */
    apply(input: {
      readonly lane: Lane
      readonly eventKey: string
      readonly sessionId: SessionId | null
      readonly decide: (current: Session | null) => Decision
    }): Effect.Effect<Applied, StoreError>
    /** Whether this event has been applied to its lane. */
    wasApplied(lane: Lane, eventKey: string): Effect.Effect<boolean, StoreError>
    session(orgId: OrgId, id: SessionId): Effect.Effect<Session | null, StoreError>
    sessionByTicket(orgId: OrgId, ticketId: TicketId): Effect.Effect<Session | null, StoreError>
    /** The session that is linked to a live chat: the newest one. */
    sessionByChat(orgId: OrgId, chatId: ChatId): Effect.Effect<Session | null, StoreError>
    /** The sessions of a lane, oldest first, at most the newest `limit`. */
    sessionsOfLane(lane: Lane, limit: number): Effect.Effect<ReadonlyArray<Session>, StoreError>
    /** The session, and the `seq` of the entry, that a delivery belongs to. */
    delivery(
      orgId: OrgId,
      id: DeliveryId,
    ): Effect.Effect<{ readonly session: Session; readonly seq: number } | null, StoreError>
    /** Entries with `seq > after`, in order. */
    timeline(
      orgId: OrgId,
      sessionId: SessionId,
      options?: { readonly after?: number; readonly limit?: number },
    ): Effect.Effect<ReadonlyArray<Entry>, StoreError>
    /** Newest first. */
    sessions(
      orgId: OrgId,
      filter: {
        readonly states?: ReadonlyArray<SessionState>
        readonly limit: number
        readonly before?: number
      },
    ): Effect.Effect<ReadonlyArray<Session>, StoreError>
    /** Open sessions (any state but closed) of a contact, newest first. */
    openSessionsOf(orgId: OrgId, contactId: string): Effect.Effect<ReadonlyArray<Session>, StoreError>
    /** Sessions whose ticket is open and that a human may answer: what reconciliation looks at, longest unseen first. */
    watched(orgId: OrgId, limit: number): Effect.Effect<ReadonlyArray<Session>, StoreError>

    work(orgId: OrgId, id: WorkId): Effect.Effect<Work | null, StoreError>
    /**
     * Work of whatever organization: for the engine, whose ids stand in its own journal, and for commands of who owns the
     * machine. Never for an id that somebody outside has named.
     */
    anyWork(id: WorkId): Effect.Effect<Work | null, StoreError>
    /** Keeps the worker's step memory. */
    saveStep(id: WorkId, step: string): Effect.Effect<void, StoreError>
    /** Counts a failed try. */
    recordFailure(id: WorkId, error: string): Effect.Effect<void, StoreError>
    /** Ends the work. `dead` also makes it a dead letter. A second call changes nothing. */
    settle(id: WorkId, status: "done" | "dead", outcome: Outcome): Effect.Effect<void, StoreError>
    /** Pending work that is due and was not touched for `idleMs`: what the watchdog looks at. */
    stale(idleMs: number, limit: number): Effect.Effect<ReadonlyArray<Work>, StoreError>
    /** Dead work, newest first. */
    deadLetters(orgId: OrgId | null, limit: number): Effect.Effect<ReadonlyArray<Work>, StoreError>
    /** Dead → pending with the next epoch and a fresh count of attempts; null when it is not dead. */
    replay(orgId: OrgId, id: WorkId): Effect.Effect<Work | null, StoreError>
    /** Dead → discarded, with a reason kept in `lastError`. False when it is not dead. */
    discard(orgId: OrgId, id: WorkId, reason: string): Effect.Effect<boolean, StoreError>
    /** What came of the sessions that were opened in a period, added up. */
    figures(orgId: OrgId, period: FiguresPeriod): Effect.Effect<ReadonlyArray<Figure>, StoreError>
    /** Questions that the AI had no answer to, of sessions opened in the period: of its newest `limit` such sessions. */
    unanswered(
      orgId: OrgId,
      period: FiguresPeriod,
      limit: number,
    ): Effect.Effect<ReadonlyArray<UnansweredQuestion>, StoreError>
    /** How many work items stand in which status; for metrics. */
    workCounts: Effect.Effect<Readonly<Record<"pending" | "dead", number>>, StoreError>
    /** Deletes event keys and finished work older than this (epoch ms); answers with how many rows went. */
    purge(before: number): Effect.Effect<number, StoreError>
    /** Writes and reads back one row: whether the journal can be written now. */
    readonly probe: Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/ConversationStore") {}
