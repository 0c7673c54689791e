/** A rep answers after the call: by text where that is allowed, else refused with the reason. */
import { assert, describe, it } from "@effect/vitest"
import type { SendFailure } from "@opencx/core"
import { Effect, Fiber } from "effect"
import { mayText } from "../src/caller/mayText.ts"
import { textsOf } from "../src/sms/split.ts"
import { begin, firstWords, threadOf } from "./support/call.ts"
import {
  american,
  authToken,
  germanLandline,
  germanMobile,
  textFrom,
  twilio,
  vapi,
} from "./support/settings.ts"
import { outgoing, startNetwork, startWorld, until } from "./support/world.ts"

const reply = (text = "Your **parcel** is here: [track](https://acme.example/t)") =>
  outgoing(text, { author: "human", authorName: "Sam" })

/** A call that is over; its fake and sender. */
const over = Effect.fnUntraced(function* (from: string, consent = "caller_id") {
  const c = yield* begin({ smsFallback: { from: textFrom, consent } }, { from })
  const thread = yield* firstWords(c)
  c.phone.hangUp()
  yield* Effect.promise(() => c.phone.untilOver())
  return { ...c, thread, send: (message = reply()) => c.world.sender.send(message, thread) }
})

const explanationOf = (failure: SendFailure): string =>
  failure.kind._tag === "Permanent" ? failure.kind.explanation : failure.kind._tag

