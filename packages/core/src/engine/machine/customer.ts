/** A customer has written. */
import type { Session } from "../../domain/Session.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import { Draft, type Env } from "./Draft.ts"
import { controlIs, mayAnswer } from "./chat.ts"
import { newSession } from "./newSession.ts"
import { dismissHuman, forward, think } from "./steps.ts"

export type CustomerMessage = Extract<LaneEvent, { _tag: "CustomerMessage" }>

/** The customer's way out of the human part, as a whole message. */
const endCommand = /^\/end\s*$/i

/** What a thread's first event tells about its session. */
interface FirstEvent {
  readonly contactId: Session["contactId"]
  readonly subject: string | null
  readonly locale: string | null
}

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

const openOne = (current: Session | null): Session | null =>
  current !== null && current.state !== "closed" ? current : null

/** The thread's open session, or a new one. */
export const draftFor = (env: Env, current: Session | null, event: FirstEvent): Draft => {
  const { contactId, locale, subject } = event
  const opening = { contactId, state: "ai", subject, language: locale } as const
  return new Draft(env, openOne(current) ?? newSession(env, opening))
}

/** The reply window is open again: what waited for it goes first. */
const sendHeld = (draft: Draft): void => {
  for (const seq of draft.session.held) draft.order({ _tag: "Deliver", seq })
  draft.set({ held: [] })
}

/** A message by way of the help desk's own channel says who has the chat; that decides who answers. */
const followChat = (draft: Draft, event: CustomerMessage): void => {
  const { chat } = event
  if (chat === null) return
  const { control, conversationId, userId } = chat
  const known = draft.session.chat?.conversationId === conversationId ? draft.session.chat : null
  draft.set({
    chat: {
      conversationId,
      userId,
      native: true,
      control: known?.control ?? control,
      controlAt: known?.controlAt ?? null,
      humansHadIt: known?.humansHadIt ?? false,
    },
  })
  controlIs(draft, conversationId, control, null, event.sentAt)
}

export const customerMessage = (env: Env, current: Session | null, event: CustomerMessage) => {
  const open = openOne(current)
  const draft = draftFor(env, current, event)
  followChat(draft, event)
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
    // A command and no message: it neither wants an answer nor hides messages that are still on their way to the humans.
    dismissHuman(draft)
    return draft.done()
  }
  const isFirst = draft.session.customerSeq === 0
  draft.set({
    customerSeq: seq,
    subject: draft.session.subject ?? event.subject,
    lastInboundAt: Math.max(draft.session.lastInboundAt ?? 0, event.sentAt),
  })
  sendHeld(draft)
  if (draft.session.state === "ai") {
    if (env.settings.handoff.ticketForEveryConversation && isFirst && env.handoff.path === "ticket") {
      draft.order({ _tag: "OpenTicket", handoff: 0, reason: "every_conversation", upToSeq: seq })
    }
    if (mayAnswer(draft)) think(draft)
    else draft.add({ _tag: "SystemEvent", text: "Not answered: the help desk has not given us this chat" })
  } else {
    forward(draft)
  }
  return draft.done()
}
