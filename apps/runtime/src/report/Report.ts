/** A report: what came of the conversations that were opened in a period. Shares are 0 to 1, null where nothing was counted. */
import { Schema } from "effect"

const Share = Schema.NullOr(Schema.Number)

/** Conversations with customers. `asked`: those in which a customer asked something. */
export const ConversationCounts = Schema.Struct({
  sessions: Schema.Int,
  asked: Schema.Int,
  /** How many stand at each outcome: every word of `FigureOutcome`, also those that nobody stands at. */
  outcomes: Schema.Record(Schema.String, Schema.Int),
  /** Of those that were asked something and are over: resolved by the AI alone. */
  resolutionRate: Share,
  /** Given to humans, whatever came of it afterwards. */
  escalated: Schema.Int,
  /** By the first `HandoffReason`; only those that occurred. */
  escalations: Schema.Record(Schema.String, Schema.Int),
  escalationRate: Share,
  /** The AI had no answer. */
  abstained: Schema.Int,
  abstentionRate: Share,
  answers: Schema.Int,
  thumbsUp: Schema.Int,
  thumbsDown: Schema.Int,
  /** 1 to 5; the newest verdict of each conversation that has one. */
  csat: Schema.Struct({ ratings: Schema.Int, average: Share }),
})
export type ConversationCounts = typeof ConversationCounts.Type

/** Drafts for agents. `reviewed`: those of which it is known what the agent made of them. */
export const DraftCounts = Schema.Struct({
  tickets: Schema.Int,
  drafted: Schema.Int,
  /** Looks after which there was no answer worth a draft. */
  withheld: Schema.Int,
  reviewed: Schema.Int,
  kept: Schema.Int,
  edited: Schema.Int,
  unused: Schema.Int,
  /** Of those reviewed: kept or edited. */
  useRate: Share,
})
export type DraftCounts = typeof DraftCounts.Type

export const QuestionGroup = Schema.Struct({
  /** The newest wording, without addresses and numbers that could be somebody's. */
  question: Schema.String,
  count: Schema.Int,
  channels: Schema.Array(Schema.String),
  languages: Schema.Array(Schema.String),
  /** Epoch milliseconds. */
  lastAt: Schema.Number,
  /** The newest sessions, at most five. */
  sessions: Schema.Array(Schema.String),
})
export type QuestionGroup = typeof QuestionGroup.Type

/** How current a source is. Epoch milliseconds; `lastAt` null: never synced. */
export const SourceFreshness = Schema.Struct({
  sourceId: Schema.String,
  type: Schema.String,
  lastAt: Schema.NullOr(Schema.Number),
  ageMs: Schema.NullOr(Schema.Number),
  /** Older than two intervals, or failing, or never synced. */
  isStale: Schema.Boolean,
  failures: Schema.Int,
})
export type SourceFreshness = typeof SourceFreshness.Type

export const Report = Schema.Struct({
  organization: Schema.String,
  /** ISO times; `to` is exclusive. Days are UTC. */
  from: Schema.String,
  to: Schema.String,
  total: ConversationCounts,
  byChannel: Schema.Array(Schema.Struct({ channel: Schema.String, ...ConversationCounts.fields })),
  byDay: Schema.Array(Schema.Struct({ day: Schema.String, ...ConversationCounts.fields })),
  drafts: DraftCounts,
  sources: Schema.Array(SourceFreshness),
  unanswered: Schema.Struct({
    /** How many questions were looked at; more than `limit` sessions are not. */
    questions: Schema.Int,
    isCut: Schema.Boolean,
    groups: Schema.Array(QuestionGroup),
  }),
})
export type Report = typeof Report.Type
