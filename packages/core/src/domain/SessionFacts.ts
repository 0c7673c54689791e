/**
 * What came of a session, as reports count it. Folded from the timeline, entry by entry, so that a store can keep it beside
 * the session and a report is one query.
 */
import { Schema } from "effect"
import { HandoffReason } from "./Brief.ts"
import type { EntryBody } from "./Entry.ts"

/**
 * Who helped the customer, if anybody. It is what counts if nothing more happens:
 * - `nothing_asked`: no customer has written, or only machines.
 * - `resolved_by_ai`: the AI's answer is the last word, the customer has not voted it down, and no human has written.
 * - `escalated`: given to humans, none of whom has written to the customer yet.
 * - `resolved_by_human`: a human wrote to the customer, or solved the ticket that the AI had handed over.
 * - `abandoned`: the customer has no help: their last words have no answer, the AI asked back and heard nothing, they voted
 *   the answer down, or the handoff failed.
 */
export const SessionOutcome = Schema.Literals([
  "nothing_asked",
  "resolved_by_ai",
  "escalated",
  "resolved_by_human",
  "abandoned",
])
export type SessionOutcome = typeof SessionOutcome.Type

/** `escalation`: why the AI gave the session away the first time. `csat`: 1 to 5, the newest. Counts are of the session. */
export const SessionFacts = Schema.Struct({
  outcome: SessionOutcome,
  escalation: Schema.NullOr(HandoffReason),
  /** The AI had no answer: it handed over for that reason, or left agents without a draft. */
  abstained: Schema.Boolean,
  humanSpoke: Schema.Boolean,
  answers: Schema.Int,
  thumbsUp: Schema.Int,
  thumbsDown: Schema.Int,
  csat: Schema.NullOr(Schema.Int),
  drafted: Schema.Int,
  undrafted: Schema.Int,
  draftsKept: Schema.Int,
  draftsEdited: Schema.Int,
  draftsUnused: Schema.Int,
})
export type SessionFacts = typeof SessionFacts.Type

/** Of a session without entries. */
export const noFacts: SessionFacts = {
  outcome: "nothing_asked",
  escalation: null,
  abstained: false,
  humanSpoke: false,
  answers: 0,
  thumbsUp: 0,
  thumbsDown: 0,
  csat: null,
  drafted: 0,
  undrafted: 0,
  draftsKept: 0,
  draftsEdited: 0,
  draftsUnused: 0,
}

type Of<Tag extends EntryBody["_tag"]> = Extract<EntryBody, { _tag: Tag }>

/** Words to the customer by the AI. Once a human has helped, the AI's thanks do not make it the AI's work. */
const spoke = (facts: SessionFacts, outcome: SessionOutcome): SessionFacts => ({
  ...facts,
  answers: facts.answers + 1,
  outcome: facts.humanSpoke ? "resolved_by_human" : outcome,
})

const helpIsGone = (facts: SessionFacts): SessionFacts =>
  facts.outcome === "escalated"
    ? { ...facts, outcome: facts.humanSpoke ? "resolved_by_human" : "abandoned" }
    : facts

const rated = (facts: SessionFacts, { kind, score }: Of<"Rating">): SessionFacts => {
  if (kind === "conversation") return { ...facts, csat: Math.round(score) }
  if (score > 0) return { ...facts, thumbsUp: facts.thumbsUp + 1 }
  const outcome = facts.outcome === "resolved_by_ai" ? "abandoned" : facts.outcome
  return { ...facts, thumbsDown: facts.thumbsDown + 1, outcome }
}

const assisted = (facts: SessionFacts, { result }: Of<"Assist">): SessionFacts => {
  if (result === "drafted") return { ...facts, drafted: facts.drafted + 1 }
  return result === "not_helpful_answer"
    ? { ...facts, undrafted: facts.undrafted + 1, abstained: true }
    : facts
}

const draftUsed = (facts: SessionFacts, { use }: Of<"DraftUse">): SessionFacts => {
  switch (use) {
    case "kept":
      return { ...facts, draftsKept: facts.draftsKept + 1 }
    case "edited":
      return { ...facts, draftsEdited: facts.draftsEdited + 1 }
    case "unused":
      return { ...facts, draftsUnused: facts.draftsUnused + 1 }
  }
}

const after = (facts: SessionFacts, body: EntryBody): SessionFacts => {
  switch (body._tag) {
    case "CustomerMessage":
      // Whoever waits for a human, or has one, is not given up by writing again.
      return body.automatic || facts.outcome === "escalated" || facts.humanSpoke
        ? facts
        : { ...facts, outcome: "abandoned" }
    case "AiAnswer":
      return body.withheld ? facts : spoke(facts, body.askBack ? "abandoned" : "resolved_by_ai")
    case "AssistantLine":
      return spoke(facts, "resolved_by_ai")
    case "HandoffRequested":
      return {
        ...facts,
        outcome: "escalated",
        escalation: facts.escalation ?? body.reason,
        abstained: facts.abstained || body.reason === "no_answer",
      }
    case "HumanReply":
      return { ...facts, outcome: "resolved_by_human", humanSpoke: true }
    case "TicketStatusChanged":
      return facts.outcome === "escalated" && (body.status === "solved" || body.status === "closed")
        ? { ...facts, outcome: "resolved_by_human", humanSpoke: true }
        : facts
    case "HandoffFailed":
    case "Handback":
      return helpIsGone(facts)
    case "Rating":
      return rated(facts, body)
    case "Assist":
      return assisted(facts, body)
    case "DraftUse":
      return draftUsed(facts, body)
    default:
      return facts
  }
}

/** The facts when these entries have come after what was known. */
export const factsAfter = (facts: SessionFacts, entries: ReadonlyArray<{ readonly body: EntryBody }>) =>
  entries.reduce((known, { body }) => after(known, body), facts)
