/** What reports are made of: counts of sessions by day and channel, and the questions that had no answer. */
import { Schema } from "effect"
import { HandoffReason } from "./Brief.ts"
import type { Entry, EntryBody } from "./Entry.ts"
import type { ChannelId, SessionId } from "./Ids.ts"
import { isAssist } from "./Lane.ts"
import type { Session } from "./Session.ts"
import { type SessionFacts, SessionOutcome } from "./SessionFacts.ts"

/** Sessions that were opened in `[from, to)`. `quietSince`: what changed after it may still go on. Epoch milliseconds. */
export interface FiguresPeriod {
  readonly from: number
  readonly to: number
  readonly quietSince: number
}

/** `open`: neither closed nor quiet, so that what comes of it is not known. */
export const FigureOutcome = Schema.Literals([...SessionOutcome.literals, "open"])
export type FigureOutcome = typeof FigureOutcome.Type

/** All sessions of one day, channel, outcome and reason, added up. */
export const Figure = Schema.Struct({
  /** Days since 1970-01-01, UTC. */
  day: Schema.Int,
  channel: Schema.String,
  outcome: FigureOutcome,
  escalation: Schema.NullOr(HandoffReason),
  abstained: Schema.Boolean,
  sessions: Schema.Int,
  answers: Schema.Int,
  thumbsUp: Schema.Int,
  thumbsDown: Schema.Int,
  /** How many sessions have a CSAT, and the sum of those. */
  rated: Schema.Int,
  csatSum: Schema.Int,
  drafted: Schema.Int,
  undrafted: Schema.Int,
  draftsKept: Schema.Int,
  draftsEdited: Schema.Int,
  draftsUnused: Schema.Int,
})
export type Figure = typeof Figure.Type

/** A session that is over, or quiet for so long that it counts as over, has its outcome. */
const outcomeNow = (session: Session, facts: SessionFacts, { quietSince }: FiguresPeriod): FigureOutcome =>
  session.state === "closed" || session.updatedAt < quietSince ? facts.outcome : "open"

/** The figure of one session alone. */
export const figureOf = (session: Session, facts: SessionFacts, period: FiguresPeriod): Figure => {
  const { csat, humanSpoke: _, ...counts } = facts
  return {
    ...counts,
    day: Math.floor(session.createdAt / 86_400_000),
    channel: session.channel,
    outcome: outcomeNow(session, facts, period),
    sessions: 1,
    rated: csat === null ? 0 : 1,
    csatSum: csat ?? 0,
  }
}

/** Customers' words that the AI had no answer to, as they were written. */
export interface UnansweredQuestion {
  readonly sessionId: SessionId
  readonly channel: ChannelId
  /** BCP-47, as far as it is known. */
  readonly language: string | null
  readonly text: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Entries that `unansweredIn` looks at. */
export const questionTags: ReadonlyArray<EntryBody["_tag"]> = [
  "CustomerMessage",
  "AiAnswer",
  "HandoffRequested",
  "Assist",
]

/** Longer texts are cut: the question stands in the first words, or nowhere. */
const longest = 1_000

const questionOf = (session: Session, text: string, at: number): ReadonlyArray<UnansweredQuestion> =>
  text.trim() === ""
    ? []
    : [
        {
          sessionId: session.id,
          channel: session.channel,
          language: session.language,
          text: text.slice(0, longest).toWellFormed(),
          at,
        },
      ]

/**
 * Questions of a session without an answer: what the customer wrote since the last answer when the AI gave up, and on
 * agents' tickets, whose words are not kept, what was searched for in vain.
 */
export const unansweredIn = (
  session: Session,
  entries: ReadonlyArray<Entry>,
): ReadonlyArray<UnansweredQuestion> => {
  const found: Array<UnansweredQuestion> = []
  let words: Array<string> = []
  for (const { at, body } of entries) {
    if (body._tag === "CustomerMessage" && !body.automatic) words.push(body.text)
    if (body._tag === "AiAnswer" && !body.withheld) words = []
    if (body._tag === "HandoffRequested") {
      const subject = words.length === 0 ? (session.subject ?? "") : ""
      if (body.reason === "no_answer") found.push(...questionOf(session, words.join("\n") || subject, at))
      words = []
    }
    if (isAssist(session) && body._tag === "Assist" && body.result === "not_helpful_answer")
      found.push(...questionOf(session, body.trace.queries[0] ?? "", at))
  }
  return found
}
