/** What the customer's words decide before any model is asked: cheap, the same every time, and out of reach of persuasion. */
import type { HandoffReason, TurnContext } from "@opencx/core"
import { languageOf, reasonInWords } from "../agent/inWords.ts"
import { type Turn, turnOf } from "../agent/query.ts"
import { isAskBack } from "../agent/templates.ts"
import { smallTalkOf } from "../intents/smallTalk.ts"

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

export const readWords = (context: TurnContext): Words => {
  const turn = turnOf(context)
  const language = languageOf(turn, context.language)
  const askedBack = isQuestionBack(turn)
  const reason = reasonInWords(turn, context, language, turn.before?.role === "ai" && !askedBack)
  if (reason !== null) return { turn, language, askedBack, decision: { _tag: "Escalate", reason } }
  const isTalk = smallTalkOf(turn.matter) !== null
  return { turn, language, askedBack, decision: isTalk ? { _tag: "SmallTalk" } : { _tag: "Model" } }
}
