/** What a lane's journal holds. These are stored as JSON before anything is answered to the outside. */
import { Effect, Schema } from "effect"
import { Attachment } from "../domain/Attachment.ts"
import { DeliveryStatus } from "../domain/Entry.ts"
import { BlobId, ChatId, ContactId, DeliveryId, TicketId } from "../domain/Ids.ts"
import { ChatControl } from "../domain/Session.ts"
import { CustomerText } from "../domain/Surface.ts"
import { WorkId } from "../domain/Work.ts"

export const OperatorCommandName = Schema.Literals(["take_over", "hand_back", "close"])
export type OperatorCommandName = typeof OperatorCommandName.Type

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

/** Who and where: what events of a thread need to open a session, should there be none. */
const opening = {
  contactId: ContactId,
  address: Schema.String,
  at: Schema.Number,
}

export const LaneEvent = Schema.TaggedUnion({
  CustomerMessage: {
    contactId: ContactId,
    identified: Schema.Boolean,
    text: Schema.String,
    fullText: Schema.NullOr(Schema.String),
    attachments: Schema.Array(Attachment),
    messageId: Schema.NullOr(Schema.String),
    rawBlobId: Schema.NullOr(BlobId),
    /** Why this is no message of a person (auto-reply, bulk), or null. */
    automatic: Schema.NullOr(Schema.String),
    address: Schema.String,
    subject: Schema.NullOr(Schema.String),
    sentAt: Schema.Number,
    locale: Schema.NullOr(Schema.String),
    /** The live chat that it came by, where the help desk owns the channel; null everywhere else. */
    chat: withDefault(
      Schema.NullOr(Schema.Struct({ conversationId: ChatId, userId: Schema.String, control: ChatControl })),
      null,
    ),
  },
  /** A receipt or bounce for something that we sent. */
  DeliveryReport: {
    deliveryId: DeliveryId,
    status: DeliveryStatus,
    explanation: Schema.NullOr(Schema.String),
    at: Schema.Number,
  },
  /** Something happened on the ticket: a signal only, the facts are read from the help desk. */
  TicketSignal: {
    ticketId: TicketId,
    statusHint: Schema.NullOr(Schema.String),
  },
  /** A human has written in the live chat. `byDesk`: the help desk has delivered it itself. */
  ChatReply: {
    chatId: ChatId,
    messageId: Schema.String,
    text: CustomerText,
    authorName: Schema.NullOr(Schema.String),
    attachments: Schema.Array(Attachment),
    at: Schema.Number,
    /** True for a text of the help desk's own automation: delivered, and no sign that a human is there. */
    automatic: Schema.Boolean,
  },
  /** Who has the live chat now, as the help desk says or as an event shows. */
  ChatControlChanged: {
    chatId: ChatId,
    control: ChatControl,
    reason: Schema.NullOr(Schema.String),
    at: Schema.Number,
  },
  /** Something about the live chat that humans should know (a message of theirs did not arrive). */
  ChatNews: { chatId: ChatId, text: Schema.String },
  OptOut: {
    ...opening,
    optedOut: Schema.Boolean,
    text: Schema.String,
    messageId: Schema.NullOr(Schema.String),
    identified: Schema.Boolean,
  },
  HumanWanted: opening,
  HumanDismissed: opening,
  CallEnded: {
    ...opening,
    reason: Schema.String,
    summary: Schema.NullOr(Schema.String),
    recordingUrl: Schema.NullOr(Schema.String),
  },
  Transcript: {
    ...opening,
    lines: Schema.Array(
      Schema.Struct({
        role: Schema.Literals(["customer", "assistant"]),
        text: Schema.String,
        at: Schema.Number,
      }),
    ),
    assistantName: Schema.String,
    wantsHuman: Schema.Boolean,
    identified: Schema.Boolean,
  },
  Heard: { deliveryId: DeliveryId, text: Schema.String, at: Schema.Number },
  Rated: {
    ...opening,
    kind: Schema.Literals(["answer", "conversation"]),
    score: Schema.Number,
    comment: Schema.NullOr(Schema.String),
    deliveryId: Schema.NullOr(DeliveryId),
  },
  ContactDetails: { ...opening, email: Schema.String, name: Schema.NullOr(Schema.String) },
  /** A piece of work ended; its outcome stands in the store. */
  WorkDone: { workId: WorkId, epoch: Schema.Int },
  OperatorCommand: { command: OperatorCommandName, by: Schema.String },
})
export type LaneEvent = typeof LaneEvent.Type
