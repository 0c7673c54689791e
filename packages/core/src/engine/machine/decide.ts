/**
 * The session state machine: state × event → state, entries and work. Pure, and total: every event has an answer in
 * every state, and an event that no longer matters leaves a trace or nothing, never a wrong act.
 */
import type { DeliveryId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { Decision } from "../../ports/ConversationStore.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import { isAssist } from "../../domain/Lane.ts"
import { assisting } from "./assist.ts"
import { chatNews, chatReady, chatReply, controlChanged, controlIs } from "./chat.ts"
import { type CustomerMessage, customerMessage, draftFor } from "./customer.ts"
import { delivered, deliveryReport, heldBack, notSent, undeliverable } from "./deliveries.ts"
import { forwarded, forwardFailed, foundClosed, handoffFailed, ticketReady, ticketSynced } from "./desk.ts"
import { Draft, type Env } from "./Draft.ts"
import { escalate, handBack, think } from "./steps.ts"
import { type ThreadNews, threadNews } from "./threadNews.ts"
import { answered, escalated, turnFailed } from "./turns.ts"

/** A finished piece of work with its outcome, and the delivery it was about, if any. */
export interface WorkDone {
  readonly _tag: "WorkDone"
  readonly work: Work
  readonly outcome: Outcome
  readonly deliveryId: DeliveryId | null
}

export type MachineEvent = Exclude<LaneEvent, { _tag: "WorkDone" }> | WorkDone

/** No change at all. */
export const nothing: Decision = { session: null, entries: [], work: [], address: null }

const failedWork = (draft: Draft, task: Task, explanation: string, deliveryId: DeliveryId | null): void => {
  switch (task._tag) {
    case "Think":
      return turnFailed(draft, task.turn, explanation)
    case "OpenTicket":
    case "OpenChat":
      return handoffFailed(draft, task, explanation)
    case "Forward":
      return forwardFailed(draft, explanation)
    case "Deliver":
      return deliveryId === null ? undefined : undeliverable(draft, deliveryId, explanation)
    case "Note":
    case "SyncTicket":
    case "MergeIdentity":
    case "TakeChatBack":
    case "Assist":
    case "ReviewDraft":
    case "Wait":
      draft.add({ _tag: "SystemEvent", text: `${task._tag} was given up: ${explanation}` })
  }
}

const skippedWork = (draft: Draft, event: WorkDone, why: string): void => {
  const { task } = event.work
  if (task._tag === "Think" && draft.session.turn?.number === task.turn) {
    draft.set({ turn: null })
    think(draft)
  }
  if (task._tag === "OpenTicket" || task._tag === "OpenChat") handoffFailed(draft, task, why)
  if (task._tag === "Deliver" && event.deliveryId !== null) notSent(draft, event.deliveryId, why)
}

const timerFired = (draft: Draft, task: Extract<Task, { _tag: "Wait" }>): void => {
  const { session } = draft
  if (task.kind === "no_human") {
    if (session.state !== "handing_off" || session.handoffs !== task.stamp) return
    draft.say("noHuman")
    if (draft.env.settings.handoff.noHuman === "return_to_ai") handBack(draft, "no human joined in time")
  } else if (session.state === "ai" && session.turn === null && session.customerSeq === task.stamp) {
    draft.set({ state: "closed" })
    draft.add({ _tag: "SystemEvent", text: "Closed: quiet for the configured time" })
  }
}

const workDone = (draft: Draft, event: WorkDone): void => {
  const { outcome, work } = event
  const { task } = work
  switch (outcome._tag) {
    case "Answered":
      return answered(draft, outcome)
    case "Escalated":
      return escalated(draft, outcome)
    case "TicketReady":
      return task._tag === "OpenTicket" ? ticketReady(draft, task, outcome, work.epoch) : undefined
    case "ChatReady":
      return task._tag === "OpenChat" ? chatReady(draft, task, outcome, work.epoch) : undefined
    case "ChatControlFound":
      return controlIs(draft, outcome.conversationId, outcome.control, null, draft.env.now)
    case "IdentityDecided": {
      const { decision, evidence, reason } = outcome
      return void draft.add({ _tag: "IdentityDecision", decision, reason, evidence })
    }
    case "Held":
      return event.deliveryId === null ? undefined : heldBack(draft, event.deliveryId, outcome)
    case "Forwarded":
      return forwarded(draft, outcome.upToSeq)
    case "TicketClosed":
      return foundClosed(draft, outcome.ticketId)
    case "TicketSynced":
      return ticketSynced(draft, outcome)
    case "Delivered":
      return event.deliveryId === null ? undefined : delivered(draft, event.deliveryId, outcome)
    case "Failed":
      return failedWork(draft, task, outcome.explanation, event.deliveryId)
    case "TimerFired":
      return task._tag === "Wait" ? timerFired(draft, task) : undefined
    case "Skipped":
      return skippedWork(draft, event, outcome.why)
    case "Noted":
    case "Assisted":
    case "DraftReviewed":
    case "DraftOpen":
      return undefined
  }
}

const operatorCommand = (draft: Draft, event: Extract<LaneEvent, { _tag: "OperatorCommand" }>): void => {
  draft.add({ _tag: "SystemEvent", text: `${event.by}: ${event.command}` })
  switch (event.command) {
    case "take_over":
      return draft.session.state === "ai" ? escalate(draft, "operator", null) : undefined
    case "hand_back":
      return draft.session.state === "closed" ? undefined : handBack(draft, `handed back by ${event.by}`)
    case "close":
      return draft.set({ state: "closed", turn: null, handoffPending: false })
  }
}

/** Whether a signal is reason to ask for the status too; that costs one more call. */
export const asksForStatus = (statusHint: string | null): boolean =>
  statusHint === null || ["solved", "closed"].includes(statusHint.toLowerCase())

const ticketSignal = (draft: Draft, event: Extract<LaneEvent, { _tag: "TicketSignal" }>): void => {
  draft.order({
    _tag: "SyncTicket",
    ticketId: event.ticketId,
    readStatus: asksForStatus(event.statusHint),
  })
}

const onSession = (draft: Draft, event: Exclude<MachineEvent, CustomerMessage | ThreadNews>): void => {
  switch (event._tag) {
    case "ChatReply":
      return chatReply(draft, event)
    case "ChatControlChanged":
      return controlChanged(draft, event)
    case "ChatNews":
      return chatNews(draft, event.text)
    case "Heard":
      return void draft.add({ _tag: "Heard", deliveryId: event.deliveryId, text: event.text }, event.at)
    case "DeliveryReport":
      return deliveryReport(draft, event)
    case "TicketSignal":
      return ticketSignal(draft, event)
    case "OperatorCommand":
      return operatorCommand(draft, event)
    case "WorkDone":
      return workDone(draft, event)
  }
}

/** Only a wish for a human and words open a session; a verdict or the end of a call joins the last one, closed or not. */
const onThread = (env: Env, current: Session | null, event: ThreadNews): Decision => {
  const opens = ["HumanWanted", "Transcript", "OptOut"].includes(event._tag)
  if (current === null && !opens) return nothing
  const draft =
    current === null || (opens && event._tag !== "OptOut")
      ? draftFor(env, current, { contactId: event.contactId, subject: null, locale: null })
      : new Draft(env, current)
  draft.address = event.address
  threadNews(draft, event)
  return draft.done()
}

/** Decides about one event. `current`: the lane's session, or null when it has none yet. */
export const decide = (env: Env, current: Session | null, event: MachineEvent): Decision => {
  if (isAssist(env.lane)) return assisting(env, current, event)
  if (event._tag === "CustomerMessage") return customerMessage(env, current, event)
  if ("address" in event) return onThread(env, current, event)
  if (current === null) return nothing
  const draft = new Draft(env, current)
  onSession(draft, event)
  return draft.done()
}
