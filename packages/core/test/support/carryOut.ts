/** What the engine's tasks would bring home, decided by dice within what a help desk allows. */
import type { CommentId, Outcome, Session, Work } from "../../src/index.ts"
import { answered, failed, ready, trace } from "./fixtures.ts"
import type { World } from "./World.ts"

const openTicket = (world: World, session: Session): Outcome => {
  const fails = world.dice.chance(world.failureRate)
  const linked = session.ticket === null ? undefined : world.desk.get(session.ticket.ticketId)
  const appendable = linked !== undefined && linked.status !== "closed"
  // An earlier try may have made a ticket whose id never came back: it is looked for before another is made.
  const lost = world.desk
    .ofSession(session.id)
    .find((t) => t.id !== session.ticket?.ticketId && t.status !== "closed")
  if (fails && (appendable || world.dice.chance(0.5))) return failed("the help desk is down")
  const ticket = appendable ? linked : (lost ?? world.desk.create(session.id))
  if (fails) return failed("nobody knows whether the ticket is there")
  if (appendable) ticket.status = "open"
  world.cover(session.id, 0, session.customerSeq)
  return ready({
    ticketId: ticket.id,
    status: ticket.status,
    created: !appendable,
    upToSeq: session.customerSeq,
  })
}

const onTicket = (world: World, session: Session, ok: Outcome): Outcome => {
  const { ticket } = session
  if (ticket === null) return { _tag: "Skipped", why: "the session has no ticket" }
  const there = world.desk.get(ticket.ticketId)
  if (there === undefined || there.status === "closed")
    return { _tag: "TicketClosed", ticketId: ticket.ticketId }
  if (world.dice.chance(world.failureRate)) return failed("refused")
  if (ok._tag === "Forwarded") {
    there.status = "open"
    world.cover(session.id, session.forwardedSeq, session.customerSeq)
  }
  return ok
}

const think = (world: World, session: Session, turn: number, upToSeq: number): Outcome => {
  if (session.turn?.number !== turn) return { _tag: "Skipped", why: "the turn was given up" }
  if (session.state !== "ai") return { _tag: "Skipped", why: "a human has the conversation" }
  if (world.dice.chance(world.failureRate)) return failed("the AI is down")
  return world.dice.chance(0.6)
    ? answered({ turn, upToSeq })
    : { _tag: "Escalated", turn, upToSeq, reason: "customer_asked", language: "en", trace }
}

const sync = (
  world: World,
  session: Session,
  work: Extract<Work["task"], { _tag: "SyncTicket" }>,
): Outcome => {
  if (world.dice.chance(world.failureRate)) return failed("cannot be read")
  const ticket = world.desk.get(work.ticketId)
  const comments = world.page(session, work.ticketId)
  const cursor: CommentId | null = comments.at(-1)?.commentId ?? null
  const linked = session.ticket?.ticketId === work.ticketId
  const status = work.readStatus || !linked ? (ticket?.status ?? null) : null
  return { _tag: "TicketSynced", ticketId: work.ticketId, status, cursor, comments }
}

export const carryOut = (world: World, session: Session, work: Work): Outcome => {
  const { task } = work
  switch (task._tag) {
    case "Think":
      return think(world, session, task.turn, task.upToSeq)
    case "OpenTicket":
      return openTicket(world, session)
    case "Forward":
      return onTicket(world, session, { _tag: "Forwarded", upToSeq: session.customerSeq })
    case "Note":
      return onTicket(world, session, { _tag: "Noted" })
    case "SyncTicket":
      return sync(world, session, task)
    case "Deliver":
      return world.dice.chance(world.failureRate)
        ? failed("bounced")
        : { _tag: "Delivered", seq: task.seq, providerId: null, messageId: null }
    case "Wait":
      return { _tag: "TimerFired" }
  }
}
