/** News from the help desk: tickets made, comments written, statuses changed. */
import type { CommentId } from "../../domain/Ids.ts"
import type { TicketLink, TicketStatus } from "../../domain/Session.ts"
import type { FetchedComment, Outcome, Task, Work } from "../../domain/Work.ts"
import type { Draft } from "./Draft.ts"
import { forward, handBack, handoffConfirmed, note, think } from "./steps.ts"

type TicketReady = Extract<Outcome, { _tag: "TicketReady" }>
type TicketSynced = Extract<Outcome, { _tag: "TicketSynced" }>
type OpenTicket = Extract<Task, { _tag: "OpenTicket" }>
type Handoff = Extract<Task, { _tag: "OpenTicket" | "OpenChat" }>

const linkTicket = (draft: Draft, outcome: TicketReady): void => {
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
    chatId: null,
    brief: outcome.brief,
    created: outcome.created,
    tags: outcome.tags,
  })
  for (const text of outcome.warnings) draft.add({ _tag: "SystemEvent", text })
}

/** A ticket of its own (`every_conversation`), or of a handoff that another has followed, changes nothing but the link. */
const isCurrentHandoff = (draft: Draft, task: Handoff): boolean =>
  task.reason !== "every_conversation" && task.handoff === draft.session.handoffs

/** The humans have it. What follows depends on what has happened meanwhile. */
export const handedOver = (draft: Draft, task: Handoff, epoch: Work["epoch"]): void => {
  if (!isCurrentHandoff(draft, task)) return
  const { handoffPending, state } = draft.session
  draft.set({ handoffPending: false })
  switch (state) {
    case "closed":
      return
    case "human":
      // A replay's chat is with the humans before we know that it worked: the customer has not been told yet.
      if (epoch > 0 && draft.session.humanName === null) return handoffConfirmed(draft)
      // The human wrote before the handoff was confirmed: what came in between has not been passed on.
      return forward(draft)
    case "handing_off":
      return handoffPending ? handoffConfirmed(draft) : undefined
    case "ai":
      // A replay is a handoff that had failed and is wanted now; the first run was overtaken by a handback.
      return epoch > 0
        ? handoffConfirmed(draft)
        : note(
            draft,
            "The conversation went back to the AI before this handoff was ready. Nobody has to answer here.",
          )
  }
}

export const ticketReady = (
  draft: Draft,
  task: OpenTicket,
  outcome: TicketReady,
  epoch: Work["epoch"],
): void => {
  linkTicket(draft, outcome)
  handedOver(draft, task, epoch)
}

/** The humans cannot be given it, for good: the customer hears of it and the session stays with the AI. */
export const handoffFailed = (draft: Draft, task: Handoff, explanation: string): void => {
  draft.add({ _tag: "HandoffFailed", explanation })
  if (!isCurrentHandoff(draft, task)) return
  draft.set({ handoffPending: false })
  if (draft.session.state === "human") return forward(draft)
  if (draft.session.state !== "handing_off") return
  draft.set({ state: "ai", answeredSeq: Math.max(draft.session.answeredSeq, task.upToSeq) })
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
      chatMessageId: null,
      attachments: comment.attachments,
      deliveryId: draft.deliveryId(),
      byDesk: false,
    },
    comment.createdAt,
  )
  // A handoff under way stays pending: what the customer wrote meanwhile is passed on when it has ended.
  draft.set({ state: "human", humanName: comment.authorName ?? draft.session.humanName })
  draft.order({ _tag: "Deliver", seq })
}

/**
 * The link that the news is about. The worker has proved that the ticket is this session's; so where our own link is
 * missing (the answer to its creation was lost) or leads to a closed ticket, this ticket becomes the linked one.
 */
const linkOf = (draft: Draft, { status, ticketId }: TicketSynced): TicketLink | null => {
  const { ticket } = draft.session
  if (ticket?.ticketId === ticketId) return ticket
  const adoptable = ticket === null || (ticket.status === "closed" && status !== null && status !== "closed")
  return adoptable ? { ticketId, status: status ?? "open", requesterId: null, commentCursor: null } : null
}

/** Hands out each comment once: not up to the cursor, not twice within one page. Answers with the new cursor. */
const takeComments = (draft: Draft, link: TicketLink, outcome: TicketSynced): CommentId | null => {
  const taken = new Set<CommentId>()
  for (const comment of outcome.comments) {
    const seen = link.commentCursor !== null && !isAfter(comment.commentId, link.commentCursor)
    if (seen || taken.has(comment.commentId)) continue
    taken.add(comment.commentId)
    humanReply(draft, link.ticketId, comment)
  }
  return newestOf([link.commentCursor, outcome.cursor, ...taken])
}

export const ticketSynced = (draft: Draft, outcome: TicketSynced): void => {
  const link = linkOf(draft, outcome)
  if (link === null) return
  const before = draft.session.state
  draft.set({ ticket: { ...link, commentCursor: takeComments(draft, link, outcome) } })
  if (outcome.status !== null) setStatus(draft, outcome.status)
  if (outcome.status !== null && isOver(outcome.status) && !draft.session.handoffPending) {
    handBack(draft, `the ticket was ${outcome.status}`)
  }
  // A human who takes over by writing has not seen what the AI was about to answer.
  if (draft.session.state === "human" && before !== "human") forward(draft)
}

/** We wanted to write on the ticket and it was closed: the signal of it was lost. */
export const foundClosed = (draft: Draft, ticketId: TicketSynced["ticketId"]): void => {
  if (draft.session.ticket?.ticketId !== ticketId) return
  setStatus(draft, "closed")
  // A handoff under way makes a follow-up ticket; it is not over.
  if (!draft.session.handoffPending) handBack(draft, "the ticket was closed")
}

export const forwarded = (draft: Draft, upToSeq: number): void => {
  draft.set({ forwardedSeq: Math.max(draft.session.forwardedSeq, upToSeq) })
}

/** Customer messages that the humans did not get: they stay on the timeline, and nobody may believe otherwise. */
export const forwardFailed = (draft: Draft, explanation: string): void => {
  draft.add({ _tag: "SystemEvent", text: `A customer message did not reach the humans: ${explanation}` })
}

/** Compares comment ids of the same vendor: numbers by value, anything else by text. */
export const isAfter = (a: string, b: string): boolean => {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length === b.length ? a > b : a.length > b.length
  return a > b
}

const newestOf = (ids: ReadonlyArray<CommentId | null>): CommentId | null =>
  ids.reduce((best, id) => (id !== null && (best === null || isAfter(id, best)) ? id : best), null)
