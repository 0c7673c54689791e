/** A conversation that a human has in a live chat, and what the help desk tells of it. */
import { Effect } from "effect"
import type { ChatInput } from "../../src/index.ts"
import { orgId } from "./fixtures.ts"
import { mail, type Rig, settled, write } from "./Rig.ts"

export const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return rig.chat.only()
})

let counter = 0

export type Told = ChatInput extends infer Each
  ? Each extends ChatInput
    ? Omit<Each, "orgId" | "chatId" | "sessionId" | "eventKey" | "at">
    : never
  : never

/** The help desk's webhook about the only chat. */
export const tell = (
  rig: Rig,
  news: Told,
  about: Partial<Pick<ChatInput, "eventKey" | "sessionId" | "at">> = {},
) => {
  counter += 1
  return rig.ingest.chat({
    orgId,
    chatId: rig.chat.only().id,
    sessionId: null,
    eventKey: `chat-${counter}`,
    at: Date.now(),
    ...news,
    ...about,
  })
}

export const replied = (text: string): Extract<Told, { _tag: "Replied" }> => ({
  _tag: "Replied",
  messageId: `m-${text}`,
  text,
  authorName: "Ada",
  files: [],
  automatic: false,
})

/** What every event of the customer's thread has; `dedupKey` is new each time. */
export const news = () => {
  const { address, dedupKey, sender, thread } = mail("")
  return { dedupKey: `${dedupKey}-event`, sender, thread, address, at: Date.now() }
}
