/** Who has the chat. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { chatDraft, chatPost, passDraft, untilControl } from "./chatDrafts.ts"
import type { LiveChatDesk, MakeLiveChatDesk } from "./LiveChatDesk.ts"

const openedWithWords = Effect.fnUntraced(function* ({ messaging }: LiveChatDesk) {
  const chat = yield* messaging.open(chatDraft())
  const [firstMessageId = null] = yield* messaging.post(chatPost(chat))
  return { chat, firstMessageId }
})

const passing = (make: MakeLiveChatDesk) =>
  it.live("pass gives the chat to the humans with tags, fields and requester; again is harmless", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { chat, firstMessageId } = yield* openedWithWords(desk)
      const draft = passDraft(chat, {
        firstMessageId,
        fields: [
          { id: "360001", value: "refund_request" },
          { id: "360002", value: "مرتجع" },
        ],
      })
      assert.deepStrictEqual(yield* desk.messaging.pass(draft), { dropped: [], listening: true })
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      yield* desk.messaging.listen(chat.conversationId)
      yield* desk.messaging.listen(chat.conversationId)
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      yield* desk.messaging.pass(draft)
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      const passed = yield* desk.passed(chat.conversationId)
      assert.includeMembers([...(passed?.tags ?? [])], ["opencx", "opencx_handedoff"])
      assert.include(passed?.fields["360001"], "refund_request")
      assert.include(passed?.fields["360002"], "مرتجع")
      assert.deepStrictEqual(
        [passed?.requesterName, passed?.requesterEmail],
        ["Noor Haddad", "noor@customer.example"],
      )
    }),
  )

const stuck = (make: MakeLiveChatDesk) =>
  it.live("a pass that is accepted and not done shows in control, and the next one does it", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { chat } = yield* openedWithWords(desk)
      yield* desk.stickPass
      const exit = yield* Effect.exit(desk.messaging.pass(passDraft(chat)))
      if (Exit.isFailure(exit)) {
        const error = yield* Effect.flip(Effect.failCause(exit.cause))
        assert.isTrue(error.isRetryable, "nobody may give up because of it")
      }
      const done = (yield* desk.passed(chat.conversationId)) !== null
      assert.strictEqual((yield* desk.messaging.control(chat.conversationId)) === "humans", done)
      yield* desk.messaging.pass(passDraft(chat))
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      assert.isNotNull(yield* desk.passed(chat.conversationId))
    }),
  )

const dropping = (make: MakeLiveChatDesk) =>
  it.live("what does not fit is dropped from the end of the fields, and told", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { chat } = yield* openedWithWords(desk)
      const fields = Array.from({ length: 12 }, (_, n) => ({
        id: String(360_010 + n),
        value: `${n} `.padEnd(900, "ل"),
      }))
      const { dropped } = yield* desk.messaging.pass(passDraft(chat, { fields }))
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      const ids = fields.map((one) => one.id)
      const kept = ids.slice(0, ids.length - dropped.length)
      assert.deepStrictEqual([...kept, ...dropped], ids)
      const passed = yield* desk.passed(chat.conversationId)
      assert.sameMembers(
        Object.keys(passed?.fields ?? {}).filter((id) => ids.includes(id)),
        kept,
      )
      assert.include([...(passed?.tags ?? [])], "opencx_handedoff")
    }),
  )

const withHumans = (make: MakeLiveChatDesk) =>
  it.live("what the customer writes meanwhile reaches the humans, who keep the chat", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { chat } = yield* openedWithWords(desk)
      yield* desk.messaging.pass(passDraft(chat))
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
      yield* desk.humanWrites(chat.conversationId, "Hello Noor")
      yield* desk.messaging.post(chatPost(chat, { marker: "entry-2", text: "at last" }))
      yield* desk.messaging.typing(chat.conversationId)
      yield* desk.messaging.customerRead(chat.conversationId, chat.userId)
      const shown = yield* desk.messages(chat.conversationId)
      assert.deepStrictEqual(
        shown.map((one) => one.fromCustomer),
        [true, false, true],
      )
      for (const [n, text] of ["Where is my refund?", "Hello Noor", "at last"].entries())
        assert.include(shown[n]?.text, text)
      yield* untilControl(desk.messaging, chat.conversationId, "humans")
    }),
  )

const takingBack = (make: MakeLiveChatDesk) =>
  it.live("takeBack makes the chat ours, also from nobody, and again is harmless", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { messaging } = desk
      const { chat } = yield* openedWithWords(desk)
      yield* messaging.pass(passDraft(chat))
      yield* untilControl(messaging, chat.conversationId, "humans")
      yield* desk.humanWrites(chat.conversationId, "One moment")
      yield* messaging.takeBack(chat.conversationId)
      yield* untilControl(messaging, chat.conversationId, "ours")
      yield* messaging.takeBack(chat.conversationId)
      yield* untilControl(messaging, chat.conversationId, "ours")
      yield* messaging.pass(passDraft(chat))
      yield* untilControl(messaging, chat.conversationId, "humans")
      yield* desk.release(chat.conversationId)
      yield* untilControl(messaging, chat.conversationId, "nobody")
      yield* messaging.takeBack(chat.conversationId)
      yield* untilControl(messaging, chat.conversationId, "ours")
    }),
  )

const catchingUp = (make: MakeLiveChatDesk) =>
  it.live("catchUp finds what humans wrote, and nobody else's words, and says who has the chat", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { messaging } = desk
      const { chat } = yield* openedWithWords(desk)
      yield* messaging.post(chatPost(chat, { marker: "entry-2", author: "ai", text: "An answer by the AI" }))
      yield* messaging.pass(passDraft(chat))
      yield* untilControl(messaging, chat.conversationId, "humans")
      assert.deepInclude(yield* messaging.catchUp(chat.conversationId, 0), { control: "humans", replies: [] })
      yield* desk.humanWrites(chat.conversationId, "Hello Noor")
      yield* desk.humanWrites(chat.conversationId, "Your refund is on its way")
      const { replies } = yield* messaging.catchUp(chat.conversationId, 0)
      assert.deepStrictEqual(
        replies.map(({ text }) => text),
        ["Hello Noor", "Your refund is on its way"],
      )
      assert.strictEqual(new Set(replies.map(({ messageId }) => messageId)).size, 2)
      const later = (replies.at(-1)?.at ?? 0) + 1000
      assert.deepStrictEqual((yield* messaging.catchUp(chat.conversationId, later)).replies, [])
    }),
  )

/** Giving the chat away and getting it back. */
export const controlTests = (make: MakeLiveChatDesk): void => {
  for (const test of [passing, stuck, dropping, withHumans, takingBack, catchingUp]) test(make)
}
