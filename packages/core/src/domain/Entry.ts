/** The timeline: append-only lines of a session. Everything a person sees is rendered from it. */
import { Effect, Schema } from "effect"
import { Attachment } from "./Attachment.ts"
import { Brief, HandoffReason } from "./Brief.ts"
import { ModelUse } from "./ModelUse.ts"
import { BlobId, ChatId, CommentId, DeliveryId, SessionId, TicketId } from "./Ids.ts"
import { CustomerText } from "./Surface.ts"

/** An article that an answer rests on. Customer answers carry public articles only. */
export const Source = Schema.Struct({
  articleId: Schema.String,
  title: Schema.String,
  url: Schema.NullOr(Schema.String),
})
export type Source = typeof Source.Type

/** An article that a draft for agents rests on. `internal`: customers must not get to know it. */
export const AgentSource = Schema.Struct({ ...Source.fields, internal: Schema.Boolean })
export type AgentSource = typeof AgentSource.Type

/** What came of looking at a ticket for the agents. `nothing_to_answer`: thanks, or a greeting. */
export const AssistVerdict = Schema.Literals([
  "drafted",
  "not_helpful_answer",
  "topic_no_assist",
  "nothing_to_answer",
])
export type AssistVerdict = typeof AssistVerdict.Type

/** How an AI turn came about: queries, hits with scores, signals. Shown to operators, never to customers. */
export const Trace = Schema.Struct({
  agent: Schema.String,
  queries: Schema.Array(Schema.String),
  hits: Schema.Array(Schema.Struct({ articleId: Schema.String, title: Schema.String, score: Schema.Number })),
  signals: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number, Schema.Boolean])),
  latencyMs: Schema.Number,
  /** Absent where no model was asked. */
  model: Schema.optionalKey(ModelUse),
})
export type Trace = typeof Trace.Type

/** `held`: it waits until the customer writes again, because the channel's reply window is closed. */
export const DeliveryStatus = Schema.Literals(["pending", "held", "sent", "delivered", "read", "failed"])
export type DeliveryStatus = typeof DeliveryStatus.Type

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

/** What came of a look at a ticket that is none of ours. `text`: the note as it was posted. */
export const assistFields = {
  ticketId: TicketId,
  /** What it is about: comments of the customer, or an agent's note that asked. */
  commentIds: Schema.Array(CommentId),
  result: AssistVerdict,
  text: Schema.NullOr(Schema.String),
  /** The suggested reply alone, for the comparison with what the agent sends. */
  draft: withDefault(Schema.NullOr(Schema.String), null),
  sources: Schema.Array(AgentSource),
  trace: Trace,
  /** Tags that the ticket got with it; none on entries of releases that did not note them. */
  tags: withDefault(Schema.Array(Schema.String), []),
}

/** What an agent made of a draft. `kept` allows for a greeting and a signature of their own. */
export const DraftVerdict = Schema.Literals(["kept", "edited", "unused"])
export type DraftVerdict = typeof DraftVerdict.Type

/** A draft beside the agent's next public comment, by words; only the beginning of long texts is compared. */
export const draftUseFields = {
  ticketId: TicketId,
  /** Newest comment that the draft is about: the draft's name. */
  about: CommentId,
  use: DraftVerdict,
  /** The agent's comment; null when none came in time. */
  replyId: Schema.NullOr(CommentId),
  /** Words that were added, taken out or replaced. */
  distance: Schema.Int,
  draftWords: Schema.Int,
  replyWords: Schema.Int,
}