describe("after the call", () => {
  for (const from of [germanMobile, american]) {
    it.live(`a reply to ${from} is texted, once, with the company's name`, () =>
      Effect.gen(function* () {
        const c = yield* over(from)
        const receipt = yield* c.send()
        assert.deepStrictEqual(
          c.network.texts.map((t) => [t.from, t.to, t.body]),
          [[textFrom, from, "Acme & Söhne: Your parcel is here: track: https://acme.example/t"]],
        )
        assert.strictEqual(receipt.providerId, c.network.texts[0]?.sid)
      }),
    )
  }

  it.live("its failure comes back as news about the delivery", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      const message = reply()
      const { providerId } = yield* c.send(message)
      assert.strictEqual(yield* Effect.promise(() => c.network.reportText(providerId ?? "", "sent")), 200)
      assert.strictEqual(
        yield* Effect.promise(() => c.network.reportText(providerId ?? "", "undelivered", 30006)),
        200,
      )
      const events = c.world.journal.of("Delivery")
      assert.deepStrictEqual(
        events.map((e) => [e.deliveryId, e.status]),
        [
          [message.deliveryId, "sent"],
          [message.deliveryId, "failed"],
        ],
      )
      assert.include(events[1]?.explanation, "landline")
    }),
  )

  const refused: ReadonlyArray<readonly [string, string, string, string]> = [
    [
      "a hidden number",
      "anonymous",
      "caller_id",
      "The call has ended and the caller's number is withheld, so the reply cannot reach them.",
    ],
    ["a landline", germanLandline, "caller_id", "is not a mobile number"],
    ["a premium number", "+499001234567", "caller_id", "is not a mobile number"],
    ["a number of no known kind", "+15555550100", "caller_id", "is not known to be a mobile number"],
    ["no consent asked for", germanMobile, "asked", "has not agreed"],
    ["never", germanMobile, "never", "are not to be texted"],
  ]
  for (const [name, from, consent, words] of refused) {
    it.live(`${name}: refused, in plain words, and nothing is sent`, () =>
      Effect.gen(function* () {
        const c = yield* over(from, consent)
        assert.include(explanationOf(yield* Effect.flip(c.send())), words)
        assert.strictEqual(c.network.texts.length, 0)
      }),
    )
  }

  it.live("consent by key lets the reply through, also after a restart in the middle of the call", () =>
    Effect.gen(function* () {
      const settings = { smsFallback: { from: textFrom, consent: "asked" } }
      const c = yield* begin(settings, { from: germanMobile })
      c.phone.press("1")
      const consent = yield* until("consent", () => c.world.journal.of("OptOut")[0] ?? null)
      assert.isFalse(consent.optedOut)
      assert.include(consent.text, "they agree to be answered by text message")
      yield* firstWords(c)
      // Another process takes the rest of the call: it has seen no key.
      const next = yield* startWorld({ settings: c.world.account.settings, journal: c.world.journal })
      c.phone.hangUp()
      yield* Effect.promise(() => c.phone.untilOver())
      const newest = threadOf(next)
      assert.notInclude(newest.address, "agreed")
      yield* next.sender.send(reply(), newest)
      assert.strictEqual(c.network.texts.length, 1)
      assert.include(
        explanationOf(yield* Effect.flip(next.sender.send(reply(), { ...newest, optIn: null }))),
        "has not agreed",
      )
    }),
  )

  it.live("an address of an earlier release that says that they agreed is believed", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile, "asked")
      const address = JSON.stringify({ ...JSON.parse(c.thread.address), agreed: true })
      yield* c.world.sender.send(reply(), { ...c.thread, address })
      assert.strictEqual(c.network.texts.length, 1)
    }),
  )

  it.live(
    "a consent that cannot be kept is not taken in silence",
    () =>
      Effect.gen(function* () {
        const c = yield* begin(
          { smsFallback: { from: textFrom, consent: "asked" }, troubleText: "Please press again." },
          { from: germanMobile },
        )
        c.world.journal.failing = 6
        c.phone.press("1")
        yield* Effect.promise(() => c.phone.untilHeard("press again", 20_000))
        assert.lengthOf(c.world.journal.of("OptOut"), 0)
      }),
    40_000,
  )

  it.live("late answers of the AI are not texted after the caller", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      const failure = yield* Effect.flip(c.send(outgoing("It is on its way.")))
      assert.include(explanationOf(failure), "The call has ended before this could be said")
      assert.strictEqual(c.network.texts.length, 0)
    }),
  )

  it.live("our own sentences are withheld from a caller who has hung up, which is no failure", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      const told = outgoing("A colleague will answer you.", { author: "system" })
      const failure = yield* Effect.flip(c.send(told))
      assert.deepStrictEqual(failure.kind, {
        _tag: "Withheld",
        why: "The call has ended, so that nobody was there to be told.",
      })
      assert.strictEqual(c.network.texts.length, 0)
    }),
  )

  it.live("a process that knows nothing of the call asks Twilio whether it is over", () =>
    Effect.gen(function* () {
      const c = yield* begin(
        { smsFallback: { from: textFrom, consent: "caller_id" } },
        { from: germanMobile },
      )
      const thread = yield* firstWords(c)
      const other = yield* startWorld({
        settings: twilio({
          apiBaseUrl: c.network.url,
          smsFallback: { from: textFrom, consent: "caller_id" },
        }),
      })
      assert.strictEqual((yield* Effect.flip(other.sender.send(reply(), thread))).kind._tag, "Retry")
      c.phone.hangUp()
      yield* Effect.promise(() => c.phone.untilOver())
      yield* other.sender.send(reply(), thread)
      assert.strictEqual(c.network.texts.length, 1)
    }),
  )

  it.live("a hosted agent's caller is texted from the configured Twilio number", () =>
    Effect.gen(function* () {
      const network = yield* startNetwork
      const world = yield* startWorld({
        settings: vapi({
          smsFallback: {
            accountSid: twilio().accountSid,
            authToken,
            apiBaseUrl: network.url,
            from: textFrom,
            consent: "caller_id",
          },
        }),
      })
      const address = JSON.stringify({
        v: 1,
        provider: "vapi",
        call: "c1",
        caller: germanMobile,
        agreed: false,
      })
      const message = reply()
      const receipt = yield* world.sender.send(message, { key: "c1", address, lastInboundAt: null })
      assert.strictEqual(network.texts.length, 1)
      const status = yield* Effect.promise(() => network.reportText(receipt.providerId ?? "", "delivered"))
      assert.strictEqual(status, 200)
      assert.strictEqual(world.journal.of("Delivery")[0]?.deliveryId, message.deliveryId)
    }),
  )
})

