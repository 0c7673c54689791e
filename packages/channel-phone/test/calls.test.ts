/** Whole calls over real sockets: speaking, listening, interruptions, keys, hanging up. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accountSid, american, germanMobile, twilio } from "./support/settings.ts"
import { begin, firstWords, threadOf } from "./support/call.ts"
import { outgoing, startNetwork, startWorld, until } from "./support/world.ts"

describe("a call", () => {
  it.live("is greeted, heard and answered, sentence by sentence", () =>
    Effect.gen(function* () {
      const c = yield* begin({ disclosure: "You speak with a machine." })
      assert.deepStrictEqual(c.phone.errors, [])
      assert.deepStrictEqual(c.phone.said, ["You speak with a machine. Hello, this is Acme. How can I help?"])
      const thread = yield* firstWords(c)
      const [message] = c.world.journal.of("Message")
      assert.strictEqual(message?.text, "Where is my order?")
      assert.strictEqual(message?.thread.defaultKey, c.phone.callSid)
      assert.strictEqual(message?.sender.value, american)
      assert.isFalse(message?.sender.verified, "a caller id alone proves nothing")
      assert.strictEqual(message?.locale, "en-US")
      const receipt = yield* c.world.sender.send(
        outgoing(
          "It is **on its way**. See [the guide](https://help.acme.example/a).\n\n1. Wait\n2. Open it",
        ),
        thread,
      )
      assert.isNotNull(receipt.providerId)
      yield* Effect.promise(() => c.phone.untilHeard("Open it"))
      assert.deepStrictEqual(
        c.phone.heard.map((h) => [h.token.trim(), h.last]),
        [
          ["It is on its way.", false],
          ["See the guide.", false],
          ["1: Wait.", false],
          ["2: Open it.", true],
        ],
      )
    }),
  )

  it.live("in Arabic", () =>
    Effect.gen(function* () {
      const c = yield* begin({ language: "ar-SA", greeting: "مرحبًا، كيف يمكنني مساعدتك؟" })
      assert.strictEqual(c.phone.relays[0]?.attributes["language"], "ar-SA")
      assert.deepStrictEqual(c.phone.said, ["مرحبًا، كيف يمكنني مساعدتك؟"])
      c.phone.say("أين طلبي؟", { lang: "ar-SA" })
      yield* until("the words", () => c.world.journal.of("Message")[0] ?? null)
      assert.strictEqual(c.world.journal.of("Message")[0]?.text, "أين طلبي؟")
      yield* c.world.sender.send(
        outgoing("تم شحن طلبك **اليوم**؟ نعم! انظر [الدليل](https://help.acme.example/ar)"),
        threadOf(c.world),
      )
      yield* Effect.promise(() => c.phone.untilHeard("انظر الدليل."))
    }),
  )

  it.live("ended by the caller becomes one CallEnded, however it is told", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      yield* firstWords(c)
      c.phone.hangUp()
      yield* Effect.promise(() => c.phone.untilOver())
      const ended = c.world.journal.of("CallEnded")
      assert.deepStrictEqual(
        ended.map((e) => e.reason),
        ["the caller hung up"],
      )
      assert.strictEqual(ended[0]?.thread.defaultKey, c.phone.callSid)
      assert.deepStrictEqual(c.phone.errors, [])
    }),
  )

  it.live("the same delivery is spoken once", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      const message = outgoing("Only once.")
      yield* c.world.sender.send(message, thread)
      yield* c.world.sender.send(message, thread)
      yield* c.world.sender.send(outgoing("Then this."), thread)
      yield* Effect.promise(() => c.phone.untilHeard("Then this."))
      assert.strictEqual(c.phone.speech, "Only once. Then this. ")
    }),
  )

  it.live("partial prompts and empty ones are no messages, unknown messages no harm", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      c.phone.say("Where is", { last: false })
      c.phone.say("   ")
      c.phone.send({ type: "info", name: "roundTripDelayMs", value: "200" })
      c.phone.send(["no", "object"])
      c.phone.link.sendText("{broken")
      c.phone.send({ type: "error", description: "Invalid message" })
      yield* firstWords(c)
      assert.deepStrictEqual(
        c.world.journal.of("Message").map((m) => m.text),
        ["Where is my order?"],
      )
    }),
  )

  it.live(
    "words are kept in order while the store is down, and the caller hears of it when they are lost",
    () =>
      Effect.gen(function* () {
        const c = yield* begin()
        c.world.journal.failing = 2
        c.phone.say("One")
        c.phone.say("Two")
        yield* until("both", () => (c.world.journal.of("Message").length === 2 ? true : null))
        assert.deepStrictEqual(
          c.world.journal.of("Message").map((m) => m.text),
          ["One", "Two"],
        )
        c.world.journal.failing = 6
        c.phone.say("Three")
        yield* Effect.promise(() => c.phone.untilHeard("something went wrong", 20_000))
      }),
    40_000,
  )
})

describe("interruptions", () => {
  it.live("what was heard replaces what was said; what waited behind it was not heard", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      const first = outgoing("Life is a complex set of things. You can wait for it.")
      const second = outgoing("And there is more.")
      yield* c.world.sender.send(first, thread)
      yield* c.world.sender.send(second, thread)
      c.phone.interrupt("Life is a  complex set of", "460")
      yield* until("two Heard", () => (c.world.journal.of("Heard").length === 2 ? true : null))
      assert.deepStrictEqual(
        c.world.journal.of("Heard").map((h) => [h.deliveryId, h.text]),
        [
          [first.deliveryId, "Life is a complex set of"],
          [second.deliveryId, ""],
        ],
      )
    }),
  )

  it.live("a piece from the middle counts with what came before it; a duration may be a number", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      yield* c.world.sender.send(outgoing("First sentence. Second sentence is long."), thread)
      c.phone.interrupt("Second sentence", 900)
      const heard = yield* until("Heard", () => c.world.journal.of("Heard")[0] ?? null)
      assert.strictEqual(heard.text, "First sentence. Second sentence")
      c.phone.interrupt("Second sentence", 950)
      yield* firstWords(c, "Stop")
      assert.strictEqual(c.world.journal.of("Heard").length, 1, "the same answer is not cut twice")
    }),
  )

  it.live("of the greeting: nothing is claimed", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      c.phone.interrupt("Hello, this is", 100)
      yield* firstWords(c)
      assert.strictEqual(c.world.journal.of("Heard").length, 0)
    }),
  )
})

describe("keys", () => {
  it.live("0 alone asks for a human", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      c.phone.press("0")
      const event = yield* until("HumanWanted", () => c.world.journal.of("HumanWanted")[0] ?? null)
      assert.strictEqual(event.thread.defaultKey, c.phone.callSid)
    }),
  )

  it.live("a number with zeros in it is a message, and comes before the words that follow", () =>
    Effect.gen(function* () {
      const c = yield* begin({ keypadPauseMs: 5_000 })
      for (const key of "1002") c.phone.press(key)
      yield* firstWords(c, "That is my number")
      yield* until("both", () => (c.world.journal.of("Message").length === 2 ? true : null))
      for (const key of "0044#") c.phone.press(key)
      yield* until("the third", () => (c.world.journal.of("Message").length === 3 ? true : null))
      assert.deepStrictEqual(
        c.world.journal.of("Message").map((m) => m.text),
        ["1002", "That is my number", "0044"],
      )
      assert.strictEqual(c.world.journal.of("HumanWanted").length, 0)
    }),
  )

  it.live("the consent key is a consent of the thread, and no message to be answered", () =>
    Effect.gen(function* () {
      const c = yield* begin({ smsFallback: { from: "+14155550100", consent: "asked" } })
      c.phone.press("1")
      const consent = yield* until("consent", () => c.world.journal.of("OptOut")[0] ?? null)
      assert.isFalse(consent.optedOut)
      const thread = yield* firstWords(c)
      assert.strictEqual(consent.thread.defaultKey, thread.key)
      assert.lengthOf(c.world.journal.of("Message"), 1)
    }),
  )
})

describe("who calls", () => {
  for (const from of ["anonymous", "Restricted", "+266696687", "", "sip:anonymous@anonymous.invalid"]) {
    it.live(`hidden as "${from}": an identity of its own, merged with nobody`, () =>
      Effect.gen(function* () {
        const c = yield* begin({ callerId: "trusted" }, { from })
        yield* firstWords(c)
        const [message] = c.world.journal.of("Message")
        assert.deepInclude(message?.sender, {
          kind: "external",
          value: `call:${c.phone.callSid}`,
          verified: false,
        })
        assert.include(message?.address, '"caller":null')
      }),
    )
  }

  it.live("a number is proven by full attestation, or by setting", () =>
    Effect.gen(function* () {
      const attested = yield* begin({}, { stirVerstat: "TN-Validation-Passed-A" })
      yield* firstWords(attested)
      assert.isTrue(attested.world.journal.of("Message")[0]?.sender.verified)
      const partly = yield* begin({}, { stirVerstat: "TN-Validation-Passed-B" })
      yield* firstWords(partly)
      assert.isFalse(partly.world.journal.of("Message")[0]?.sender.verified)
      const trusted = yield* begin({ callerId: "trusted" }, { from: germanMobile, callerName: "Ann" })
      yield* firstWords(trusted)
      assert.deepInclude(trusted.world.journal.of("Message")[0]?.sender, { verified: true, name: "Ann" })
    }),
  )

  it.live("another Twilio account's call is turned away", () =>
    Effect.gen(function* () {
      const network = yield* startNetwork
      const world = yield* startWorld({ settings: twilio({ accountSid: accountSid.replace("0", "9") }) })
      const phone = yield* Effect.promise(() =>
        network.placeCall({ voiceUrl: world.hookUrl, from: american, to: "+1" }),
      )
      assert.include(phone.errors[0], "401")
    }),
  )
})

describe("while the AI thinks", () => {
  it.live("the filler is said once per prompt, and not when the answer is there", () =>
    Effect.gen(function* () {
      const c = yield* begin({ filler: { text: "One moment.", afterMs: 200 } })
      const thread = yield* firstWords(c)
      yield* Effect.all([
        c.world.sender.typing?.(thread) ?? Effect.void,
        c.world.sender.typing?.(thread) ?? Effect.void,
      ])
      yield* Effect.promise(() => c.phone.untilHeard("One moment."))
      yield* c.world.sender.send(outgoing("Here it is."), thread)
      yield* c.world.sender.typing?.(thread) ?? Effect.void
      yield* Effect.promise(() => c.phone.untilHeard("Here it is."))
      assert.strictEqual(c.phone.speech, "One moment. Here it is. ")
    }),
  )

  it.live("drafts are never spoken: they may still be withheld", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      yield* c.world.conversation.publish({ _tag: "Partial", text: "The secret price is" })
      yield* c.world.sender.send(outgoing("I ask a colleague."), thread)
      yield* Effect.promise(() => c.phone.untilHeard("I ask a colleague."))
      assert.notInclude(c.phone.speech, "secret")
    }),
  )
})
