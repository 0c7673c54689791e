/** What the engine's tasks would bring home, decided by dice within what a help desk allows. */
import type { CommentId, Outcome, Session, Work } from "../../src/index.ts"
import type { Desk } from "./Desk.ts"
import { answered, failed, ready, trace } from "./fixtures.ts"
import type { Random } from "./random.ts"

/** What the tasks find around them. */
interface Surroundings {
  readonly dice: Random
  readonly desk: Desk
  readonly failureRate: number
  /** Customer messages after the one seq up to the other are taken care of. */
  cover(sessionId: Session["id"], after: number, upTo: number): void
  page(session: Session, ticketId: string): Extract<Outcome, { _tag: "TicketSynced" }>["comments"]
}

const openTicket = (around: Surroundings, session: Session): Outcome => {
  const fails = around.dice.chance(around.failureRate)
  const linked = session.ticket === null ? undefined : around.desk.get(session.ticket.ticketId)
  const appendable = linked !== undefined && linked.status !== "closed"
  // An earlier try may have made a ticket whose id never came back: it is looked for before another is made.
  const lost = around.desk
    .ofSession(session.id)
    .find((t) => t.id !== session.ticket?.ticketId && t.status !== "closed")
  if (fails && (appendable || around.dice.chance(0.5))) return failed("the help desk is down")
  const ticket = appendable ? linked : (lost ?? around.desk.create(session.id))
  if (fails) return failed("nobody knows whether the ticket is there")
  if (appendable) ticket.status = "open"
  around.cover(session.id, 0, session.customerSeq)
  return ready({
    ticketId: ticket.id,
    status: ticket.status,
    created: !appendable,
    upToSeq: session.customerSeq,
  })
}

const onTicket = (around: Surroundings, session: Session, ok: Outcome): Outcome => {
  const { ticket } = session
  if (ticket === null) return { _tag: "Skipped", why: "the session has no ticket" }
  const there = around.desk.get(ticket.ticketId)
  if (there === undefined || there.status === "closed")
    return { _tag: "TicketClosed", ticketId: ticket.ticketId }
  if (around.dice.chance(around.failureRate)) return failed("refused")
  if (ok._tag === "Forwarded") {
    there.status = "open"
    around.cover(session.id, session.forwardedSeq, session.customerSeq)
  }
  return ok
}

const think = (around: Surroundings, session: Session, turn: number, upToSeq: number): Outcome => {
  if (session.turn?.number !== turn) return { _tag: "Skipped", why: "the turn was given up" }
  if (session.state !== "ai") return { _tag: "Skipped", why: "a human has the conversation" }
  if (around.dice.chance(around.failureRate)) return failed("the AI is down")
  return around.dice.chance(0.6)
    ? answered({ turn, upToSeq })
    : { _tag: "Escalated", turn, upToSeq, reason: "customer_asked", language: "en", trace }
}

const sync = (
  around: Surroundings,
  session: Session,
  work: Extract<Work["task"], { _tag: "SyncTicket" }>,
): Outcome => {
  if (around.dice.chance(around.failureRate)) return failed("cannot be read")
  const ticket = around.desk.get(work.ticketId)
  const comments = around.page(session, work.ticketId)
  const cursor: CommentId | null = comments.at(-1)?.commentId ?? null
  const linked = session.ticket?.ticketId === work.ticketId
  const status = work.readStatus || !linked ? (ticket?.status ?? null) : null
  return { _tag: "TicketSynced", ticketId: work.ticketId, status, cursor, comments }
}

export const carryOut = (around: Surroundings, session: Session, work: Work): Outcome => {
  const { task } = work
  switch (task._tag) {
    case "Think":
      return think(around, session, task.turn, task.upToSeq)
    case "OpenTicket":
      return openTicket(around, session)
    case "OpenChat":
    case "TakeChatBack":
    case "MergeIdentity":
    case "Assist":
    case "ReviewDraft":
      throw new Error("these lives are lived on tickets")
    case "Forward":
      return onTicket(around, session, { _tag: "Forwarded", upToSeq: session.customerSeq })
    case "Note":
      return onTicket(around, session, { _tag: "Noted" })
    case "SyncTicket":
      return sync(around, session, task)
    case "Deliver":
      return around.dice.chance(around.failureRate)
        ? failed("bounced")
        : { _tag: "Delivered", seq: task.seq, providerId: null, messageId: null }
    case "Wait":
      return { _tag: "TimerFired" }
  }
}
