/** Events of a thread besides messages and receipts, on their way into the journal. */
import { Effect } from "effect"
import type { ContactId, ThreadKey } from "../domain/Ids.ts"
import type {
  CallEndedEvent,
  ContactDetailsEvent,
  HumanDismissedEvent,
  HumanWantedEvent,
  OptOutEvent,
  RatedEvent,
  TranscriptEvent,
} from "../plugin/ChannelEvent.ts"
import { Consents } from "../ports/Consents.ts"
import { Contacts } from "../ports/Contacts.ts"
import type { AccountRef } from "./refs.ts"
import type { LaneEvent } from "./LaneEvent.ts"

export type ThreadEvent =
  | CallEndedEvent
  | ContactDetailsEvent
  | HumanDismissedEvent
  | HumanWantedEvent
  | OptOutEvent
  | RatedEvent
  | TranscriptEvent

/** The journal's form of an event. Files and addresses have been seen to already. */
export const laneEventOf = (event: ThreadEvent, contactId: ContactId): LaneEvent => {
  const opening = { contactId, address: event.address, at: event.at }
  const identified = event.sender.verified
  switch (event._tag) {
    case "HumanWanted":
    case "HumanDismissed":
      return { _tag: event._tag, ...opening }
    case "OptOut": {
      const { messageId, optedOut, text } = event
      return { _tag: "OptOut", ...opening, optedOut, text, messageId, identified }
    }
    case "CallEnded": {
      const { reason, recordingUrl, summary } = event
      return { _tag: "CallEnded", ...opening, reason, summary, recordingUrl }
    }
    case "Transcript": {
      const { assistantName, lines, wantsHuman } = event
      return { _tag: "Transcript", ...opening, lines, assistantName, wantsHuman, identified }
    }
    case "Rated": {
      const { comment, deliveryId, kind, score } = event
      return { _tag: "Rated", ...opening, kind, score, comment, deliveryId }
    }
    case "ContactDetails":
      return { _tag: "ContactDetails", ...opening, email: event.email, name: event.name }
  }
}

/** What must be known before the event is journaled; repeating it does no harm. */
export const noteBeforehand = Effect.fnUntraced(function* (
  account: AccountRef,
  threadKey: ThreadKey,
  event: ThreadEvent,
  contactId: ContactId,
) {
  if (event._tag === "OptOut") {
    const { at, optedOut, text } = event
    yield* (yield* Consents).record(account, threadKey, { optedOut, word: text, at })
  }
  if (event._tag === "ContactDetails") {
    const identity = { kind: "email", value: event.email, verified: false } as const
    yield* (yield* Contacts).addIdentity(account.orgId, contactId, identity)
  }
})
