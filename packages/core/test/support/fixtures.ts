/** Builders of domain values for tests: everything has a sound default, a test names only what it is about. */
import { Schema } from "effect"
import {
  AccountId,
  type Brief,
  ChannelId,
  CommentId,
  ContactId,
  CustomerText,
  DeliveryId,
  emptySession,
  type Entry,
  type EntryBody,
  type Env,
  type FetchedComment,
  type Lane,
  type LaneEvent,
  OrganizationSettings,
  OrgId,
  type Outcome,
  type Session,
  SessionId,
  type Task,
  ThreadKey,
  TicketId,
  type Trace,
  type Work,
  WorkId,
  type WorkQueue,
} from "../../src/index.ts"

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`

/** UUIDs in order, so that a failing test reads the same each time. */
export const ids = (start = 1000): (() => string) => {
  let next = start
  return () => uuid(next++)
}

export const orgId = OrgId.make("acme")
export const lane: Lane = {
  orgId,
  channel: ChannelId.make("email"),
  accountId: AccountId.make("support"),
  threadKey: ThreadKey.make("thread|1"),
}
export const sessionId = SessionId.make(uuid(1))
export const contactId = ContactId.make(uuid(2))
export const deliveryId = DeliveryId.make(uuid(3))
export const ticketId = TicketId.make("77")
export const now = 1_700_000_000_000

export type SettingsInput = typeof OrganizationSettings.Encoded

export const settings = (input: Partial<SettingsInput> = {}): OrganizationSettings =>
  Schema.decodeSync(OrganizationSettings)({ id: "acme", name: "Acme", ...input })

export const env = (handoff: SettingsInput["handoff"] = {}, at = now, newId = ids()): Env => ({
  now: at,
  newId,
  settings: settings({ handoff }),
  lane,
  handoff: { path: "ticket", remark: null },
})

/** The same for a lane whose channel hands over by live chat. */
export const chatEnv = (handoff: SettingsInput["handoff"] = {}, at = now, newId = ids()): Env => ({
  ...env(handoff, at, newId),
  handoff: { path: "chat", remark: null },
})

export const session = (change: Partial<Session> = {}): Session => ({
  ...emptySession(lane, {
    id: sessionId,
    contactId,
    state: "ai",
    subject: "Parcel",
    language: "en",
    at: now - 1000,
  }),
  lastSeq: 10,
  answeredSeq: 8,
  customerSeq: 8,
  turns: 1,
  ...change,
})

export const ticket = (
  change: Partial<NonNullable<Session["ticket"]>> = {},
): NonNullable<Session["ticket"]> => ({
  ticketId,
  status: "open",
  requesterId: null,
  commentCursor: CommentId.make("500"),
  ...change,
})

/** The states that a session can be in, by the names that the tests use. */
export const places = {
  aiIdle: session(),
  aiThinking: session({ customerSeq: 10, turn: { number: 1, upToSeq: 10 } }),
  handoffPending: session({ state: "handing_off", handoffPending: true, handoffs: 1, customerSeq: 9 }),
  handoffConfirmed: session({ state: "handing_off", handoffs: 1, forwardedSeq: 8, ticket: ticket() }),
  human: session({ state: "human", handoffs: 1, forwardedSeq: 8, ticket: ticket() }),
  humanWithTurn: session({
    state: "human",
    handoffs: 1,
    customerSeq: 10,
    forwardedSeq: 8,
    ticket: ticket(),
    turn: { number: 1, upToSeq: 10 },
  }),
  closed: session({ state: "closed", handoffs: 1, ticket: ticket({ status: "closed" }), forwardedSeq: 8 }),
} as const satisfies Record<string, Session>

export const trace: Trace = { agent: "test", queries: ["q"], hits: [], signals: {}, latencyMs: 3 }
export const brief: Brief = {
  summary: "Wants a refund",
  sentiment: "negative",
  language: "en",
  reason: "anger",
}
export const text = (words: string): CustomerText => CustomerText.make(words)

type CustomerMessage = Extract<LaneEvent, { _tag: "CustomerMessage" }>

export const message = (change: Partial<CustomerMessage> = {}): CustomerMessage => ({
  _tag: "CustomerMessage",
  contactId,
  identified: true,
  text: "Where is my parcel?",
  fullText: null,
  attachments: [],
  messageId: "<m1@customer.example>",
  rawBlobId: null,
  automatic: null,
  address: `{"to":"a@customer.example"}`,
  subject: "Parcel",
  sentAt: now - 500,
  locale: null,
  chat: null,
  ...change,
})

const queueOf = (task: Task): WorkQueue => {
  switch (task._tag) {
    case "Think":
      return "ai"
    case "Deliver":
      return "out"
    case "Wait":
      return "timer"
    case "MergeIdentity":
      return "sync"
    default:
      return "desk"
  }
}

export const work = (task: Task, change: Partial<Work> = {}): Work => ({
  id: WorkId.make(uuid(4)),
  lane,
  sessionId,
  queue: queueOf(task),
  task,
  status: "done",
  epoch: 0,
  attempts: 0,
  step: null,
  outcome: null,
  lastError: null,
  notBefore: null,
  createdAt: now,
  updatedAt: now,
  ...change,
})

export const done = (task: Task, outcome: Outcome, change: Partial<Work> = {}) => ({
  _tag: "WorkDone" as const,
  work: work(task, change),
  outcome,
  deliveryId: task._tag === "Deliver" ? deliveryId : null,
})

export const tasks = {
  think: { _tag: "Think", turn: 1, upToSeq: 10 },
  openTicket: { _tag: "OpenTicket", handoff: 1, reason: "customer_asked", upToSeq: 9 },
  everyTicket: { _tag: "OpenTicket", handoff: 0, reason: "every_conversation", upToSeq: 1 },
  forward: { _tag: "Forward", upToSeq: 9 },
  note: { _tag: "Note", text: "hm" },
  sync: { _tag: "SyncTicket", ticketId, readStatus: true },
  deliver: { _tag: "Deliver", seq: 9 },
  noHuman: { _tag: "Wait", kind: "no_human", stamp: 1 },
  review: { _tag: "ReviewDraft", ticketId, about: CommentId.make("9"), look: 1 },
  idle: { _tag: "Wait", kind: "idle", stamp: 8 },
} as const satisfies Record<string, Task>

export const answered = (change: Partial<Extract<Outcome, { _tag: "Answered" }>> = {}): Outcome => ({
  _tag: "Answered",
  turn: 1,
  upToSeq: 10,
  text: text("It is on its way."),
  sources: [],
  confidence: 0.9,
  askBack: false,
  language: "en",
  trace,
  ...change,
})

export const ready = (change: Partial<Extract<Outcome, { _tag: "TicketReady" }>> = {}): Outcome => ({
  _tag: "TicketReady",
  ticketId,
  requesterId: null,
  status: "new",
  created: true,
  brief,
  upToSeq: 9,
  commentCursor: null,
  warnings: [],
  tags: [],
  ...change,
})

export const failed = (explanation = "no such luck"): Outcome => ({
  _tag: "Failed",
  explanation,
  permanent: true,
})

export const comment = (id: string, words = `comment ${id}`): FetchedComment => ({
  commentId: CommentId.make(id),
  authorName: "Ada",
  text: text(words),
  attachments: [],
  createdAt: now - 100,
})

export const synced = (change: Partial<Extract<Outcome, { _tag: "TicketSynced" }>> = {}): Outcome => ({
  _tag: "TicketSynced",
  ticketId,
  status: null,
  cursor: null,
  comments: [],
  ...change,
})

export const entry = (seq: number, body: EntryBody, at = now): Entry => ({ sessionId, seq, at, body })
