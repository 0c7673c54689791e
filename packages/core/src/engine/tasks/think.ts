/** One AI turn. It only thinks: what is sent, the lane decides afterwards. */
import { Effect, Schedule } from "effect"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { TurnResult } from "../../ports/SupportAgent.ts"
import { Live } from "../Live.ts"
import type { Organization } from "../Organizations.ts"
import { showTyping } from "../showTyping.ts"
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

/** Channels forget a typing sign after 20 to 25 seconds. */
const typingEvery = "20 seconds"

/** Shows the customer that an answer is being written, for as long as it is. A channel that cannot is left alone. */
const whileTyping = <A, E, R>(
  organization: Organization,
  session: Session,
  work: Work,
  answer: Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    const live = yield* Live
    const sign = Effect.andThen(
      live.publish(work.lane, { _tag: "Typing", author: "ai" }),
      showTyping(organization, session),
    )
    // The first is on its own: a quick answer must not take it back, since some channels show with it that we have read.
    yield* Effect.forkDetach(sign)
    yield* Effect.forkScoped(Effect.delay(Effect.repeat(sign, Schedule.spaced(typingEvery)), typingEvery))
    return yield* answer
  }).pipe(Effect.scoped)

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
  const live = yield* Live
  const onPartial = (text: string) => live.publish(work.lane, { _tag: "Partial", text })
  const answer = organization.agent.respond(context, onPartial).pipe(Effect.mapError(fromPort))
  const result = yield* whileTyping(organization, session, work, answer)
  return toOutcome(task, result)
})
