/** The timeline: append-only lines of a session. Everything a person sees is rendered from it. */
import { Schema } from "effect"
import { Attachment } from "./Attachment.ts"
import { Brief, HandoffReason } from "./Brief.ts"
import { BlobId, CommentId, DeliveryId, SessionId, TicketId } from "./Ids.ts"
import { CustomerText } from "./Surface.ts"

/** An article that an answer rests on. Customer answers carry public articles only. */
export const Source = Schema.Struct({
  articleId: Schema.String,
  title: Schema.String,
  url: Schema.NullOr(Schema.String),
})
export type Source = typeof Source.Type

/** How an AI turn came about: queries, hits with scores, signals. Shown to operators, never to customers. */
export const Trace = Schema.Struct({
  agent: Schema.String,
  queries: Schema.Array(Schema.String),
  hits: Schema.Array(Schema.Struct({ articleId: Schema.String, title: Schema.String, score: Schema.Number })),
  signals: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number, Schema.Boolean])),
  latencyMs: Schema.Number,
})
export type Trace = typeof Trace.Type

export const DeliveryStatus = Schema.Literals(["pending", "sent", "delivered", "read", "failed"])
export type DeliveryStatus = typeof DeliveryStatus.Type

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
    deliveryId: DeliveryId,
  },
  HumanReply: {
    text: CustomerText,
    authorName: Schema.NullOr(Schema.String),
    commentId: CommentId,
    ticketId: TicketId,
    attachments: Schema.Array(Attachment),
    deliveryId: DeliveryId,
  },
  SystemMessage: {
    /** A configured sentence to the customer: handoff confirmed, apology, nobody there. */
    text: CustomerText,
    purpose: Schema.String,
    deliveryId: DeliveryId,
  },
  HandoffRequested: { reason: HandoffReason, trace: Schema.NullOr(Trace) },
  HandoffConfirmed: { ticketId: TicketId, brief: Brief, created: Schema.Boolean },
  HandoffFailed: { explanation: Schema.String },
  Handback: { reason: Schema.String },
  /** Written by us for humans only. */
  InternalNote: { text: Schema.String },
  TicketStatusChanged: { ticketId: TicketId, status: Schema.String },
  DeliveryUpdate: {
    deliveryId: DeliveryId,
    status: DeliveryStatus,
    providerId: Schema.NullOr(Schema.String),
    explanation: Schema.NullOr(Schema.String),
  },
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
