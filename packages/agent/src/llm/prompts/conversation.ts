/** A conversation as data for a prompt: fenced line by line, long ones shortened in the middle. */
import type { ConversationLine, TurnContext } from "@opencx/core"
import type { Fence } from "./fence.ts"

/** Characters of one line, and of all lines together. What a turn needs stands at the beginning and at the end. */
const longestLine = 4000
const longestConversation = 24_000

const shorten = (text: string): string =>
  text.length <= longestLine
    ? text
    : `${text.slice(0, (longestLine * 3) / 4)}\n[…]\n${text.slice(-longestLine / 4)}`

const labels: Readonly<Record<ConversationLine["role"], string>> = {
  customer: "message of the customer",
  ai: "earlier reply of the assistant",
  human: "earlier reply of a human agent",
}

/** From the end, as many lines as have room, and the first one in any case. */
const fitting = (lines: ReadonlyArray<ConversationLine>): ReadonlyArray<ConversationLine> => {
  const short = lines.map((line) => ({ ...line, text: shorten(line.text) }))
  const [first, ...rest] = short
  if (first === undefined) return []
  const kept: Array<ConversationLine> = []
  let room = longestConversation - first.text.length
  for (const line of rest.toReversed()) {
    room -= line.text.length
    if (room < 0) break
    kept.unshift(line)
  }
  return [first, ...kept]
}

/** `subject` and lines, each in a fence of its own. */
export const conversationData = (context: Pick<TurnContext, "subject" | "lines">, fence: Fence): string => {
  const subject =
    context.subject === null || context.subject.trim() === ""
      ? []
      : [fence.wrap("subject line written by the customer", context.subject.slice(0, 500))]
  const lines = fitting(context.lines).map((line) => fence.wrap(labels[line.role], line.text))
  return [...subject, ...lines].join("\n")
}
