/** What the customer's words decide before any model is asked: cheap, the same every time, and out of reach of persuasion. */
import type { HandoffReason, TurnContext } from "@opencx/core"
import { type Turn, turnOf } from "../agent/query.ts"
import { isAskBack } from "../agent/templates.ts"
import { isAngry } from "../intents/anger.ts"
import { saysItFailed } from "../intents/failure.ts"
import { asksForHuman } from "../intents/humanRequest.ts"
import { smallTalkOf } from "../intents/smallTalk.ts"
import { topicOf } from "../intents/topics.ts"
import { detectLanguage } from "../language/detect.ts"

export interface Words {
  readonly turn: Turn
  readonly language: string | null
  /** The AI's last line was a question back. */
  readonly askedBack: boolean
  readonly decision:
    | { readonly _tag: "Escalate"; readonly reason: HandoffReason }
    | { readonly _tag: "SmallTalk" }
    | { readonly _tag: "Model" }
}

/** One of the templates, or a model's: a single paragraph that ends as a question. Answers have sources below. */
const isQuestionBack = (turn: Turn): boolean => {
  if (turn.before?.role !== "ai") return false
  const text = turn.before.text.trim()
  return isAskBack(text) || (/[?？؟]$/.test(text) && !text.includes("\n\n"))
}

const reasonOf = (
  turn: Turn,
  context: TurnContext,
  language: string | null,
  askedBack: boolean,
): HandoffReason | null => {
  if (asksForHuman(turn.matter)) return "customer_asked"
  const said = `${context.subject ?? ""}\n${turn.matter}`
  if (topicOf(said, context.escalateTopics, language) !== null) return "listed_topic"
  if (isAngry(turn.matter)) return "anger"
  const wasAnswered = turn.before?.role === "ai" && !askedBack
  return wasAnswered && saysItFailed(turn.matter) ? "repeated_failure" : null
}

export const readWords = (context: TurnContext): Words => {
  const turn = turnOf(context)
  const recent = [...turn.earlier.slice(-2), turn.matter].join("\n")
  const language = detectLanguage(turn.matter, detectLanguage(recent, context.language))
  const askedBack = isQuestionBack(turn)
  const reason = reasonOf(turn, context, language, askedBack)
  if (reason !== null) return { turn, language, askedBack, decision: { _tag: "Escalate", reason } }
  const isTalk = smallTalkOf(turn.matter) !== null
  return { turn, language, askedBack, decision: isTalk ? { _tag: "SmallTalk" } : { _tag: "Model" } }
}
