/** An AI that says what the test tells it to. */
import { Effect } from "effect"
import {
  type AssistContext,
  type AssistResult,
  CustomerText,
  type FieldRequest,
  type FilledField,
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

export const draftOf = (words: string): AssistResult => ({
  _tag: "Draft",
  text: words,
  sources: [{ articleId: "a1", title: "Returns", url: "https://hc.example/a1", internal: false }],
  confidence: 1,
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
  /** What it was asked to fill, and what it will say; nothing when that is used up. */
  readonly asked: Array<ReadonlyArray<FieldRequest>> = []
  readonly fills: Array<Effect.Effect<ReadonlyArray<FilledField>, SupportAgentError>> = []
  /** What happens, one by one, while it writes a brief: the conversation has been read by then. */
  readonly duringBriefs: Array<Effect.Effect<void>> = []
  /** The tickets that it was shown, and what it will say; a draft of the customer's own words when that is used up. */
  readonly assists: Array<AssistContext> = []
  readonly drafts: Array<Effect.Effect<AssistResult, SupportAgentError>> = []

  readonly service: SupportAgent["Service"] = {
    respond: (context, onPartial = () => Effect.void) =>
      Effect.suspend(() => {
        this.turns.push(context)
        return (this.script.shift() ?? usual)(context, onPartial)
      }),
    brief: (_, reason) => Effect.as(this.duringBriefs.shift() ?? Effect.void, { ...brief, reason }),
    fill: (fields) =>
      Effect.suspend(() => {
        this.asked.push(fields)
        return this.fills.shift() ?? Effect.succeed([])
      }),
    assist: (context) =>
      Effect.suspend(() => {
        this.assists.push(context)
        const words =
          context.request ??
          context.lines
            .slice(-context.unanswered)
            .map((l) => l.text)
            .join(" + ")
        return this.drafts.shift() ?? Effect.succeed(draftOf(`draft for: ${words}`))
      }),
  }
}
