/** How what came of a session lies in its row, beside its JSON. */
import { type Entry, factsAfter, noFacts, type Session, SessionFacts } from "@opencx/core"
import { Schema } from "effect"
import { Int64 } from "../sql/columns.ts"

/** The columns that `factFields` reads. */
export const factColumns =
  "outcome, escalation, abstained, human_spoke, answers, thumbs_up, thumbs_down, csat, drafted, undrafted, drafts_kept, drafts_edited, drafts_unused"

/** Columns of one row as they come; `outcome` is null where an earlier release has written it. */
export const factFields = {
  outcome: Schema.NullOr(SessionFacts.fields.outcome),
  escalation: SessionFacts.fields.escalation,
  abstained: Int64,
  human_spoke: Int64,
  answers: Int64,
  thumbs_up: Int64,
  thumbs_down: Int64,
  csat: Schema.NullOr(Int64),
  drafted: Int64,
  undrafted: Int64,
  drafts_kept: Int64,
  drafts_edited: Int64,
  drafts_unused: Int64,
}

const FactRow = Schema.Struct(factFields)

/** Null where they were never counted. */
export const factsOf = (row: typeof FactRow.Type): SessionFacts | null =>
  row.outcome === null
    ? null
    : {
        outcome: row.outcome,
        escalation: row.escalation,
        abstained: row.abstained !== 0,
        humanSpoke: row.human_spoke !== 0,
        answers: row.answers,
        thumbsUp: row.thumbs_up,
        thumbsDown: row.thumbs_down,
        csat: row.csat,
        drafted: row.drafted,
        undrafted: row.undrafted,
        draftsKept: row.drafts_kept,
        draftsEdited: row.drafts_edited,
        draftsUnused: row.drafts_unused,
      }

export const factsToRow = (facts: SessionFacts): typeof FactRow.Type => ({
  outcome: facts.outcome,
  escalation: facts.escalation,
  abstained: facts.abstained ? 1 : 0,
  human_spoke: facts.humanSpoke ? 1 : 0,
  answers: facts.answers,
  thumbs_up: facts.thumbsUp,
  thumbs_down: facts.thumbsDown,
  csat: facts.csat,
  drafted: facts.drafted,
  undrafted: facts.undrafted,
  drafts_kept: facts.draftsKept,
  drafts_edited: facts.draftsEdited,
  drafts_unused: facts.draftsUnused,
})

/** A session as it was before a decision, with what is known of it; `facts` null: not counted yet. */
export interface Counted {
  readonly session: Session
  readonly facts: SessionFacts | null
}

/** `timeline`: of a session that was never counted, without the new entries. */
export const factsNow = (
  before: SessionFacts | null,
  timeline: ReadonlyArray<Entry>,
  entries: ReadonlyArray<Entry>,
): SessionFacts => factsAfter(before ?? factsAfter(noFacts, timeline), entries)
