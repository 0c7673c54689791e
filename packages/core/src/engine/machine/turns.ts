/** An AI turn has ended. */
import type { Outcome } from "../../domain/Work.ts"
import type { Draft } from "./Draft.ts"
import { escalate, think } from "./steps.ts"

type Answered = Extract<Outcome, { _tag: "Answered" }>
type Escalated = Extract<Outcome, { _tag: "Escalated" }>

const isCurrent = (draft: Draft, turn: number): boolean => draft.session.turn?.number === turn

const learnLanguage = (draft: Draft, language: string | null): void => {
  if (language !== null) draft.set({ language })
}

/** As many answers as the loop guard counts. */
const remembered = (draft: Draft): number => Math.max(10, draft.env.settings.handoff.maxAnswersPerTenMinutes)

export const answered = (draft: Draft, outcome: Answered): void => {
  const current = isCurrent(draft, outcome.turn)
  // A human has taken over, or the turn was given up: the answer is kept for the record and never sent.
  const withheld = !current || draft.session.state !== "ai"
  const seq = draft.add({
    _tag: "AiAnswer",
    text: outcome.text,
    sources: outcome.sources,
    confidence: outcome.confidence,
    trace: outcome.trace,
    withheld,
    askBack: outcome.askBack,
    deliveryId: draft.deliveryId(),
  })
  if (current) draft.set({ turn: null })
  if (withheld) return
  learnLanguage(draft, outcome.language)
  draft.set({
    answeredSeq: Math.max(draft.session.answeredSeq, outcome.upToSeq),
    recentAnswers: [...draft.session.recentAnswers, draft.env.now].slice(-remembered(draft)),
  })
  draft.order({ _tag: "Deliver", seq })
  const { idleMinutes } = draft.env.settings.handoff
  if (idleMinutes !== null) {
    const stamp = draft.session.customerSeq
    draft.order({ _tag: "Wait", kind: "idle", stamp }, draft.env.now + idleMinutes * 60_000)
  }
  think(draft)
}

export const escalated = (draft: Draft, outcome: Escalated): void => {
  if (!isCurrent(draft, outcome.turn)) return
  draft.set({ turn: null })
  if (draft.session.state !== "ai") return
  learnLanguage(draft, outcome.language)
  escalate(draft, outcome.reason, outcome.trace)
}

/** The AI could not be brought to an answer at all: a human gets the conversation. */
export const turnFailed = (draft: Draft, turn: number, explanation: string): void => {
  if (!isCurrent(draft, turn)) return
  draft.set({ turn: null })
  draft.add({ _tag: "SystemEvent", text: `The AI turn failed: ${explanation}` })
  if (draft.session.state === "ai") escalate(draft, "agent_failed", null)
}