describe("when Twilio misbehaves", () => {
  const sent = (c: Effect.Success<ReturnType<typeof over>>) => c.network.texts.map((t) => t.body).length

  it.live("the connection breaks after the message was taken: found, not sent again", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      c.network.rest.faults.push({ kind: "reset-after" })
      const receipt = yield* c.send()
      assert.strictEqual(receipt.providerId, c.network.texts[0]?.sid)
      assert.strictEqual(sent(c), 1)
    }),
  )

  it.live("before it was taken: not found, so it may be tried again", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      c.network.rest.faults.push({ kind: "reset-before" })
      const message = reply()
      assert.strictEqual((yield* Effect.flip(c.send(message))).kind._tag, "Retry")
      yield* c.send(message)
      assert.strictEqual(sent(c), 1)
    }),
  )

  it.live("taken, and nobody can be asked: asked before the next try", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      c.network.rest.faults.push({ kind: "reset-after" })
      c.network.rest.listFaults.push({ kind: "refuse", status: 503 })
      const message = reply()
      assert.deepInclude((yield* Effect.flip(c.send(message))).kind, {
        _tag: "Ambiguous",
        resendIsSafe: true,
      })
      yield* c.send(message)
      assert.strictEqual(sent(c), 1)
    }),
  )

  it.live("a process that dies while Twilio holds its answer: the next one finds the text", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      const message = reply()
      c.network.rest.faults.push({ kind: "mute" })
      const sending = yield* Effect.forkChild(c.send(message))
      while (sent(c) === 0) yield* Effect.sleep(10)
      yield* Fiber.interrupt(sending)
      const next = yield* startWorld({ settings: c.world.account.settings, book: c.world.book })
      const receipt = yield* next.sender.send(message, c.thread)
      assert.strictEqual(receipt.providerId, c.network.texts[0]?.sid)
      assert.strictEqual(sent(c), 1)
    }),
  )

  it.live("the same words twice are two messages, also when the second is uncertain", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      yield* c.send(reply("OK"))
      c.network.rest.faults.push({ kind: "reset-before" })
      const second = reply("OK")
      assert.strictEqual((yield* Effect.flip(c.send(second))).kind._tag, "Retry")
      yield* c.send(second)
      assert.strictEqual(sent(c), 2)
    }),
  )

  it.live("a long reply is cut into parts; a failure in the middle repeats none", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      const text = Array.from({ length: 400 }, (_, i) => `word${i}`).join(" ")
      const message = reply(text)
      yield* c.send(message)
      const before = sent(c)
      assert.isAbove(before, 1)
      assert.strictEqual(c.network.texts.map((t) => t.body).join(" "), `Acme & Söhne: ${text}`)
      const again = reply(text)
      c.network.rest.faults.push({ kind: "refuse", status: 429, retryAfter: 3 })
      const failure = yield* Effect.flip(c.send(again))
      assert.deepStrictEqual(failure.kind, {
        _tag: "Retry",
        afterMs: 3_000,
        detail: "Twilio asks to slow down",
      })
      yield* c.send(again)
      assert.strictEqual(sent(c), before * 2)
    }),
  )

  for (const [code, words] of [
    [21610, "opted out"],
    [30034, "not registered"],
    [99999, "Twilio error 99999"],
  ] as const) {
    it.live(`error ${code} is told to the rep`, () =>
      Effect.gen(function* () {
        const c = yield* over(germanMobile)
        c.network.rest.faults.push({ kind: "refuse", status: 400, code })
        assert.include(explanationOf(yield* Effect.flip(c.send())), words)
      }),
    )
  }

  it.live("refused credentials wait for the operator", () =>
    Effect.gen(function* () {
      const c = yield* over(germanMobile)
      c.network.rest.faults.push({ kind: "refuse", status: 401, code: 20003 })
      assert.strictEqual((yield* Effect.flip(c.send())).kind._tag, "Retry")
    }),
  )
})

describe("texts", () => {
  it("are cut at spaces and never inside a character", () => {
    const family = "👩‍👩‍👧‍👦"
    const parts = textsOf("A", family.repeat(400))
    assert.isTrue(parts.every((p) => p.length <= 1_600))
    assert.strictEqual(parts.join(""), `A: ${family.repeat(400)}`)
    assert.deepStrictEqual(textsOf("A", "  "), [])
  })

  it("need a configured number", () => {
    const address = { v: 1, provider: "twilio", call: "CA1", caller: germanMobile, agreed: true } as const
    assert.strictEqual(mayText(address, null, true)._tag, "no")
  })
})
