/** Webhooks of a live chat that never came: what humans did is found by looking. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chatFaults, chatReplyKey, Unavailable } from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, type Rig, settled, texts, write } from "../support/Rig.ts"

const down = chatFaults.refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return rig.chat.only()
})

describe("looking at live chats", () => {
  it.live("finds a reply that no webhook told of, once", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      rig.chat.humanWrites(conversation, "Hello")
      assert.strictEqual(yield* rig.chats.pass(orgId), 1)
      yield* settled(rig)
      assert.strictEqual(yield* rig.chats.pass(orgId), 0)
      assert.strictEqual(texts(rig).filter((text) => text === "Hello").length, 1)
      assert.strictEqual((yield* onlySession(rig)).state, "human")
    }).pipe(Effect.scoped),
  )

  it.live("takes a reply for known that its webhook has told of", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      const { id } = rig.chat.humanWrites(conversation, "Hello")
      yield* rig.ingest.chat({
        _tag: "Replied",
        orgId,
        chatId: conversation.id,
        sessionId: null,
        eventKey: chatReplyKey(id),
        messageId: id,
        text: "Hello",
        authorName: "Ada",
        files: [],
        at: Date.now(),
        automatic: false,
      })
      yield* settled(rig)
      assert.strictEqual(yield* rig.chats.pass(orgId), 0)
      yield* settled(rig)
      assert.strictEqual(texts(rig).filter((text) => text === "Hello").length, 1)
    }).pipe(Effect.scoped),
  )

  it.live("hands back to the AI when the release was not told", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      rig.chat.humanWrites(conversation, "Hello")
      rig.chat.release(conversation)
      yield* rig.chats.pass(orgId)
      yield* settled(rig)
      assert.strictEqual((yield* onlySession(rig)).state, "ai")
      assert.include(texts(rig), "Hello", "what was written before is delivered all the same")
    }).pipe(Effect.scoped),
  )

  it.live("fails with the port's error and loses nothing when the other side is down", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      rig.chat.humanWrites(conversation, "Hello")
      rig.chat.next("catchUp", down)
      assert.strictEqual((yield* Effect.flip(rig.chats.pass(orgId)))._tag, "MessagingError")
      assert.strictEqual(yield* rig.chats.pass(orgId), 1)
    }).pipe(Effect.scoped),
  )
})
