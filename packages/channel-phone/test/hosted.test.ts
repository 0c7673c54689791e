/** Vapi and Retell over real HTTP: what their reports become, in which order, and what Vapi is answered. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  fakeRetell,
  fakeVapi,
  type RetellCall,
  type VapiCall,
  type VapiProof,
  vapiHeaders,
} from "./support/fakes.ts"
import { germanMobile, retell, vapi } from "./support/settings.ts"
import { startWorld } from "./support/world.ts"

const startedAt = Date.UTC(2026, 10, 21, 10, 0, 0)

const vapiCall: VapiCall = {
  id: "3f1b2c9e-call",
  number: germanMobile,
  startedAt,
  endedAt: startedAt + 60_000,
  endedReason: "customer-ended-call",
  summary: "The caller asked about a parcel.",
  recordingUrl: "https://storage.vapi.ai/rec.wav",
  turns: [
    { role: "system", message: "You are a helpful agent.", time: startedAt },
    { role: "bot", message: "Hello?", time: startedAt + 1_000 },
    // Out of order, as overlapping turns come.
    { role: "bot", message: "One moment.", time: startedAt + 9_000 },
    { role: "user", message: "أين طلبي؟", time: startedAt + 5_000 },
    {
      role: "tool_calls",
      time: startedAt + 9_500,
      toolCalls: [{ id: "t1", function: { name: "request_human", arguments: "{}" } }],
    },
    { role: "user", message: "  ", time: startedAt + 9_600 },
  ],
}

const bearer: VapiProof = { kind: "bearer", token: "vapi-token-1" }
const startVapi = Effect.fnUntraced(function* (
  settings: unknown = vapi(),
  proof: VapiProof = bearer,
  now = Date.now,
) {
  const world = yield* startWorld({ settings })
  return { world, service: fakeVapi({ url: world.hookUrl, proof, now }) }
})

describe("Vapi", () => {
  it.live("a report is a transcript in order of time, then the end with summary and recording", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startVapi(vapi({ assistantName: "Vera" }))
      assert.strictEqual((yield* Effect.promise(() => service.endOfCall(vapiCall))).status, 200)
      yield* Effect.promise(() => service.endOfCall(vapiCall))
      assert.deepStrictEqual(
        world.journal.events.map((e) => e._tag),
        ["Transcript", "CallEnded"],
      )
      const [transcript] = world.journal.of("Transcript")
      assert.deepStrictEqual(transcript?.lines, [
        { role: "assistant", text: "Hello?", at: startedAt + 1_000 },
        { role: "customer", text: "أين طلبي؟", at: startedAt + 5_000 },
        { role: "assistant", text: "One moment.", at: startedAt + 9_000 },
      ])
      assert.deepInclude(transcript, { assistantName: "Vera", wantsHuman: false, at: startedAt + 60_000 })
      assert.deepInclude(transcript?.sender, { kind: "phone", value: germanMobile, verified: false })
      assert.deepInclude(world.journal.of("CallEnded")[0], {
        reason: "customer ended call",
        summary: "The caller asked about a parcel.",
        recordingUrl: "https://storage.vapi.ai/rec.wav",
      })
    }),
  )

  const signals: ReadonlyArray<readonly [string, Record<string, unknown>, Partial<VapiCall>, boolean]> = [
    ["a tool", { tools: ["request_human"] }, {}, true],
    ["another tool", { tools: ["transfer"] }, {}, false],
    ["a forwarded call", {}, { endedReason: "assistant-forwarded-call" }, true],
    ["the analysis", { structuredKeys: ["wants_human"] }, { structuredData: { wants_human: true } }, true],
    [
      "the analysis says no",
      { structuredKeys: ["wants_human"] },
      { structuredData: { wants_human: "true" } },
      false,
    ],
  ]
  for (const [name, handoff, over, wanted] of signals) {
    it.live(`wants a human: ${name} → ${wanted}`, () =>
      Effect.gen(function* () {
        const { service, world } = yield* startVapi(vapi({ handoff }))
        yield* Effect.promise(() => service.endOfCall({ ...vapiCall, ...over }))
        assert.strictEqual(world.journal.of("Transcript")[0]?.wantsHuman, wanted)
      }),
    )
  }

  it.live("without turns the text of the transcript counts; without a number the caller stays unknown", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startVapi()
      yield* Effect.promise(() =>
        service.send({
          type: "end-of-call-report",
          call: { id: "c2" },
          startedAt: new Date(startedAt).toISOString(),
          artifact: {
            transcript: "AI: Hello\nUser: My lamp\nis broken\nAI: Sorry",
            recording: { mono: { combinedUrl: "https://storage.vapi.ai/mono.wav" } },
          },
        }),
      )
      const [transcript] = world.journal.of("Transcript")
      assert.deepStrictEqual(
        transcript?.lines.map((l) => [l.role, l.text]),
        [
          ["assistant", "Hello"],
          ["customer", "My lamp is broken"],
          ["assistant", "Sorry"],
        ],
      )
      assert.deepInclude(transcript?.sender, { kind: "external", value: "call:c2", verified: false })
      assert.strictEqual(world.journal.of("CallEnded")[0]?.recordingUrl, "https://storage.vapi.ai/mono.wav")
    }),
  )

  it.live("what Vapi waits for is answered, everything else acknowledged", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startVapi(
        vapi({ handoff: { tools: ["request_human"] }, assistantId: "asst-1" }),
      )
      const answer = (message: Readonly<Record<string, unknown>>) =>
        Effect.map(
          Effect.promise(() => service.send(message)),
          (a): unknown => [a.status, JSON.parse(a.body)],
        )
      assert.deepStrictEqual(yield* answer({ type: "assistant-request" }), [200, { assistantId: "asst-1" }])
      assert.deepStrictEqual(
        yield* answer({
          type: "tool-calls",
          toolCallList: [
            { id: "t1", function: { name: "request_human" } },
            { id: "t2", function: { name: "x" } },
          ],
        }),
        [
          200,
          {
            results: [
              { toolCallId: "t1", result: "Noted. A colleague will see this conversation." },
              { toolCallId: "t2", result: "This tool is not available." },
            ],
          },
        ],
      )
      assert.deepStrictEqual(yield* answer({ type: "status-update", status: "in-progress" }), [200, {}])
      assert.deepStrictEqual(yield* answer({ type: "from-the-future" }), [200, {}])
      assert.isTrue(world.journal.events.every((e) => e._tag === "Ignored"))
    }),
  )

  const proofs: ReadonlyArray<readonly [string, Record<string, unknown>, VapiProof]> = [
    [
      "the older header",
      { _tag: "header", value: "shared-secret-1" },
      { kind: "header", name: "X-Vapi-Secret", value: "shared-secret-1" },
    ],
    [
      "a header of one's own",
      { _tag: "header", name: "X-Acme", value: "shared-secret-1" },
      { kind: "header", name: "x-acme", value: "shared-secret-1" },
    ],
    [
      "HMAC over time and body",
      { _tag: "hmac", secret: "hmac-secret-1" },
      { kind: "hmac", secret: "hmac-secret-1", timestamped: true },
    ],
    [
      "HMAC over the body",
      { _tag: "hmac", secret: "hmac-secret-1", payload: "body" },
      { kind: "hmac", secret: "hmac-secret-1", timestamped: false },
    ],
  ]
  for (const [name, auth, proof] of proofs) {
    it.live(`proof: ${name}`, () =>
      Effect.gen(function* () {
        const { service, world } = yield* startVapi(vapi({ auth }), proof)
        assert.strictEqual((yield* Effect.promise(() => service.endOfCall(vapiCall))).status, 200)
        const stranger = fakeVapi({ url: world.hookUrl, proof: wrong(proof), now: Date.now })
        assert.strictEqual((yield* Effect.promise(() => stranger.endOfCall(vapiCall))).status, 401)
        assert.strictEqual(world.journal.events.length, 2)
      }),
    )
  }

  it.live("an old signature is turned away; seconds and dates are times too", () =>
    Effect.gen(function* () {
      const auth = { _tag: "hmac", secret: "hmac-secret-1" }
      const proof: VapiProof = { kind: "hmac", secret: "hmac-secret-1", timestamped: true }
      const { service } = yield* startVapi(vapi({ auth }), proof, () => Date.now() - 301_000)
      assert.strictEqual((yield* Effect.promise(() => service.endOfCall(vapiCall))).status, 401)
      const seconds = yield* startVapi(vapi({ auth }), proof, () => Math.floor(Date.now() / 1_000))
      assert.strictEqual((yield* Effect.promise(() => seconds.service.endOfCall(vapiCall))).status, 200)
      assert.property(vapiHeaders(proof, "{}", 1), "x-timestamp")
    }),
  )
})

const wrong = (proof: VapiProof): VapiProof => {
  if (proof.kind === "hmac") return { ...proof, secret: "another" }
  return proof.kind === "bearer" ? { ...proof, token: "another" } : { ...proof, value: "another" }
}

const retellCall: RetellCall = {
  callId: "call_1a2b",
  direction: "inbound",
  from: germanMobile,
  to: "+14155550100",
  startedAt,
  endedAt: startedAt + 30_000,
  disconnectionReason: "user_hangup",
  recordingUrl: "https://retell.example/rec.wav",
  summary: "Asked about a parcel.",
  turns: [
    { role: "agent", content: "Hello?", start: 0.5 },
    { role: "user", content: "Where is my parcel?", start: 2.25 },
  ],
}

const startRetell = Effect.fnUntraced(function* (settings: unknown = retell(), now = Date.now) {
  const world = yield* startWorld({ settings })
  return { world, service: fakeRetell({ url: world.hookUrl, apiKey: "retell-key-1", now }) }
})

describe("Retell", () => {
  it.live("ended: transcript and end; analyzed: the summary; started: nothing", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startRetell()
      for (const event of ["call_started", "call_ended", "call_ended", "call_analyzed"])
        assert.deepStrictEqual(yield* Effect.promise(() => service.send(event, retellCall)), [200])
      assert.deepStrictEqual(
        world.journal.events.map((e) => e._tag),
        ["Ignored", "Transcript", "CallEnded", "CallEnded"],
      )
      assert.deepStrictEqual(world.journal.of("Transcript")[0]?.lines, [
        { role: "assistant", text: "Hello?", at: startedAt + 500 },
        { role: "customer", text: "Where is my parcel?", at: startedAt + 2_250 },
      ])
      assert.deepStrictEqual(
        world.journal.of("CallEnded").map((e) => [e.reason, e.summary]),
        [
          ["user hangup", null],
          ["user hangup", "Asked about a parcel."],
        ],
      )
    }),
  )

  it.live("should call_ended be lost, call_analyzed has the transcript too", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startRetell()
      yield* Effect.promise(() => service.send("call_analyzed", retellCall))
      assert.deepStrictEqual(
        world.journal.events.map((e) => e._tag),
        ["Transcript", "CallEnded"],
      )
    }),
  )

  it.live(
    "a transfer hands over; an outbound call's customer is who was called; web calls have no number",
    () =>
      Effect.gen(function* () {
        const { service, world } = yield* startRetell(retell({ callerId: "trusted" }))
        yield* Effect.promise(() =>
          service.send("call_ended", { ...retellCall, disconnectionReason: "call_transfer" }),
        )
        yield* Effect.promise(() =>
          service.send("call_ended", {
            ...retellCall,
            callId: "out",
            direction: "outbound",
            from: "+1",
            to: germanMobile,
          }),
        )
        const { from: _from, to: _to, ...web } = retellCall
        yield* Effect.promise(() => service.send("call_ended", { ...web, callId: "web" }))
        const transcripts = world.journal.of("Transcript")
        assert.deepStrictEqual(
          transcripts.map((t) => t.wantsHuman),
          [true, false, false],
        )
        assert.deepStrictEqual(
          transcripts.map((t) => t.sender.value),
          [germanMobile, germanMobile, "call:web"],
        )
        assert.deepStrictEqual(
          transcripts.map((t) => t.sender.verified),
          [true, true, false],
        )
      }),
  )

  it.live("an old signature is turned away, after three retries", () =>
    Effect.gen(function* () {
      const { service, world } = yield* startRetell(retell(), () => Date.now() - 301_000)
      assert.deepStrictEqual(
        yield* Effect.promise(() => service.send("call_ended", retellCall)),
        [401, 401, 401, 401],
      )
      assert.deepStrictEqual(world.journal.events, [])
    }),
  )
})
