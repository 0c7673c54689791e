/** Drafts with everything in them, for tests to change what they are about. */
import {
  type CommentDraft,
  DeskUserId,
  type OutboundFile,
  type Requester,
  SessionId,
  type TicketDraft,
  TicketId,
} from "@opencx/core"
import { Effect } from "effect"

export const sessionId = SessionId.make("7b0b0d0e-1111-4222-8333-444455556666")

export const dana: Requester = {
  knownId: null,
  name: "Dana Lee",
  email: "dana@example.com",
  phone: null,
  externalId: "opencx:contact:dana",
  locale: "en-US",
}

export const knownDana: Requester = { ...dana, knownId: DeskUserId.make("501") }

export const file = (fileName: string, text: string): OutboundFile => ({
  fileName,
  contentType: "text/plain",
  size: text.length,
  bytes: Effect.succeed(new TextEncoder().encode(text)),
})

export const draft = (more: Partial<TicketDraft> = {}): TicketDraft => ({
  sessionId,
  idempotencyKey: "handoff:1",
  requester: knownDana,
  subject: "Refund for order 1042",
  summary: "Dana wants a **refund**.",
  transcript: "Dana: Where is my refund?\n\nAI: I hand you over.",
  sessionUrl: "https://console.example.com/s/7b0b",
  tags: ["opencx", "OpenCX Handedoff", "opencx"],
  fields: [{ id: "360012345678", value: "refund_request" }],
  files: [],
  followUpOf: null,
  ...more,
})

export const commentDraft = (more: Partial<CommentDraft> = {}): CommentDraft => ({
  ticketId: TicketId.make("77"),
  marker: "m-1",
  body: "Still **broken**",
  public: false,
  author: "us",
  status: null,
  files: [],
  checkFirst: false,
  ...more,
})
