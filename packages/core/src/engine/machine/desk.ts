/** News from the help desk: tickets made, comments written, statuses changed. */
import type { Session, TicketStatus } from "../../domain/Session.ts"
import type { FetchedComment, Outcome, Task } from "../../domain/Work.ts"
import type { Draft } from "./Draft.ts"
import { forward, handBack, think } from "./steps.ts"

type TicketReady = Extract<Outcome, { _tag: "TicketReady" }>
type TicketSynced = Extract<Outcome, { _tag: "TicketSynced" }>
type OpenTicket = Extract<Task, { _tag: "OpenTicket" }>

const watchForHuman = (draft: Draft): void => {
  const { noHumanMinutes } = draft.env.settings.handoff
  if (noHumanMinutes === null) return
  const stamp = draft.session.handoffs
  draft.order({ _tag: "Wait", kind: "no_human", stamp }, draft.env.now + noHumanMinutes * 60_000)
}

export const ticketReady = (draft: Draft, task: OpenTicket, outcome: TicketReady): void => {
  const cursor =
    draft.session.ticket?.ticketId === outcome.ticketId
      ? (draft.session.ticket.commentCursor ?? outcome.commentCursor)
      : outcome.commentCursor
  draft.set({
    ticket: {
      ticketId: outcome.ticketId,
      status: outcome.status,
      requesterId: outcome.requesterId,
      commentCursor: cursor,
    },
    forwardedSeq: Math.max(draft.session.forwardedSeq, outcome.upToSeq),
    language: draft.session.language ?? outcome.brief.language,
  })
  draft.add({
    _tag: "HandoffConfirmed",
    ticketId: outcome.ticketId,
    brief: outcome.brief,
    created: outcome.created,
  })
  if (task.reason === "every_conversation" || task.handoff !== draft.session.handoffs) return
  draft.set({ handoffPending: false })
  if (draft.session.state === "closed" || draft.session.state === "human") return
  // Also from `ai`: a handoff that had failed and was replayed.
  draft.set({ state: "handing_off", turn: null })
  if (draft.env.settings.handoff.tellCustomer) draft.say("handoffConfirmed")
  watchForHuman(draft)
  forward(draft)
}

/** The ticket could not be made, for good: the customer hears of it and the session stays with the AI. */
export const ticketFailed = (draft: Draft, task: OpenTicket, explanation: string): void => {
  draft.add({ _tag: "HandoffFailed", explanation })
  if (task.reason === "every_conversation" || task.handoff !== draft.session.handoffs) return
  draft.set({ handoffPending: false })
  if (draft.session.state !== "handing_off") return
  draft.set({ state: "ai" })
  draft.say("handoffFailed")
  think(draft)
}

const setStatus = (draft: Draft, status: TicketStatus): void => {
  const { ticket } = draft.session
  if (ticket === null || ticket.status === status) return
  draft.set({ ticket: { ...ticket, status } })
  draft.add({ _tag: "TicketStatusChanged", ticketId: ticket.ticketId, status })
}

const isOver = (status: TicketStatus): boolean => status === "solved" || status === "closed"

const humanReply = (draft: Draft, ticketId: TicketSynced["ticketId"], comment: FetchedComment): void => {
  const seq = draft.add(
    {
      _tag: "HumanReply",
      text: comment.text,
      authorName: comment.authorName,
      commentId: comment.commentId,
      ticketId,
      attachments: comment.attachments,
      deliveryId: draft.deliveryId(),
    },
    comment.createdAt,
  )
  draft.set({ state: "human", handoffPending: false, humanName: comment.authorName ?? draft.session.humanName })
  draft.order({ _tag: "Deliver", seq })
}

export const ticketSynced = (draft: Draft, outcome: TicketSynced, seen: (comment: FetchedComment) => boolean): void => {
  const { ticket } = draft.session
  if (ticket === null || ticket.ticketId !== outcome.ticketId) return
  for (const comment of outcome.comments) if (!seen(comment)) humanReply(draft, outcome.ticketId, comment)
  const linked = draft.session.ticket
  if (linked !== null && outcome.cursor !== null) {
    draft.set({ ticket: { ...linked, commentCursor: outcome.cursor } })
  }
  if (outcome.status === null) return
  setStatus(draft, outcome.status)
  if (isOver(outcome.status) && (draft.session.state === "human" || draft.session.state === "handing_off")) {
    if (!draft.session.handoffPending) handBack(draft, `the ticket was ${outcome.status}`)
  }
}

/** We wanted to write on the ticket and it was closed: the signal of it was lost. */
export const foundClosed = (draft: Draft, ticketId: TicketSynced["ticketId"]): void => {
  if (draft.session.ticket?.ticketId !== ticketId) return
  setStatus(draft, "closed")
  handBack(draft, "the ticket was closed")
}

export const forwarded = (draft: Draft, upToSeq: number): void => {
  draft.set({ forwardedSeq: Math.max(draft.session.forwardedSeq, upToSeq) })
}

/** Customer messages that could not be put on the ticket: they stay on the timeline, and nobody may believe otherwise. */
export const forwardFailed = (draft: Draft, explanation: string): void => {
  draft.add({ _tag: "SystemEvent", text: `A customer message did not reach the ticket: ${explanation}` })
}

/** Compares comment ids of the same vendor: numbers by value, anything else by text. */
export const isAfter = (a: string, b: string): boolean => {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length === b.length ? a > b : a.length > b.length
  return a > b
}

export const alreadySeen =
  (session: Session) =>
  (comment: FetchedComment): boolean => {
    const cursor = session.ticket?.commentCursor ?? null
    return cursor !== null && !isAfter(comment.commentId, cursor)
  }

