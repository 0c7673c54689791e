/** What the ticketing suite must be able to do besides calling the port. */
import type { CommentId, TicketField, Ticketing, TicketId } from "@opencx/core"
import type { Effect, Scope } from "effect"

/** A comment as the help desk itself holds it; `text` at least contains what was written. */
export interface HeldComment {
  readonly id: CommentId
  readonly public: boolean
  readonly text: string
}

/** The adapter under test, and the people and the weather around it. */
export interface HelpDesk {
  readonly ticketing: Ticketing["Service"]
  /** An agent of the help desk, who is not us, answers the customer. */
  readonly reply: (ticketId: TicketId, text: string) => Effect.Effect<void>
  /** The agent writes an internal note. */
  readonly note: (ticketId: TicketId, text: string) => Effect.Effect<void>
  readonly solve: (ticketId: TicketId) => Effect.Effect<void>
  /** Closes it for good. */
  readonly close: (ticketId: TicketId) => Effect.Effect<void>
  /** The requester answers by themselves, past us. */
  readonly customerReply: (ticketId: TicketId, text: string) => Effect.Effect<void>
  /** A customer opens a ticket by themselves, past us. */
  readonly arrive: (ticket: { readonly subject: string; readonly body: string }) => Effect.Effect<TicketId>
  /** The administrator gives the account these fields of its own, in place of those that it has. */
  readonly setFields: (fields: ReadonlyArray<TicketField>) => Effect.Effect<void>
  /** Field id and value of everything that a ticket's own fields hold. */
  readonly fieldsOf: (ticketId: TicketId) => Effect.Effect<ReadonlyArray<readonly [string, unknown]>>
  /** The next such call takes effect, but its answer never arrives. */
  readonly loseAnswer: (operation: "create" | "comment") => Effect.Effect<void>
  /** All tickets of the desk. */
  readonly tickets: Effect.Effect<ReadonlyArray<TicketId>>
  /** Everything on a ticket, oldest first. */
  readonly comments: (ticketId: TicketId) => Effect.Effect<ReadonlyArray<HeldComment>>
}

/** Starts a help desk without tickets; runs once per test, in the test's scope. */
export type MakeHelpDesk = Effect.Effect<HelpDesk, unknown, Scope.Scope>
