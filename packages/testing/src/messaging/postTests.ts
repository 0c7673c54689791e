/** Writing into conversations. */
import { assert, it } from "@effect/vitest"
import { StoreError } from "@opencx/core"
import { Effect } from "effect"
import { chatDraft, chatPost, textFile } from "./chatDrafts.ts"
import type { LiveChatDesk, MakeLiveChatDesk, ShownMessage } from "./LiveChatDesk.ts"

const opened = (desk: LiveChatDesk) => desk.messaging.open(chatDraft())

/** Words with numbers, to be found again in their order however a text was cut; longer than any chat's limit. */
const words = Array.from({ length: 1_500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
const longText = words
  .map((word, n) => (n % 7 === 0 ? `${word} 👩🏽‍🚀` : n % 5 === 0 ? `${word} مرحبا` : word))
  .join(" ")

const wordsIn = (messages: ReadonlyArray<ShownMessage>): ReadonlyArray<string> =>
  messages.flatMap((one) => one.text.match(/w\d{4}/g) ?? [])

const ordered = (make: MakeLiveChatDesk) =>
  it.live("messages stand in the order in which they were posted, under the ids that were told", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const chat = yield* opened(desk)
      const ids: Array<string> = []
      for (let n = 1; n <= 5; n++)
        ids.push(...(yield* desk.messaging.post(chatPost(chat, { marker: `e${n}`, text: `line ${n}` }))))
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.id),
        ids,
      )
      for (const [n, one] of shown.entries()) assert.include(one.text, `line ${n + 1}`)
    }),
  )

const whole = (make: MakeLiveChatDesk) =>
  it.live("a long text arrives whole, in order, and no character is cut in two", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const chat = yield* opened(desk)
      const ids = yield* desk.messaging.post(chatPost(chat, { text: longText }))
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.id),
        [...ids],
      )
      assert.deepStrictEqual(wordsIn(shown), words)
      const text = shown.map((one) => one.text).join("")
      assert.isTrue(shown.every((one) => one.text.isWellFormed()))
      assert.strictEqual(text.match(/🚀/gu)?.length, longText.match(/🚀/gu)?.length)
      assert.strictEqual(text.match(/مرحبا/g)?.length, longText.match(/مرحبا/g)?.length)
    }),
  )

const oncePerMarker = (make: MakeLiveChatDesk) =>
  it.live("a post whose answer got lost is found by its marker: each piece once", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const chat = yield* opened(desk)
      const draft = chatPost(chat, { text: longText, files: [textFile("invoice.txt", "1042")] })
      yield* desk.loseAnswer("post")
      const error = yield* Effect.flip(desk.messaging.post(draft))
      assert.strictEqual(error.reason._tag, "Ambiguous")
      const ids = yield* desk.messaging.post({ ...draft, checkFirst: true })
      assert.deepStrictEqual(yield* desk.messaging.post({ ...draft, checkFirst: true }), ids)
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.id),
        [...ids],
      )
      assert.deepStrictEqual(wordsIn(shown), words)
      assert.lengthOf(
        shown.filter((one) => one.fileName !== null),
        1,
      )
      const other = yield* desk.messaging.post(chatPost(chat, { marker: "entry-2", checkFirst: true }))
      assert.notInclude(ids, other[0])
      assert.lengthOf(yield* desk.messages(chat.conversationId), ids.length + other.length)
    }),
  )

const authors = (make: MakeLiveChatDesk) =>
  it.live("the customer's words are theirs, and everybody else's bear their name", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const chat = yield* opened(desk)
      const lines = [
        { author: "customer", authorName: "Noor Haddad" },
        { author: "ai", authorName: "Acme Assistant" },
        { author: "human", authorName: "Ada" },
        { author: "system", authorName: "Acme" },
      ] as const
      for (const line of lines)
        yield* desk.messaging.post(
          chatPost(chat, { ...line, marker: line.author, text: `by ${line.author}` }),
        )
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.fromCustomer),
        [true, false, false, false],
      )
      for (const [n, line] of lines.entries()) {
        assert.include(shown[n]?.text, `by ${line.author}`)
        if (line.author !== "customer") assert.include(shown[n]?.authorName, line.authorName)
      }
    }),
  )

const files = (make: MakeLiveChatDesk) =>
  it.live(
    "files follow the text; one that cannot be read now is tried again, and nothing is there twice",
    () =>
      Effect.gen(function* () {
        const desk = yield* make
        const chat = yield* opened(desk)
        const first = textFile("invoice.txt", "order 1042")
        const second = textFile("receipt.txt", "paid")
        const unread = {
          ...second,
          bytes: Effect.fail(new StoreError({ operation: "Blobs.get", detail: "disk gone" })),
        }
        const error = yield* Effect.flip(desk.messaging.post(chatPost(chat, { files: [first, unread] })))
        assert.isTrue(error.isRetryable)
        yield* desk.messaging.post(chatPost(chat, { files: [first, second], checkFirst: true }))
        const shown = yield* desk.messages(chat.conversationId)
        assert.include(shown[0]?.text, "Where is my refund?")
        assert.deepStrictEqual(
          shown.map((one) => one.fileName),
          [null, "invoice.txt", "receipt.txt"],
        )
        assert.isTrue(shown.every((one) => one.fromCustomer))
      }),
  )

const silence = (make: MakeLiveChatDesk) =>
  it.live("a silent post is for the humans only", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const chat = yield* opened(desk)
      const ai = { author: "ai", authorName: "Acme Assistant" } as const
      yield* desk.messaging.post(chatPost(chat, { ...ai, marker: "s1", text: "summary", silent: true }))
      yield* desk.messaging.post(chatPost(chat, { ...ai, marker: "s2", text: "hello" }))
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.reachesCustomer),
        [false, true],
      )
      assert.include(shown[0]?.text, "summary")
    }),
  )

/** Writing: whole, in order, once. */
export const postTests = (make: MakeLiveChatDesk): void => {
  for (const test of [ordered, whole, oncePerMarker, authors, files, silence]) test(make)
}
