/** A session: one conversation about one matter, and where it stands. */
import { Effect, Schema } from "effect"
import {
  AccountId,
  ChannelId,
  ChatId,
  CommentId,
  ContactId,
  DeskUserId,
  OrgId,
  SessionId,
  ThreadKey,
  TicketId,
} from "./Ids.ts"
import type { Lane } from "./Lane.ts"

/**
 * `ai → handing_off → human → ai …→ closed`. `handing_off` lasts from the decision until a human has written; from then on
 * it is `human`. In both the AI is silent.
 */
export const SessionState = Schema.Literals(["ai", "handing_off", "human", "closed"])
export type SessionState = typeof SessionState.Type

/** Vendor-neutral ticket status; custom statuses are mapped to their category. */
export const TicketStatus = Schema.Literals(["new", "open", "pending", "hold", "solved", "closed"])
export type TicketStatus = typeof TicketStatus.Type

/** The ticket that a session is linked to. `commentCursor` is the newest human comment that we have handled. */
export const TicketLink = Schema.Struct({
  ticketId: TicketId,
  status: TicketStatus,
  requesterId: Schema.NullOr(DeskUserId),
  /** Newest comment already looked at, so that each is delivered once. */
  commentCursor: Schema.NullOr(CommentId),
})
export type TicketLink = typeof TicketLink.Type

/**
 * Who may answer the customer in a live chat. `bot`: the help desk's own bot. `nobody`: released; the channel's default
 * responder gets the next message.
 */
export const ChatControl = Schema.Literals(["ours", "humans", "bot", "nobody", "other"])
export type ChatControl = typeof ChatControl.Type

/** The live chat that a session is linked to. */
export const ChatLink = Schema.Struct({
  conversationId: ChatId,
  /** The customer's id at the messaging side. */
  userId: Schema.NullOr(Schema.String),
  /**
   * True when the help desk owns the channel (WhatsApp, Messenger configured there): it shows the customer's words and
   * delivers the humans' words itself, and we only speak while the chat is ours.
   */
  native: Schema.Boolean,
  control: ChatControl,
  /** Epoch ms by the vendor's clock of the newest word on `control`: older news that comes later changes nothing. */
  controlAt: Schema.NullOr(Schema.Number).pipe(Schema.withDecodingDefault(Effect.succeed(null))),
  /** Whether the humans have had it since the newest handoff began. They can be through before we have looked. */
  humansHadIt: Schema.Boolean.pipe(Schema.withDecodingDefault(Effect.succeed(false))),
})
export type ChatLink = typeof ChatLink.Type

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

export const Session = Schema.Struct({
  id: SessionId,
  orgId: OrgId,
  contactId: ContactId,
  channel: ChannelId,
  accountId: AccountId,
  threadKey: ThreadKey,
  state: SessionState,
  subject: Schema.NullOr(Schema.String),
  /** BCP-47 code of what the customer writes in; sticky. */
  language: Schema.NullOr(Schema.String),
  /** `seq` of the newest entry. Entries of a session are numbered 1, 2, 3 … without gaps. */
  lastSeq: Schema.Int,
  /** Newest customer message that is done with: answered, or the customer was told that the handoff failed. */
  answeredSeq: Schema.Int,
  /** Newest customer message. */
  customerSeq: Schema.Int,
  /** Newest customer message that the human side of Zendesk has. */
  forwardedSeq: Schema.Int,
  /** The AI turn in flight: it will answer everything up to `upToSeq`. */
  turn: Schema.NullOr(Schema.Struct({ number: Schema.Int, upToSeq: Schema.Int })),
  /** A handoff was decided and Zendesk has not confirmed it yet. */
  handoffPending: Schema.Boolean,
  /** Epoch ms of the AI's latest answers (10, or as many as the settings allow): too many in a short time look like a mail loop. */
  recentAnswers: Schema.Array(Schema.Number),
  /** How many AI turns and how many handoffs this session has had. */
  turns: Schema.Int,
  handoffs: Schema.Int,
  ticket: Schema.NullOr(TicketLink),
  chat: withDefault(Schema.NullOr(ChatLink), null),
  /** Entries that wait for the customer's next message, because the channel's reply window is closed. */
  held: withDefault(Schema.Array(Schema.Int), []),
  /** Epoch ms of the newest customer message by the provider's clock: reply windows count from it. */
  lastInboundAt: withDefault(Schema.NullOr(Schema.Number), null),
  /** Name of the human who wrote last, for the console and the ticket. */
  humanName: Schema.NullOr(Schema.String),
  createdAt: Schema.Number,
  updatedAt: Schema.Number,
})
export type Session = typeof Session.Type

/** What differs from session to session at its beginning. `at`: epoch milliseconds. */
export interface SessionOpening extends Pick<Session, "id" | "contactId" | "state" | "subject" | "language"> {
  readonly at: number
}

/** A session before anything has happened in it. */
export const emptySession = (
  { accountId, channel, orgId, threadKey }: Lane,
  { at, ...opening }: SessionOpening,
): Session => ({
  ...opening,
  orgId,
  channel,
  accountId,
  threadKey,
  lastSeq: 0,
  answeredSeq: 0,
  customerSeq: 0,
  forwardedSeq: 0,
  turn: null,
  handoffPending: false,
  recentAnswers: [],
  turns: 0,
  handoffs: 0,
  ticket: null,
  chat: null,
  held: [],
  lastInboundAt: null,
  humanName: null,
  createdAt: at,
  updatedAt: at,
})
