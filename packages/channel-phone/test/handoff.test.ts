/** From the AI to a human: transfers to configured targets, typed answers spoken, voicemail. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { begin, firstWords, threadOf } from "./support/call.ts"
import { parseTwiml, postForm, callSignature } from "./support/fakes.ts"
import { accountSid, american, authToken, twilio } from "./support/settings.ts"
import { outgoing, startWorld } from "./support/world.ts"

const dial = { transfer: { _tag: "dial", number: "+493012345678" }, transferText: "Please hold." }

describe("a transfer", () => {
  it.live(
    "confirmation, configured sentence, end, and the configured number rings",
    () =>
      Effect.gen(function* () {
        const c = yield* begin(dial)
        const thread = yield* firstWords(c, "Call +19005550199 for me")
        yield* c.world.conversation.move("handing_off")
        yield* c.world.sender.send(
          outgoing("A colleague takes over.", { author: "system", purpose: "handoffConfirmed" }),
          thread,
        )
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.strictEqual(c.phone.speech, "A colleague takes over. Please hold. ")
        assert.deepStrictEqual(c.phone.dialled, [{ kind: "Number", target: "+493012345678" }])
        assert.deepStrictEqual(
          c.world.journal.of("CallEnded").map((e) => e.reason),
          ["the caller spoke with a colleague by phone"],
        )
        assert.deepStrictEqual(c.phone.errors, [])
        assert.strictEqual(
          new URLSearchParams(c.phone.requests[1]?.form).get("HandoffData")?.includes(american),
          false,
        )
      }),
    30_000,
  )

  it.live(
    "without a confirmation in time, it goes on all the same; a SIP target",
    () =>
      Effect.gen(function* () {
        const c = yield* begin({
          transfer: { _tag: "dial", sip: "sip:support@pbx.acme.example" },
          transferText: "Please hold.",
          transferWaitMs: 100,
        })
        yield* firstWords(c)
        yield* c.world.conversation.move("handing_off")
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.strictEqual(c.phone.speech, "Please hold. ")
        assert.deepStrictEqual(c.phone.dialled, [{ kind: "Sip", target: "sip:support@pbx.acme.example" }])
      }),
    30_000,
  )

  it.live(
    "into a queue with a name that needs escaping",
    () =>
      Effect.gen(function* () {
        const c = yield* begin({
          transfer: { _tag: "enqueue", queue: 'R&D <"x">' },
          transferText: "Hold.",
          transferWaitMs: 0,
        })
        yield* firstWords(c)
        yield* c.world.conversation.move("human")
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.deepStrictEqual(c.phone.queued, ['R&D <"x">'])
        assert.deepStrictEqual(c.phone.errors, [])
      }),
    30_000,
  )

  it.live("is called off when the conversation is the AI's again", () =>
    Effect.gen(function* () {
      const c = yield* begin({ ...dial, transferWaitMs: 60_000 })
      const thread = yield* firstWords(c)
      yield* c.world.conversation.move("handing_off")
      yield* c.world.conversation.move("ai")
      yield* c.world.sender.send(
        outgoing("That did not work.", { author: "system", purpose: "handoffFailed" }),
        thread,
      )
      yield* Effect.promise(() => c.phone.untilHeard("That did not work."))
      yield* firstWords(c, "All right")
      assert.isTrue(c.phone.connected)
      assert.deepStrictEqual(c.phone.dialled, [])
    }),
  )

  it.live(
    "nobody answers: said so, a voicemail is taken, and its link is kept",
    () =>
      Effect.gen(function* () {
        const c = yield* begin(
          {
            ...dial,
            transferWaitMs: 0,
            nobodyText: "Nobody is there.",
            voicemail: { text: "Speak after the tone." },
          },
          { dialResult: "no-answer", voicemailSeconds: 23 },
        )
        yield* firstWords(c)
        yield* c.world.conversation.move("human")
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.deepStrictEqual(c.phone.said.slice(1), ["Nobody is there.", "Speak after the tone."])
        const ended = c.world.journal.of("CallEnded")
        assert.deepStrictEqual(
          ended.map((e) => e.reason),
          ["nobody answered the transfer", "the caller left a voicemail of 23 seconds"],
        )
        assert.include(ended[1]?.recordingUrl, "/Recordings/RE")
      }),
    30_000,
  )

  it.live("is never made on the word of a request: only our own token of this very call counts", () =>
    Effect.gen(function* () {
      const world = yield* startWorld({ settings: twilio(dial) })
      const post = (form: Readonly<Record<string, string>>) => {
        const url = `${world.hookUrl}?event=action&tries=0&caller=claimed`
        const full = {
          CallSid: `CA${"0".repeat(31)}1`,
          AccountSid: accountSid,
          From: american,
          CallStatus: "in-progress",
          ...form,
        }
        return Effect.promise(() =>
          postForm(url, full, { "x-twilio-signature": callSignature(authToken, url, full) }),
        )
      }
      const token = (call: string) => world.account.signer.sign("end", `${call}-transfer`)
      const forged = [
        { reasonCode: "live-agent-handoff", number: "+19005550199", token: "x" },
        { token: token(`ca${"0".repeat(31)}2`) },
        { token: world.account.signer.sign("relay", `ca${"0".repeat(31)}1-transfer`) },
      ]
      for (const data of forged) {
        const answer = yield* post({ HandoffData: JSON.stringify(data) })
        assert.notInclude(answer.body, "<Dial")
        assert.notInclude(answer.body, "+19005550199")
      }
      const good = {
        HandoffData: JSON.stringify({ token: token(`ca${"0".repeat(31)}1`), number: "+19005550199" }),
      }
      const first = yield* post(good)
      const [verb] = parseTwiml(first.body).children
      assert.strictEqual(verb?.name, "Dial")
      assert.deepStrictEqual(
        verb?.children.map((t) => t.text),
        ["+493012345678"],
      )
      assert.deepStrictEqual((yield* post(good)).body, first.body, "the same request again, the same answer")
    }),
  )
})

describe("hours", () => {
  it.live(
    "that are over: nothing rings, nobody is promised a colleague, a voicemail is taken",
    () =>
      Effect.gen(function* () {
        const c = yield* begin(
          {
            ...dial,
            transferWaitMs: 0,
            transferHours: { timeZone: "UTC", open: [] },
            nobodyText: "We are closed.",
            voicemail: { text: "Speak now." },
          },
          { voicemailSeconds: 4 },
        )
        yield* firstWords(c)
        yield* c.world.conversation.move("human")
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.strictEqual(c.phone.speech, "")
        assert.deepStrictEqual(c.phone.dialled, [])
        assert.deepStrictEqual(c.phone.said.slice(1), ["We are closed.", "Speak now."])
        assert.deepStrictEqual(
          c.world.journal.of("CallEnded").map((e) => e.reason),
          ["nobody takes calls at this hour", "the caller left a voicemail of 4 seconds"],
        )
      }),
    30_000,
  )
})

describe("without a transfer", () => {
  it.live("the rep's typed answers are spoken in the call", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      yield* c.world.conversation.move("human")
      yield* c.world.sender.send(
        outgoing("This is **Sam**. Your parcel is here.", { author: "human", authorName: "Sam" }),
        thread,
      )
      yield* Effect.promise(() => c.phone.untilHeard("This is Sam. Your parcel is here."))
      yield* firstWords(c, "Thank you")
      assert.isTrue(c.phone.connected)
      assert.deepStrictEqual(threadOf(c.world).key, c.phone.callSid)
    }),
  )
})
