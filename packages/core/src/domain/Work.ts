/**
 * Work: what a session asks of the outside world. The lane decides and writes the order in the same transaction as the
 * timeline; a worker carries it out, and what came of it returns to the lane as an event.
 */
import { Effect, Schema } from "effect"
import { Attachment } from "./Attachment.ts"
import { Brief, HandoffReason } from "./Brief.ts"
import { assistFields, draftUseFields, Source, Trace } from "./Entry.ts"
import { ChatId, CommentId, DeskUserId, SessionId, TicketId } from "./Ids.ts"
import { Lane } from "./Lane.ts"
import { ChatControl, TicketStatus } from "./Session.ts"
import { CustomerText } from "./Surface.ts"

export const WorkId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("WorkId"))
export type WorkId = typeof WorkId.Type

/** Orders of one queue of one session run one after the other, in the order of their creation. */
export const WorkQueue = Schema.Literals(["ai", "desk", "sync", "out", "timer"])
export type WorkQueue = typeof WorkQueue.Type

export const TimerKind = Schema.Literals(["no_human", "idle"])
export type TimerKind = typeof TimerKind.Type

export const Task = Schema.TaggedUnion({
  /** Queue `ai`: one AI turn over everything up to `upToSeq`. */
  Think: { turn: Schema.Int, upToSeq: Schema.Int },
  /** Queue `desk`: brief, then a ticket (or a comment on the one that is still open). */
  OpenTicket: { handoff: Schema.Int, reason: HandoffReason, upToSeq: Schema.Int },
  /** Queue `desk`: brief, transcript, then the live chat is given to the humans. */
  OpenChat: { handoff: Schema.Int, reason: HandoffReason, upToSeq: Schema.Int },
  /** Queue `sync`: see whether the customer is somebody whom the help desk knows already. */
  MergeIdentity: {},
  /** Queue `desk`: takes the live chat back from the humans, whom the customer has dismissed. */
  TakeChatBack: {},
  /** Queue `desk`: customer messages up to `upToSeq` (or newer): one comment on the ticket, or each in the live chat. */
  Forward: { upToSeq: Schema.Int },
  /** Queue `desk`: an internal note for the humans. `entrySeq`: the entry that it tells of, where a transcript may show it too. */
  Note: { text: Schema.String, entrySeq: Schema.optionalKey(Schema.Int) },
  /**
   * Queue `sync`: read new human comments, and the status when `readStatus`. A queue of its own: a human's words do not
   * wait behind a comment of ours that has to wait for Zendesk's update limit.
   */
  SyncTicket: { ticketId: TicketId, readStatus: Schema.Boolean },
  /** Queue `desk`: look at a ticket that humans work on, and draft a reply for them if there is something new. */
  Assist: { ticketId: TicketId },
  /**
   * Queue `timer`: see what an agent made of the draft about this comment. `look`: 1 for the first; the last one that is
   * configured decides.
   */
  ReviewDraft: { ticketId: TicketId, about: CommentId, look: Schema.Int },
  /** Queue `out`: send the entry with this `seq` to the customer. */
  Deliver: { seq: Schema.Int },
  /** Queue `timer`: nothing but the passing of time. `stamp` tells whether it still matters when it fires. */
  Wait: { kind: TimerKind, stamp: Schema.Int },
})
export type Task = typeof Task.Type

/** A comment that is ready to be delivered: files already in the blob store. */
export const FetchedComment = Schema.Struct({
  commentId: CommentId,
  authorName: Schema.NullOr(Schema.String),
  text: CustomerText,
  attachments: Schema.Array(Attachment),
  createdAt: Schema.Number,
})
export type FetchedComment = typeof FetchedComment.Type

