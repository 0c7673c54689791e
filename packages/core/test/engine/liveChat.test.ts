/** From the AI to a human in a live chat and back, through the real engine. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { chatFaults, SendFailure, textFor, Unavailable } from "../../src/index.ts"
import { orgId, settings } from "../support/fixtures.ts"
import { handedOff, news, replied, tell } from "../support/liveChat.ts"
import { mail, makeRig, onlySession, settled, tagsOf, texts, until, write } from "../support/Rig.ts"

const { loseAnswer, refuse } = chatFaults
const passedOn = textFor(settings(), "en", "handoffConfirmed")
const sorry = textFor(settings(), "en", "handoffFailed")
const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

describe("a handoff", () => {
  it.live(
    "is one chat with brief and transcript, each in its own name, and then a word to the customer",
    () =>
      Effect.gen(function* () {
        const rig = yield* makeRig({ path: "chat" })
        yield* write(rig, mail("where?"))
        yield* settled(rig)
        const conversation = yield* handedOff(rig)
        const session = yield* onlySession(rig)
        assert.strictEqual(conversation.sessionId, session.id)
        const [brief, ...lines] = conversation.messages
        assert.include(brief?.text, "Wants a refund")
        assert.include(brief?.text, `/sessions/acme/${session.id}`)
        assert.deepStrictEqual(
          lines.map(({ author, text }) => [author, text]),
          [
            ["customer", "where?"],
            ["ai", "answer to: where?"],
            ["customer", "a human please"],
          ],
        )
        const [pass] = conversation.passes
        assert.strictEqual(pass?.firstMessageId, brief?.id)
        assert.includeMembers([...(pass?.tags ?? [])], ["opencx_handedoff", "opencx_channel_email"])
        assert.deepStrictEqual(texts(rig), ["answer to: where?", passedOn])
        assert.deepInclude(session, { state: "handing_off", handoffPending: false })
        assert.strictEqual(rig.desk.calls.length, 0, "no ticket is made")
      }).pipe(Effect.scoped),
  )

  for (const [why, handoff] of [
    ["outside of office hours", { officeHours: { timeZone: "UTC", open: [] } }],
    ["where the organization wants one for the channel", { paths: { email: "ticket" } }],
  ] as const)
    it.live(`is a ticket ${why}`, () =>
      Effect.gen(function* () {
        const rig = yield* makeRig({ path: "chat", handoff })
        yield* write(rig, mail("a human please"))
        yield* settled(rig)
        const session = yield* onlySession(rig)
        assert.isNotNull(session.ticket)
        assert.isNull(session.chat)
        assert.strictEqual(rig.chat.calls.length, 0)
      }).pipe(Effect.scoped),
    )

  it.live("is a live chat at all hours where the organization wants it so", () =>
    Effect.gen(function* () {
      const officeHours = { timeZone: "UTC", open: [] }
      const rig = yield* makeRig({ path: "chat", handoff: { officeHours, outsideOfficeHours: "as_always" } })
      yield* handedOff(rig)
      assert.isNotNull((yield* onlySession(rig)).chat)
    }).pipe(Effect.scoped),
  )

  it.live("costs six calls and one for each line, at most", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      assert.isAtMost(rig.chat.calls.length, 6 + conversation.messages.length)
    }).pipe(Effect.scoped),
  )

  it.live("that Zendesk does not want to tell us of is asked for again, and then complete", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      rig.chat.deafPasses = true
      rig.chat.next("listen", down)
      const conversation = yield* handedOff(rig)
      assert.deepStrictEqual([conversation.listening, rig.chat.count("listen")], [true, 2])
      assert.lengthOf(conversation.passes, 1)
      assert.deepStrictEqual(texts(rig), [passedOn])
      assert.notInclude(yield* tagsOf(rig, yield* onlySession(rig)), "SystemEvent")
    }).pipe(Effect.scoped),
  )

  it.live("that stays untold of is a handoff all the same, is said, and heals when answers were lost", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      rig.chat.deafPasses = true
      rig.chat.next("listen", down, down, down)
      const conversation = yield* handedOff(rig)
      const session = yield* onlySession(rig)
      assert.deepStrictEqual([session.state, texts(rig)], ["handing_off", [passedOn]])
      assert.deepStrictEqual([conversation.control, conversation.listening], ["humans", false])
      assert.include(
        JSON.stringify(yield* rig.store.timeline(session.orgId, session.id)),
        "deliverStandbyEvents",
      )
      assert.lengthOf(yield* rig.store.deadLetters(orgId, 9), 0)
      assert.strictEqual(yield* rig.chats.pass(orgId), 0)
      assert.isFalse(conversation.listening, "nothing was lost: no call more than needed")
      rig.chat.humanWrites(conversation, "Hello")
      assert.strictEqual(yield* rig.chats.pass(orgId), 1)
      assert.isTrue(conversation.listening)
      yield* settled(rig)
      assert.include(texts(rig), "Hello")
    }).pipe(Effect.scoped),
  )

  for (const operation of ["open", "post", "pass"] as const) {
    it.live(`whose ${operation} was done and whose answer got lost is done once`, () =>
      Effect.gen(function* () {
        const rig = yield* makeRig({ path: "chat" })
        rig.chat.next(operation, loseAnswer)
        const conversation = yield* handedOff(rig)
        const markers = conversation.messages.map(({ marker }) => marker)
        assert.strictEqual(new Set(markers).size, markers.length)
        assert.lengthOf(conversation.messages, 2)
        assert.deepStrictEqual(texts(rig), [passedOn])
      }).pipe(Effect.scoped),
    )
  }

  it.live("that Zendesk accepts and does not do is tried three times, then the AI keeps the customer", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat", retry: { tries: 8 } })
      rig.chat.stickPasses(3)
      yield* handedOff(rig)
      assert.strictEqual(rig.chat.only().passes.length, 3)
      assert.deepInclude(yield* onlySession(rig), { state: "ai", handoffPending: false })
      assert.deepStrictEqual(texts(rig), [sorry])
      assert.lengthOf(yield* rig.store.deadLetters(orgId, 10), 1)
    }).pipe(Effect.scoped),
  )

  it.live("that failed is done by a replay", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      rig.chat.next("open", down, down, down)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const [letter] = yield* rig.store.deadLetters(orgId, 10)
      if (letter === undefined) return assert.fail("a dead letter")
      yield* rig.engine.replay(orgId, letter.id)
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [sorry, passedOn])
      assert.strictEqual(rig.chat.only().control, "humans")
    }).pipe(Effect.scoped),
  )

  it.live("without a connected chat makes a ticket and says so", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "unconnected" })
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      assert.include(rig.desk.only().comments[0]?.body, "a human please")
      const entries = yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)
      assert.isTrue(
        entries.some(({ body }) => body._tag === "SystemEvent" && /not connected/.test(body.text)),
      )
    }).pipe(Effect.scoped),
  )

  it.live("looks whether the customer is known, and records what it found", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      rig.people.add({ addresses: [{ kind: "email", value: "eve@customer.example" }] })
      yield* handedOff(rig)
      const entries = yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)
      const found = entries.find(({ body }) => body._tag === "IdentityDecision")?.body
      assert.isTrue(found?._tag === "IdentityDecision" && found.decision === "merged")
    }).pipe(Effect.scoped),
  )
})

describe("the human's words", () => {
  it.live("reach the customer once, however often they are told", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* handedOff(rig)
      yield* tell(rig, replied("Hello"), { eventKey: "e1" })
      yield* tell(rig, replied("Hello"), { eventKey: "e1" })
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "Hello"])
      assert.strictEqual((yield* onlySession(rig)).state, "human")
      assert.strictEqual(rig.sent.at(-1)?.authorName, "Ada")
    }).pipe(Effect.scoped),
  )

  it.live("in a picture are not overtaken by what they write after it, nor by the release", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* handedOff(rig)
      const arrived = yield* Deferred.make<void>()
      const bytes = new Uint8Array([1, 2, 3])
      const files = [{ fileName: "a.png", contentType: "image/png", bytes }]
      const fetch = Effect.as(Deferred.await(arrived), { text: "look here", files })
      const told = [
        yield* Effect.forkChild(tell(rig, { ...replied("picture"), fetch })),
        yield* Effect.forkChild(tell(rig, replied("does it help?"))),
        yield* Effect.forkChild(tell(rig, { _tag: "Control", control: "ours", reason: null })),
      ]
      yield* settled(rig)
      assert.strictEqual((yield* onlySession(rig)).state, "handing_off")
      yield* Deferred.succeed(arrived, undefined)
      yield* Effect.forEach(told, Fiber.join)
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig).slice(-2), ["look here", "does it help?"])
      assert.strictEqual(rig.sent.at(-2)?.files.length, 1)
      assert.strictEqual((yield* onlySession(rig)).state, "ai")
    }).pipe(Effect.scoped),
  )

  it.live("that come before we know that the handoff worked find the session that the chat names", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat", retry: { confirmMs: 2000, lookMs: 1500 } })
      yield* write(rig, mail("a human please"))
      yield* until("the pass", () => rig.chat.count("pass") === 1)
      const session = yield* onlySession(rig)
      assert.strictEqual(yield* tell(rig, replied("Hello"), { sessionId: session.id }), "accepted")
      yield* settled(rig)
      assert.strictEqual((yield* onlySession(rig)).state, "human")
      assert.include(texts(rig), "Hello")
    }).pipe(Effect.scoped),
  )

  it.live("of a foreign chat are ignored", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const foreign = rig.chat.customerStarts("hi")
      assert.strictEqual(yield* tell(rig, replied("Hello")), "ignored")
      assert.isNull(foreign.sessionId)
    }).pipe(Effect.scoped),
  )

  it.live("that cannot be delivered are told to the human where they are", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      rig.sendFaults.push(() =>
        Effect.fail(
          new SendFailure({ kind: { _tag: "Permanent", code: "21610", explanation: "opted out of SMS" } }),
        ),
      )
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      const note = conversation.messages.at(-1)
      assert.include(note?.text, "opted out of SMS")
      assert.isTrue(note?.silent)
    }).pipe(Effect.scoped),
  )

  it.live("outside the reply window wait for the customer, and go before anything else", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      rig.sendFaults.push(() =>
        Effect.fail(
          new SendFailure({ kind: { _tag: "Hold", explanation: "the window closed at 14:05 UTC" } }),
        ),
      )
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      assert.notInclude(texts(rig), "Hello")
      assert.include(conversation.messages.at(-1)?.text, "14:05")
      yield* write(rig, mail("are you there?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "Hello"])
      assert.strictEqual(conversation.messages.at(-1)?.text, "are you there?")
    }).pipe(Effect.scoped),
  )
})

describe("the customer's words", () => {
  it.live("go to the human, each once and in order", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      rig.chat.next("post", loseAnswer)
      for (const text of ["one", "two", "three"]) yield* write(rig, mail(text))
      yield* settled(rig)
      const said = conversation.messages.filter(({ author }) => author === "customer").map(({ text }) => text)
      assert.deepStrictEqual(said, ["a human please", "one", "two", "three"])
      assert.deepStrictEqual(texts(rig), [passedOn, "Hello"])
    }).pipe(Effect.scoped),
  )

  it.live("after a release that nobody told us of are answered by the AI", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      rig.chat.release(conversation)
      yield* write(rig, mail("one more thing"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig).at(-1), "answer to: one more thing")
      assert.strictEqual((yield* onlySession(rig)).state, "ai")
    }).pipe(Effect.scoped),
  )
})

describe("back to the AI", () => {
  it.live("on release; a second handoff uses the same chat and repeats nothing", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      rig.chat.release(conversation)
      yield* tell(rig, { _tag: "Control", control: "nobody", reason: "ticketClosed" })
      yield* settled(rig)
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.strictEqual(texts(rig).at(-1), "answer to: where?")
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const bodies = rig.chat.only().messages.map(({ text }) => text)
      assert.strictEqual(bodies.filter((text) => text === "a human please").length, 2)
      assert.strictEqual(bodies.filter((text) => text === "where?").length, 1)
      assert.strictEqual(conversation.control, "humans")
    }).pipe(Effect.scoped),
  )

  it.live("when the customer ends it: the chat is taken back, and the human is told", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      yield* write(rig, { _tag: "HumanDismissed", ...news() })
      yield* settled(rig)
      assert.strictEqual(conversation.control, "ours")
      assert.include(conversation.messages.at(-1)?.text, "ended the conversation")
    }).pipe(Effect.scoped),
  )
})

describe("opt-outs", () => {
  it.live("stop every later message, with the reason for the human", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const conversation = yield* handedOff(rig)
      yield* write(rig, { _tag: "OptOut", optedOut: true, text: "STOP", messageId: null, ...news() })
      yield* tell(rig, replied("Hello"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn])
      assert.include(conversation.messages.at(-1)?.text, `"STOP"`)
      yield* write(rig, { _tag: "OptOut", optedOut: false, text: "START", messageId: null, ...news() })
      yield* tell(rig, replied("Back again"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "Back again"])
      assert.deepStrictEqual(
        rig.threads.map(({ optIn }) => optIn?.word),
        [undefined, "START"],
        "channels that need a consent are told of it",
      )
    }).pipe(Effect.scoped),
  )
})
