/** What a lane's journal holds. These are stored as JSON before anything is answered to the outside. */
import { Schema } from "effect"
import { Attachment } from "../domain/Attachment.ts"
import { DeliveryStatus } from "../domain/Entry.ts"
import { BlobId, ContactId, DeliveryId, TicketId } from "../domain/Ids.ts"
import { WorkId } from "../domain/Work.ts"

export const OperatorCommandName = Schema.Literals(["take_over", "hand_back", "close"])
export type OperatorCommandName = typeof OperatorCommandName.Type

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
  /** A piece of work ended; its outcome stands in the store. */
  WorkDone: { workId: WorkId, epoch: Schema.Int },
  OperatorCommand: { command: OperatorCommandName, by: Schema.String },
})
export type LaneEvent = typeof LaneEvent.Type
