/** What a turn's words decide by themselves, whichever agent answers. */
import type { HandoffReason, TurnContext } from "@opencx/core"
import { isAngry } from "../intents/anger.ts"
import { saysItFailed } from "../intents/failure.ts"
import { asksForHuman } from "../intents/humanRequest.ts"
import { topicOf } from "../intents/topics.ts"
import { detectLanguage } from "../language/detect.ts"
import { baseLanguage } from "../text/analyze.ts"
import { matterOnly, type Turn } from "./query.ts"
import { isUnderspecified } from "./underspecified.ts"

/** The language of what is asked; the lines before it count where that tells too little. */
export const languageOf = ({ earlier, matter }: Pick<Turn, "earlier" | "matter">, known: string | null) =>
  detectLanguage(matter, detectLanguage([...earlier.slice(-2), matter].join("\n"), known))

/** Why a human must have it. The order is the order of importance. `wasAnswered`: the AI's last line was an answer. */
export const reasonInWords = (
  { matter }: Turn,
  { escalateTopics, subject }: TurnContext,
  language: string | null,
  wasAnswered: boolean,
): HandoffReason | null => {
  if (asksForHuman(matter)) return "customer_asked"
  if (topicOf(`${subject ?? ""}\n${matter}`, escalateTopics, language) !== null) return "listed_topic"
  if (isAngry(matter)) return "anger"
  return wasAnswered && saysItFailed(matter) ? "repeated_failure" : null
}

/** Whether it does not say what it is about. The subject counts for the first message only. */
export const isVague = (
  { earlier, matter }: Turn,
  subject: string | null,
  language: string | null,
): boolean =>
  isUnderspecified(
    `${matterOnly(matter)} ${earlier.length === 0 ? (subject ?? "") : ""}`,
    language === null ? null : baseLanguage(language),
  )
