/** A customer has written. */
import type { Session } from "../../domain/Session.ts"
import { SessionId } from "../../domain/Ids.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import { Draft, type Env } from "./Draft.ts"
import { forward, handBack, think } from "./steps.ts"

export type CustomerMessage = Extract<LaneEvent, { _tag: "CustomerMessage" }>

/** The customer's way out of the human part, as a whole message. */
const endCommand = /^\/end\s*$/i

const newSession = (env: Env, event: CustomerMessage): Session => ({
  id: SessionId.make(env.newId()),
  orgId: env.lane.orgId,
  contactId: event.contactId,
  channel: env.lane.channel,
  accountId: env.lane.accountId,
  threadKey: env.lane.threadKey,
  state: "ai",
  subject: event.subject,
  language: event.locale,
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
  humanName: null,
  createdAt: env.now,
  updatedAt: env.now,
})

const addMessage = (draft: Draft, event: CustomerMessage): number =>
  draft.add(
    {
      _tag: "CustomerMessage",
      text: event.text,
      fullText: event.fullText,
      attachments: event.attachments,
      messageId: event.messageId,
      rawBlobId: event.rawBlobId,
      automatic: event.automatic !== null,
      identified: event.identified,
    },
    event.sentAt,
  )

export const customerMessage = (env: Env, current: Session | null, event: CustomerMessage) => {
  const open = current !== null && current.state !== "closed" ? current : null
  const draft = new Draft(env, open ?? newSession(env, event))
  const seq = addMessage(draft, event)
  if (event.automatic !== null) {
    // Nobody wrote this, so nobody gets an answer; the reply address stays that of the last real message.
    draft.add({ _tag: "SystemEvent", text: `Not answered: ${event.automatic}` })
    if (open === null) draft.address = event.address
    return draft.done()
  }
  // Answers must not follow a stranger's address: only who is proven, or who opened this session, can set it.
  if (open === null || event.identified || event.contactId === open.contactId) draft.address = event.address
  if (draft.session.state === "human" && endCommand.test(event.text)) {
    // A command and no message: it neither wants an answer nor hides messages that are still on their way to the ticket.
    handBack(draft, "the customer ended the conversation with the human")
    return draft.done()
  }
  const isFirst = draft.session.customerSeq === 0
  draft.set({ customerSeq: seq, subject: draft.session.subject ?? event.subject })
  if (draft.session.state === "ai") {
    if (env.settings.handoff.ticketForEveryConversation && isFirst) {
      draft.order({ _tag: "OpenTicket", handoff: 0, reason: "every_conversation", upToSeq: seq })
    }
    think(draft)
  } else {
    forward(draft)
  }
  return draft.done()
}
