/** The live chat in memory, as the messaging suite wants it. */
import { chatFaults, type InMemoryChat, MemoryChat, memoryMessaging, type Messaging } from "@opencx/core"
import { Effect } from "effect"
import type { LiveChatDesk } from "../../src/index.ts"

const deskOn = (chat: InMemoryChat, messaging: Messaging["Service"]): LiveChatDesk => ({
  messaging,
  humanWrites: (id, text) => Effect.sync(() => void chat.humanWrites(id, text)),
  release: (id) => Effect.sync(() => chat.release(id)),
  stickPass: Effect.sync(() => chat.stickPasses(1)),
  loseAnswer: (operation) => Effect.sync(() => chat.next(operation, chatFaults.loseAnswer)),
  conversations: Effect.sync(() => chat.conversations.map((one) => one.id)),
  messages: (id) =>
    Effect.sync(() =>
      (chat.find(id)?.messages ?? []).map((one) => ({
        id: one.id,
        fromCustomer: one.author === "customer",
        authorName: one.authorName,
        text: one.text,
        fileName: one.file?.fileName ?? null,
        reachesCustomer: !one.silent,
      })),
    ),
  passed: (id) =>
    Effect.sync(() => {
      const pass = chat.find(id)?.passes.findLast((one) => one.done)
      return pass === undefined
        ? null
        : {
            tags: pass.tags,
            fields: Object.fromEntries(pass.fields.map((one) => [one.id, String(one.value)])),
            requesterName: pass.requester.name,
            requesterEmail: pass.requester.email,
          }
    }),
})

/** A chat without conversations, its port changed by `change`. */
export const memoryChat = (
  change: (messaging: Messaging["Service"], chat: InMemoryChat) => Partial<Messaging["Service"]> = () => ({}),
) =>
  Effect.map(MemoryChat.make, (chat) => {
    const messaging = memoryMessaging(chat)
    return deskOn(chat, { ...messaging, ...change(messaging, chat) })
  })