export const Outcome = Schema.TaggedUnion({
  Answered: {
    turn: Schema.Int,
    upToSeq: Schema.Int,
    text: CustomerText,
    sources: Schema.Array(Source),
    confidence: Schema.Number,
    /** True for a question back to the customer. */
    askBack: Schema.Boolean,
    language: Schema.NullOr(Schema.String),
    trace: Trace,
  },
  Escalated: {
    turn: Schema.Int,
    upToSeq: Schema.Int,
    reason: HandoffReason,
    language: Schema.NullOr(Schema.String),
    trace: Schema.NullOr(Trace),
  },
  TicketReady: {
    ticketId: TicketId,
    requesterId: Schema.NullOr(DeskUserId),
    status: TicketStatus,
    created: Schema.Boolean,
    brief: Brief,
    upToSeq: Schema.Int,
    commentCursor: Schema.NullOr(CommentId),
    /** What was left out, in plain words. */
    warnings: Schema.Array(Schema.String).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
    /** The tags that went to the help desk with it. */
    tags: Schema.Array(Schema.String).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  },
  ChatReady: {
    conversationId: ChatId,
    userId: Schema.String,
    created: Schema.Boolean,
    brief: Brief,
    upToSeq: Schema.Int,
    /** What an administrator should put right, and what did not fit. */
    warnings: Schema.Array(Schema.String),
    /** The tags that went to the help desk with it. */
    tags: Schema.Array(Schema.String).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  },
  /** The humans had let go of the chat: the signal of it was lost. */
  ChatControlFound: { conversationId: ChatId, control: ChatControl },
  IdentityDecided: {
    decision: Schema.Literals(["merged", "linked", "refused", "nothing"]),
    reason: Schema.String,
    evidence: Schema.Array(Schema.String),
  },
  Forwarded: { upToSeq: Schema.Int },
  /** The ticket turned out to be closed. */
  TicketClosed: { ticketId: TicketId },
  Noted: {},
  TicketSynced: {
    ticketId: TicketId,
    status: Schema.NullOr(TicketStatus),
    cursor: Schema.NullOr(CommentId),
    comments: Schema.Array(FetchedComment),
  },
  Delivered: {
    seq: Schema.Int,
    providerId: Schema.NullOr(Schema.String),
    messageId: Schema.NullOr(Schema.String),
  },
  /** Kept until the customer writes again. `explanation` in plain words. */
  Held: { seq: Schema.Int, explanation: Schema.String },
  /** A draft was posted, or there is none and the ticket says why. */
  Assisted: assistFields,
  /** What the agent made of a draft. */
  DraftReviewed: draftUseFields,
  /** No agent has answered yet: there will be another look. */
  DraftOpen: {},
  /** No longer wanted when its time came: a human had taken over, or another run had done it. */
  Skipped: { why: Schema.String },
  /** Given up. `explanation` in plain words; `permanent` when no retry could have helped. */
  Failed: { explanation: Schema.String, permanent: Schema.Boolean },
  TimerFired: {},
})
export type Outcome = typeof Outcome.Type

/** `dead`: given up after an error; an operator may replay it. */
export const WorkStatus = Schema.Literals(["pending", "done", "dead", "discarded"])
export type WorkStatus = typeof WorkStatus.Type

export const Work = Schema.Struct({
  id: WorkId,
  lane: Lane,
  sessionId: SessionId,
  queue: WorkQueue,
  task: Task,
  status: WorkStatus,
  /** How often it was replayed; part of its message key, so that a replay really runs again. */
  epoch: Schema.Int,
  attempts: Schema.Int,
  /** Step memory: JSON that the worker keeps between tries (a frozen request, an uploaded file). */
  step: Schema.NullOr(Schema.String),
  outcome: Schema.NullOr(Outcome),
  lastError: Schema.NullOr(Schema.String),
  /** Epoch milliseconds: not to be started before; null for at once. */
  notBefore: Schema.NullOr(Schema.Number),
  createdAt: Schema.Number,
  updatedAt: Schema.Number,
})
export type Work = typeof Work.Type