export const EntryBody = Schema.TaggedUnion({
  CustomerMessage: {
    /** What the customer newly wrote (quotes and signature stripped), Markdown. */
    text: Schema.String,
    /** The whole body where it differs from `text`. */
    fullText: Schema.NullOr(Schema.String),
    attachments: Schema.Array(Attachment),
    /** The provider's id of this message (an email's Message-ID). */
    messageId: Schema.NullOr(Schema.String),
    /** The message as it came, byte by byte. */
    rawBlobId: Schema.NullOr(BlobId),
    /** True for auto-replies, bulk mail and the like: kept, never answered. */
    automatic: Schema.Boolean,
    /** False when the sender could not be authenticated (DMARC none or fail). */
    identified: Schema.Boolean,
  },
  AiAnswer: {
    text: CustomerText,
    sources: Schema.Array(Source),
    confidence: Schema.Number,
    trace: Trace,
    /** True when a human had taken over meanwhile: stored, not sent. */
    withheld: Schema.Boolean,
    /** True for a question back to the customer, which helps nobody by itself. */
    askBack: withDefault(Schema.Boolean, false),
    deliveryId: DeliveryId,
  },
  HumanReply: {
    text: CustomerText,
    authorName: Schema.NullOr(Schema.String),
    /** Where it was written: a comment of a ticket, or a message of a live chat. */
    commentId: Schema.NullOr(CommentId),
    ticketId: Schema.NullOr(TicketId),
    chatMessageId: withDefault(Schema.NullOr(Schema.String), null),
    attachments: Schema.Array(Attachment),
    deliveryId: DeliveryId,
    /** True when the help desk owns the channel and has delivered it itself. */
    byDesk: withDefault(Schema.Boolean, false),
  },
  /** What an assistant other than our AI said to the customer (a hosted voice agent). */
  AssistantLine: { text: Schema.String, by: Schema.String },
  /** The customer heard only so much of what was said. */
  Heard: { deliveryId: DeliveryId, text: Schema.String },
  SystemMessage: {
    /** A configured sentence to the customer: handoff confirmed, apology, nobody there. */
    text: CustomerText,
    purpose: Schema.String,
    deliveryId: DeliveryId,
  },
  HandoffRequested: { reason: HandoffReason, trace: Schema.NullOr(Trace) },
  HandoffConfirmed: {
    /** Null for a live chat, whose ticket the help desk makes by itself. */
    ticketId: Schema.NullOr(TicketId),
    chatId: withDefault(Schema.NullOr(ChatId), null),
    brief: Brief,
    created: Schema.Boolean,
    /** The tags that went to the help desk with it; none on entries of releases that did not note them. */
    tags: withDefault(Schema.Array(Schema.String), []),
  },
  HandoffFailed: { explanation: Schema.String },
  Handback: { reason: Schema.String },
  /** Written by us for humans only. */
  InternalNote: { text: Schema.String },
  /** A draft for the agents of a ticket that is none of ours, or why there was none. */
  Assist: assistFields,
  /** What the agent made of a draft. */
  DraftUse: draftUseFields,
  TicketStatusChanged: { ticketId: TicketId, status: Schema.String },
  DeliveryUpdate: {
    deliveryId: DeliveryId,
    status: DeliveryStatus,
    providerId: Schema.NullOr(Schema.String),
    explanation: Schema.NullOr(Schema.String),
  },
  /** The customer opted out of further messages on this account, or in again. */
  OptOut: { optedOut: Schema.Boolean, word: Schema.String },
  /** What became of the question whether the customer is somebody whom the help desk knows already. */
  IdentityDecision: {
    decision: Schema.Literals(["merged", "linked", "refused", "nothing"]),
    reason: Schema.String,
    evidence: Schema.Array(Schema.String),
  },
  CallEnded: {
    reason: Schema.String,
    summary: Schema.NullOr(Schema.String),
    recordingUrl: Schema.NullOr(Schema.String),
  },
  /** The customer's verdict: on an answer 0 or 1, on the conversation 1 to 5. */
  Rating: {
    kind: Schema.Literals(["answer", "conversation"]),
    score: Schema.Number,
    comment: Schema.NullOr(Schema.String),
    deliveryId: Schema.NullOr(DeliveryId),
  },
  /** An address that the customer left for an answer later. */
  ContactDetails: { email: Schema.String, name: Schema.NullOr(Schema.String) },
  ChatControlChanged: { chatId: ChatId, control: Schema.String, reason: Schema.NullOr(Schema.String) },
  SystemEvent: { text: Schema.String },
})
export type EntryBody = typeof EntryBody.Type

export const Entry = Schema.Struct({
  sessionId: SessionId,
  seq: Schema.Int,
  /** Epoch milliseconds: when it happened by the provider's clock where known, else ours. */
  at: Schema.Number,
  body: EntryBody,
})
export type Entry = typeof Entry.Type
