/** One AI turn. It only thinks: what is sent, the lane decides afterwards. */
import { Effect } from "effect"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { TurnResult } from "../../ports/SupportAgent.ts"
import { entriesOf, organizationOf, sessionOf, turnContext } from "./context.ts"
import { fromPort } from "./TaskFailure.ts"

type Think = Extract<Task, { _tag: "Think" }>

const toOutcome = (task: Think, result: TurnResult): Outcome => {
  const turn = { turn: task.turn, upToSeq: task.upToSeq }
  switch (result._tag) {
    case "Answer":
      return {
        _tag: "Answered",
        ...turn,
        text: result.text,
        sources: result.sources,
        confidence: result.confidence,
        askBack: false,
        language: result.language,
        trace: result.trace,
      }
    case "AskBack":
      return {
        _tag: "Answered",
        ...turn,
        text: result.text,
        sources: [],
        confidence: 0,
        askBack: true,
        language: result.language,
        trace: result.trace,
      }
    case "Escalate":
      return {
        _tag: "Escalated",
        ...turn,
        reason: result.reason,
        language: result.language,
        trace: result.trace,
      }
  }
}

export const runThink = Effect.fnUntraced(function* (work: Work, task: Think) {
  const session = yield* sessionOf(work)
  if (session.turn?.number !== task.turn) {
    return { _tag: "Skipped", why: "the turn was given up" } satisfies Outcome
  }
  if (session.state !== "ai")
    return { _tag: "Skipped", why: "a human has the conversation" } satisfies Outcome
  const organization = yield* organizationOf(session.orgId)
  const entries = yield* entriesOf(session)
  const context = turnContext(organization, session, entries, task.upToSeq)
  const result = yield* organization.agent.respond(context).pipe(Effect.mapError(fromPort))
  return toOutcome(task, result)
})
