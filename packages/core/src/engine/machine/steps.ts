/** The moves that several events share. */
import type { HandoffReason } from "../../domain/Brief.ts"
import type { Trace } from "../../domain/Entry.ts"
import type { Session } from "../../domain/Session.ts"
import { afterOpenMinutes, isOpenAt, momentInWords, nextOpening } from "../../settings/officeHours.ts"
import type { Draft } from "./Draft.ts"
import { isRolledOut } from "./rollout.ts"

const tenMinutes = 600_000

/** True when the AI has answered so often lately that a person can hardly be at the other end. */
const looksLikeLoop = (draft: Draft): boolean => {
  const since = draft.env.now - tenMinutes
  return (
    draft.session.recentAnswers.filter((at) => at > since).length >=
    draft.env.settings.handoff.maxAnswersPerTenMinutes
  )
}

/**
 * Gives the conversation to a human: from here on the AI is silent. What the customer wrote counts as seen when the
 * ticket is there (`forwardedSeq`), and as answered when the customer was told that it failed.
 */
export const escalate = (draft: Draft, reason: HandoffReason, trace: Trace | null): void => {
  draft.add({ _tag: "HandoffRequested", reason, trace })
  const handoff = draft.session.handoffs + 1
  const { chat } = draft.session
  draft.set({
    chat: chat === null ? null : { ...chat, humansHadIt: false },
    state: "handing_off",
    handoffPending: true,
    handoffs: handoff,
    humanName: null,
    turn: null,
  })
  const task = { handoff, reason, upToSeq: draft.session.customerSeq }
  const { path, remark, unlessChat = false } = draft.env.handoff
  const staysInChat = unlessChat && draft.session.chat !== null
  if (remark !== null && !staysInChat) draft.add({ _tag: "SystemEvent", text: remark })
  const isChat = path === "chat" || staysInChat
  draft.order(isChat ? { _tag: "OpenChat", ...task } : { _tag: "OpenTicket", ...task })
}

/** Lets the AI answer what is unanswered, unless a turn is in flight (it will be followed by another). */
export const think = (draft: Draft): void => {
  const { session } = draft
  if (session.state !== "ai" || session.turn !== null || session.customerSeq <= session.answeredSeq) return
  if (!isRolledOut(draft.env.settings.rollout, draft.env.lane)) {
    escalate(draft, "rollout", null)
    return
  }
  if (looksLikeLoop(draft)) {
    escalate(draft, "repeated_failure", null)
    return
  }
  const number = session.turns + 1
  draft.set({ turns: number, turn: { number, upToSeq: session.customerSeq } })
  draft.order({ _tag: "Think", turn: number, upToSeq: session.customerSeq })
}

/** Back to the AI. What a human has seen counts as answered; what nobody has seen is answered now. */
export const handBack = (draft: Draft, reason: string): void => {
  if (draft.session.state !== "human" && draft.session.state !== "handing_off") return
  draft.add({ _tag: "Handback", reason })
  draft.set({
    state: "ai",
    handoffPending: false,
    humanName: null,
    turn: null,
    answeredSeq: Math.max(draft.session.answeredSeq, draft.session.forwardedSeq),
  })
  think(draft)
}

/** Sends what the human side of Zendesk has not seen yet. */
export const forward = (draft: Draft): void => {
  const { session } = draft
  if (session.handoffPending || session.customerSeq <= session.forwardedSeq) return
  // The help desk's own channel has shown it already.
  if (session.chat?.native === true) draft.set({ forwardedSeq: session.customerSeq })
  else if (session.ticket !== null || session.chat !== null)
    draft.order({ _tag: "Forward", upToSeq: session.customerSeq })
}

/** Whether there is a place where humans read notes of ours. */
export const humansCanRead = ({ chat, ticket }: Session): boolean =>
  chat !== null || (ticket !== null && ticket.status !== "closed")

/**
 * Tells the humans, where they are, what they cannot see otherwise. While a handoff is under way the note waits behind it in
 * the same queue: its transcript may be written already. `entrySeq`: the entry that it tells of, if the transcript shows it.
 */
export const note = (draft: Draft, text: string, entrySeq: number | null = null): void => {
  draft.add({ _tag: "InternalNote", text })
  if (!humansCanRead(draft.session) && !draft.session.handoffPending) return
  draft.order({ _tag: "Note", text, ...(entrySeq === null ? {} : { entrySeq }) })
}

/** While nobody is there, the customer is told from when on somebody is. */
const sayConfirmed = (draft: Draft): void => {
  const { now, settings } = draft.env
  const { officeHours } = settings.handoff
  if (officeHours === null || isOpenAt(officeHours, now)) return draft.say("handoffConfirmed")
  const opens = nextOpening(officeHours, now)
  if (opens === null) return draft.say("handoffConfirmed")
  const { language } = draft.session
  draft.say("outsideOfficeHours", {
    opens: momentInWords(officeHours, opens, language ?? settings.agentLanguage),
  })
}

/** Zendesk has the handoff: from now on humans are waited for, and the customer may know. */
export const handoffConfirmed = (draft: Draft): void => {
  draft.set({ state: "handing_off", turn: null })
  const { noHumanMinutes, officeHours, tellCustomer } = draft.env.settings.handoff
  if (tellCustomer) sayConfirmed(draft)
  if (noHumanMinutes !== null) {
    const stamp = draft.session.handoffs
    const deadline = afterOpenMinutes(officeHours, draft.env.now, noHumanMinutes)
    draft.order({ _tag: "Wait", kind: "no_human", stamp }, deadline)
  }
  forward(draft)
}

/** The customer ends the part with the human. */
export const dismissHuman = (draft: Draft): void => {
  const { chat, state } = draft.session
  if (state !== "human" && state !== "handing_off") return
  note(draft, "The customer ended the conversation with the human; the AI answers again.")
  if (chat !== null) draft.order({ _tag: "TakeChatBack" })
  handBack(draft, "the customer ended the conversation with the human")
}
