/** Tickets and comments that the suite writes. */
import {
  type CommentDraft,
  type Requester,
  SessionId,
  type TicketDraft,
  type TicketId,
  type TicketSnapshot,
} from "@opencx/core"
import { Effect } from "effect"
import type { HelpDesk } from "./HelpDesk.ts"

export const sessionId = SessionId.make("5f1c7a52-9a3e-4d21-8b70-1f2e3d4c5b6a")

export const dana: Requester = {
  knownId: null,
  name: "Dana Lee",
  email: "dana@customer.example",
  phone: null,
  externalId: "opencx:contact:dana",
  locale: "en",
}

export const ticketDraft = (change: Partial<TicketDraft> = {}): TicketDraft => ({
  sessionId,
  idempotencyKey: "contract:1",
  requester: dana,
  subject: "Refund for order 1042",
  summary: "Dana wants a refund. دانا تريد استرداد المبلغ",
  transcript: "Dana: Where is my refund?",
  sessionUrl: "https://console.example.com/s/1",
  tags: ["opencx", "opencx_handedoff"],
  fields: [],
  files: [],
  followUpOf: null,
  ...change,
})

export const commentDraft = (ticketId: TicketId, change: Partial<CommentDraft> = {}): CommentDraft => ({
  ticketId,
  marker: "marker-1",
  body: "Still broken",
  public: false,
  author: "us",
  status: null,
  files: [],
  checkFirst: false,
  ...change,
})

/** Prepares and creates. */
export const openTicket = Effect.fnUntraced(function* (
  { ticketing }: HelpDesk,
  change: Partial<TicketDraft> = {},
) {
  const snapshot: TicketSnapshot = yield* ticketing.create(yield* ticketing.prepare(ticketDraft(change)))
  return snapshot
})
