/** `Messaging` and `IdentityMerge` with one flaw each: every suite here must fail. */
import { ChatId, type IdentityMerge, type InMemoryChat, type Messaging } from "@opencx/core"
import { Effect } from "effect"
import { describe } from "vitest"
import { identityMergeContract, messagingContract } from "../../src/index.ts"
import { memoryChat } from "./memoryChat.ts"
import { memoryPeople } from "./memoryPeople.ts"

type Chat = Messaging["Service"]
type Merge = IdentityMerge["Service"]["merge"]

const messaging = (flaw: string, change: (sound: Chat, chat: InMemoryChat) => Partial<Chat>) =>
  describe(flaw, () => messagingContract("flawed", memoryChat(change)))

messaging("opens-twice", (sound) => ({ open: (draft) => sound.open({ ...draft, checkFirst: false }) }))
messaging("earlier-chat-ignored", (sound) => ({ open: (draft) => sound.open({ ...draft, known: null }) }))
messaging("one-chat-for-all", (sound, chat) => ({
  open: (draft) => sound.open({ ...draft, known: chat.conversations[0]?.id ?? null }),
}))
messaging("found-and-not-taken", (sound, chat) => ({
  open: (draft) =>
    Effect.tap(sound.open(draft), ({ conversationId }) =>
      Effect.sync(() => draft.checkFirst && chat.give(conversationId, "nobody")),
    ),
}))
messaging("posts-twice", (sound) => ({ post: (draft) => sound.post({ ...draft, checkFirst: false }) }))
messaging("text-cut", (sound) => ({
  post: (draft) => sound.post({ ...draft, text: draft.text.slice(0, 4_000) }),
}))
messaging("characters-cut", (sound) => ({
  post: (draft) => sound.post({ ...draft, text: draft.text.replace(/[\uDC00-\uDFFF]/, "") }),
}))
messaging("latest-first", (sound, chat) => ({
  post: (draft) =>
    Effect.tap(sound.post(draft), () =>
      Effect.sync(() => chat.find(draft.conversationId)?.messages.sort((a, b) => (a.id < b.id ? 1 : -1))),
    ),
}))
messaging("all-by-us", (sound) => ({ post: (draft) => sound.post({ ...draft, author: "ai" }) }))
messaging("nameless", (sound) => ({ post: (draft) => sound.post({ ...draft, authorName: null }) }))
messaging("files-left-out", (sound) => ({ post: (draft) => sound.post({ ...draft, files: [] }) }))
messaging("never-silent", (sound) => ({ post: (draft) => sound.post({ ...draft, silent: false }) }))
messaging("passes-bare", (sound) => ({ pass: (draft) => sound.pass({ ...draft, tags: [] }) }))
messaging("hopes", (sound, chat) => ({
  pass: (draft) =>
    chat.find(draft.conversationId)?.passes.length === 0
      ? sound.pass(draft)
      : Effect.succeed({ dropped: [], listening: true }),
}))
messaging("drops-the-first", (sound) => ({
  pass: (draft) => sound.pass({ ...draft, fields: draft.fields.toReversed() }),
}))
messaging("drops-in-silence", (sound) => ({
  pass: (draft) => Effect.map(sound.pass(draft), () => ({ dropped: [], listening: true })),
}))
messaging("never-back", (sound) => ({
  takeBack: (id) => Effect.asVoid(sound.control(id)),
}))
messaging("takes-back-with-every-word", (sound) => ({
  post: (draft) => Effect.tap(sound.post(draft), () => sound.takeBack(draft.conversationId)),
}))
messaging("chats-from-nowhere", (sound, chat) => ({
  control: (id) => (chat.find(id) === undefined ? Effect.succeed("nobody" as const) : sound.control(id)),
}))

const merge = (flaw: string, change: (sound: Merge) => Merge) =>
  describe(flaw, () => identityMergeContract("flawed", memoryPeople(change)))

merge("believes-claims", (sound) => (input) => {
  const identities = input.contact.identities.map((one) => ({ ...one, verified: true }))
  return sound({ ...input, contact: { ...input.contact, identities } })
})
merge("order-ignored", (sound) => (input) => sound({ ...input, order: input.order.toReversed() }))
merge("strongest-only", (sound) => (input) => sound({ ...input, order: input.order.slice(0, 1) }))
merge(
  "anew-each-time",
  (sound) => (input) => sound({ ...input, chatUserId: ChatId.make(`${Math.random()}`) }),
)
merge(
  "never-says-why",
  (sound) => (input) => Effect.map(sound(input), (decision) => ({ ...decision, reason: "" })),
)
