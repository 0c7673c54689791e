/** An AI that says what the test tells it to. */
import { Effect } from "effect"
import {
  CustomerText,
  type HandoffReason,
  type SupportAgent,
  type SupportAgentError,
  type TurnContext,
  type TurnResult,
} from "../../src/index.ts"
import { brief, trace } from "./fixtures.ts"

export type Turn = (
  context: TurnContext,
  onPartial: (text: string) => Effect.Effect<void>,
) => Effect.Effect<TurnResult, SupportAgentError>

export const say = (words: string): TurnResult => ({
  _tag: "Answer",
  text: CustomerText.make(words),
  sources: [],
  confidence: 1,
  language: "en",
  trace,
})
export const giveUp = (reason: HandoffReason = "customer_asked"): TurnResult => ({
  _tag: "Escalate",
  reason,
  language: "en",
  trace,
})

/** Asks for a human where the customer does; else answers with the customer's own newest words. */
const usual: Turn = ({ lines, unanswered }) => {
  const asked = lines.filter((l) => l.role === "customer").slice(-unanswered)
  const words = asked.map((l) => l.text).join(" + ")
  return Effect.succeed(words.includes("human") ? giveUp() : say(`answer to: ${words}`))
}

export class FakeAgent {
  readonly turns: Array<TurnContext> = []
  /** Used up one by one; then the usual behaviour. */
  readonly script: Array<Turn> = []

  readonly service: SupportAgent["Service"] = {
    respond: (context, onPartial = () => Effect.void) =>
      Effect.suspend(() => {
        this.turns.push(context)
        return (this.script.shift() ?? usual)(context, onPartial)
      }),
    brief: (_, reason) => Effect.succeed({ ...brief, reason }),
  }
}
