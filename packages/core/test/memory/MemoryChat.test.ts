/** What the chat in memory does beyond the contract of `Messaging`: people, faults, limits, one conversation for all. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import {
  chatFaults,
  type ChatDraft,
  type ChatPost,
  ContactId,
  layerMemory,
  MemoryChat,
  Messaging,
  type OpenedChat,
  RateLimited,
  SessionId,
} from "../../src/index.ts"
import { orgId, uuid } from "../support/fixtures.ts"

const draft = (change: Partial<ChatDraft> = {}): ChatDraft => ({
  orgId,
  contactId: ContactId.make(uuid(2)),
  sessionId: SessionId.make(uuid(1)),
  customer: { externalId: "c-2", name: "Eve", email: null, phone: null, locale: null },
  subject: "Parcel",
  known: null,
  checkFirst: false,
  ...change,
})

const words = ({ conversationId, userId }: OpenedChat, change: Partial<ChatPost> = {}): ChatPost => ({
  conversationId,
  userId,
  marker: "m1",
  author: "customer",
  authorName: null,
  text: "where is it?",
  files: [],
  silent: false,
  checkFirst: false,
  ...change,
})

/** A chat of its own for each test. */
const onChat = <A, E>(
  use: (messaging: Messaging["Service"], chat: MemoryChat["Service"]) => Effect.Effect<A, E>,
) =>
  Effect.gen(function* () {
    return yield* use(yield* Messaging, yield* MemoryChat)
  }).pipe(Effect.provide(Layer.fresh(layerMemory.messaging)))

describe("the chat in memory", () => {
  it.effect("customers begin, humans answer and hand on, and what is closed stays closed", () =>
    onChat(
      Effect.fnUntraced(function* (messaging, chat) {
        const started = chat.customerStarts("hello", "whatsapp-1")
        assert.strictEqual(chat.only().control, "ours")
        assert.notStrictEqual(chat.customerStarts("me too").userId, started.userId)
        assert.throws(() => chat.only(), /2 conversations/)
        chat.give(started, "humans")
        chat.humanWrites(started.id, "hi")
        chat.customerWrites(started, "at last")
        assert.deepStrictEqual(
          started.messages.map((one) => [one.author, one.authorName, one.text, one.marker]),
          [
            ["customer", null, "hello", null],
            ["human", "Ada", "hi", null],
            ["customer", null, "at last", null],
          ],
        )
        chat.release(started)
        assert.strictEqual(yield* messaging.control(started.id), "nobody")
        const before = words({
          conversationId: started.id,
          userId: started.userId,
          created: false,
          warnings: [],
        })
        const ids = yield* messaging.post(before)
        chat.close(started)
        assert.throws(() => chat.humanWrites(started, "too late"), /is closed/)
        const late = yield* Effect.flip(messaging.post({ ...before, marker: "m2" }))
        assert.strictEqual(late.reason._tag, "Closed")
        assert.deepStrictEqual(yield* messaging.post({ ...before, checkFirst: true }), ids)
        yield* messaging.typing(started.id)
        assert.strictEqual(started.typings, 1)
      }),
    ),
  )

  it.effect("without multi-conversations the sessions of a customer share one, with a warning", () =>
    onChat(
      Effect.fnUntraced(function* (messaging, chat) {
        chat.multiConversations = false
        const first = yield* messaging.open(draft())
        const second = yield* messaging.open(draft({ sessionId: SessionId.make(uuid(9)) }))
        assert.strictEqual(second.conversationId, first.conversationId)
        assert.isFalse(second.created)
        for (const { warnings } of [first, second, yield* messaging.verify])
          assert.include(warnings[0], "multi-conversations are off")
      }),
    ),
  )

  it.effect("a known conversation that is gone is replaced", () =>
    onChat(
      Effect.fnUntraced(function* (messaging, chat) {
        const first = yield* messaging.open(draft())
        chat.conversations.length = 0
        const second = yield* messaging.open(draft({ known: first.conversationId }))
        assert.isTrue(second.created)
        assert.notStrictEqual(second.conversationId, first.conversationId)
      }),
    ),
  )

  it.effect("passes stick as often as they should, and say what came with them", () =>
    onChat(
      Effect.fnUntraced(function* (messaging, chat) {
        const opened = yield* messaging.open(draft())
        const pass = messaging.pass({
          conversationId: opened.conversationId,
          tags: ["opencx"],
          fields: [],
          requester: { name: "Eve", email: null },
          firstMessageId: null,
        })
        chat.stickPasses(2)
        yield* Effect.all([pass, pass])
        assert.strictEqual(yield* messaging.control(opened.conversationId), "ours")
        yield* pass
        assert.strictEqual(yield* messaging.control(opened.conversationId), "humans")
        assert.deepStrictEqual(
          chat.only().passes.map((one) => one.done),
          [false, false, true],
        )
      }),
    ),
  )

  it.effect("faults strike one call each, in order, and calls are counted", () =>
    onChat(
      Effect.fnUntraced(function* (messaging, chat) {
        const opened = yield* messaging.open(draft())
        const gate = yield* Deferred.make<void>()
        const busy = new RateLimited({ retryAfterMs: 5 })
        chat.next(
          "post",
          chatFaults.refuse(busy),
          chatFaults.loseAnswer,
          chatFaults.hold(Deferred.await(gate)),
        )
        const post = messaging.post(words(opened, { checkFirst: true }))
        assert.strictEqual((yield* Effect.flip(post)).reason._tag, "RateLimited")
        assert.lengthOf(chat.only().messages, 0)
        assert.strictEqual((yield* Effect.flip(post)).reason._tag, "Ambiguous")
        assert.lengthOf(chat.only().messages, 1)
        const held = yield* Effect.forkChild(post)
        yield* Effect.yieldNow
        assert.isUndefined(held.pollUnsafe())
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual<unknown>(yield* Fiber.join(held), [chat.only().messages[0]?.id])
        assert.strictEqual(chat.count("post"), 3)
        assert.deepStrictEqual(chat.calls, ["open", "post", "post", "post"])
      }),
    ),
  )
})
