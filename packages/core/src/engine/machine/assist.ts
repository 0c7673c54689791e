/**
 * Tickets that humans work on: every signal is a look, and what came of it is recorded. Such a session belongs to the
 * humans from the beginning to the end; nothing here ever speaks to a customer.
 */
import { ContactId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { Decision } from "../../ports/ConversationStore.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import { Draft, type Env } from "./Draft.ts"
import { newSession } from "./newSession.ts"

/**
 * Nobody's contact that we keep: the requester is the help desk's customer, and no message of ours goes to them. No link to
 * the ticket either, which would make it a conversation whose ticket is watched for replies.
 */
const opening = (env: Env) =>
  newSession(env, {
    contactId: ContactId.make(env.newId()),
    state: "human",
    subject: null,
    language: null,
  })

/** What the machine hears, as far as it matters here. */
type AssistEvent =
  | Exclude<LaneEvent, { _tag: "WorkDone" }>
  | { readonly _tag: "WorkDone"; readonly work: Work; readonly outcome: Outcome }

/** Looks are so many minutes after the draft, each in its turn; after the last one nobody looks again. */
const reviewLater = (draft: Draft, review: Omit<Extract<Task, { _tag: "ReviewDraft" }>, "_tag">): void => {
  const minutes = draft.env.settings.assist.reviewMinutes
  const next = minutes[review.look - 1]
  if (next === undefined) return
  const since = review.look === 1 ? 0 : (minutes[review.look - 2] ?? 0)
  draft.order({ _tag: "ReviewDraft", ...review }, draft.env.now + Math.max(0, next - since) * 60_000)
}

/** Decides about an event of such a ticket. Whatever else comes here by mistake changes nothing. */
export const assisting = (env: Env, current: Session | null, event: AssistEvent): Decision => {
  const draft = new Draft(env, current ?? opening(env))
  if (event._tag === "TicketSignal") {
    draft.order({ _tag: "Assist", ticketId: event.ticketId })
    return draft.done()
  }
  if (current === null || event._tag !== "WorkDone")
    return { session: null, entries: [], work: [], address: null }
  const { outcome } = event
  if (outcome._tag === "Assisted") {
    const { commentIds, draft: reply, result, sources, tags, text, ticketId, trace } = outcome
    draft.add({ _tag: "Assist", ticketId, commentIds, result, text, draft: reply, sources, trace, tags })
    const about = commentIds.at(-1)
    if (reply !== null && about !== undefined) reviewLater(draft, { ticketId, about, look: 1 })
  }
  if (outcome._tag === "DraftReviewed") draft.add({ ...outcome, _tag: "DraftUse" })
  if (outcome._tag === "DraftOpen" && event.work.task._tag === "ReviewDraft") {
    const { about, look, ticketId } = event.work.task
    reviewLater(draft, { ticketId, about, look: look + 1 })
  }
  if (outcome._tag === "Failed") {
    const what = event.work.task._tag === "ReviewDraft" ? "The look at what became of a draft" : "A draft"
    draft.add({ _tag: "SystemEvent", text: `${what} was given up: ${outcome.explanation}` })
  }
  return draft.done()
}
