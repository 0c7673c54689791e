/** What went wrong, from the customers' phones and the chats in Zendesk. */
import { chats } from "@opencx/runtime"
import type { Stage } from "../support/stage.ts"
import { type Load, mark, markIn } from "./load.ts"

const times = (texts: ReadonlyArray<string>, word: string): number =>
  texts.reduce((sum, text) => sum + text.split(word).length - 1, 0)

/** One line for each customer whose conversation is not as it should be. */
export const audit = (stage: Stage, people: ReturnType<Load["people"]>): ReadonlyArray<string> => {
  const chatsWith = new Map<string, number>()
  for (const found of chats(stage).map(markIn)) chatsWith.set(found, (chatsWith.get(found) ?? 0) + 1)
  return people.flatMap(({ got, kind, n, number }) => {
    if (got.some((text) => text.includes("INTERNAL"))) return [`${number} read an internal note`]
    if (kind !== "human")
      return got.length === 1 && times(got, "password") > 0
        ? []
        : [`${kind} ${number} got ${got.length} messages to one question: ${got.join(" | ").slice(0, 200)}`]
    const replies = times(got, mark("reply", n))
    const opened = chatsWith.get(mark("first", n)) ?? 0
    return replies === 1 && opened === 1
      ? []
      : [`${number}: ${opened} chats, ${replies} times the human's reply`]
  })
}
