/** What the words on a ticket decide about a draft by themselves, whichever agent writes it. */
import type { AssistContext, AssistSkip } from "@opencx/core"
import { languageOf } from "../agent/inWords.ts"
import { matterOnly, type Turn, turnOf } from "../agent/query.ts"
import { isUnderspecified } from "../agent/underspecified.ts"
import { smallTalkOf } from "../intents/smallTalk.ts"
import { topicOf } from "../intents/topics.ts"
import { baseLanguage } from "../text/analyze.ts"

export interface AssistWords {
  readonly turn: Turn
  readonly language: string | null
  /** Why there is nothing to draft; null: search. */
  readonly quiet: AssistSkip | null
}

/** An agent's own question takes the place of the customer's. */
const turnFor = ({ lines, request, unanswered }: AssistContext): Turn =>
  request === null
    ? turnOf({ lines, unanswered })
    : turnOf({ lines: [{ role: "customer", text: request, at: 0 }], unanswered: 1 })

const quietBy = (turn: Turn, context: AssistContext, language: string | null): AssistSkip | null => {
  const all = [context.subject ?? "", turn.matter, context.request ?? "", ...turn.earlier].join("\n")
  if (topicOf(all, context.quietTopics, language) !== null) return "topic_no_assist"
  if (smallTalkOf(turn.matter) !== null) return "nothing_to_answer"
  const words = `${matterOnly(turn.matter)} ${turn.earlier.length === 0 ? (context.subject ?? "") : ""}`
  return isUnderspecified(words, language === null ? null : baseLanguage(language))
    ? "not_helpful_answer"
    : null
}

export const readAssistWords = (context: AssistContext): AssistWords => {
  const turn = turnFor(context)
  const language = languageOf(turn, context.language)
  return { turn, language, quiet: quietBy(turn, context, language) }
}
