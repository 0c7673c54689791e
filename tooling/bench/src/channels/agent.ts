/** An agent that does not think: what is left to measure is the engine. */
import { CustomerText, SupportAgent, type TurnContext, type TurnResult } from "@opencx/core"
import { Context, Effect } from "effect"

export const trace = { agent: "bench", queries: [], hits: [], signals: {}, latencyMs: 0 }

export const answerOf = (text: string): TurnResult => ({
  _tag: "Answer",
  text: CustomerText.make(text),
  sources: [],
  confidence: 1,
  language: "en",
  trace,
})

const escalation: TurnResult = { _tag: "Escalate", reason: "customer_asked", language: "en", trace }

const newest = ({ lines }: TurnContext): string => lines.at(-1)?.text ?? ""

/** Who asks for a human gets one; everybody else gets the same answer. */
export const withoutThinking = (services: Context.Context<SupportAgent>, wantsHuman: string) =>
  Effect.sync(() => {
    const respond = (context: TurnContext) =>
      Effect.succeed(newest(context).includes(wantsHuman) ? escalation : answerOf("It takes three days."))
    Object.assign(Context.get(services, SupportAgent), { respond })
  })
