/** A help desk in a few lines: tickets with comments, as much as the machine can notice of one. */
import { CommentId, type SessionId, TicketId, type TicketStatus } from "../../src/index.ts"

export interface DeskTicket {
  readonly id: TicketId
  readonly sessionId: SessionId
  status: TicketStatus
  /** Public comments by humans, oldest first. */
  readonly comments: Array<CommentId>
}

export class Desk {
  readonly tickets: Array<DeskTicket> = []
  // Comment ids cross 999 → 1000 in most runs, so that comparing them as text would show.
  #nextComment = 995
  #nextTicket = 8

  create(sessionId: SessionId): DeskTicket {
    const ticket: DeskTicket = {
      id: TicketId.make(String(this.#nextTicket++)),
      sessionId,
      status: "new",
      comments: [],
    }
    this.tickets.push(ticket)
    return ticket
  }

  get(id: TicketId): DeskTicket | undefined {
    return this.tickets.find((t) => t.id === id)
  }

  ofSession(id: SessionId): ReadonlyArray<DeskTicket> {
    return this.tickets.filter((t) => t.sessionId === id)
  }

  reply(ticket: DeskTicket): void {
    ticket.comments.push(CommentId.make(String(this.#nextComment++)))
  }
}
