/** The relay's door and its limits: who gets in, and what one connection may do. */
import { assert, describe, it } from "@effect/vitest"
import { testSigner } from "@opencx/testing"
import { Effect, Exit, Scope } from "effect"
import { makePhonePlugin } from "../src/index.ts"
import { FrameRate, GRACE_MS } from "../src/relay/limits.ts"
import { begin, firstWords, threadOf } from "./support/call.ts"
import { openWebSocket, callSignature } from "./support/fakes.ts"
import { american, authToken, twilio } from "./support/settings.ts"
import { Journal, outgoing, startNetwork, startWorld, until } from "./support/world.ts"

const knock = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  Effect.promise(() => openWebSocket(url, headers, { onText: () => undefined, onClose: () => undefined }))

const ticket = (ageMs = 0, callSid = `CA${"0".repeat(31)}1`, code = "u14155552671") =>
  testSigner.sign("relay", `${callSid.toLowerCase()}-${Date.now() - ageMs}-${code}`)

const signed = (url: string, token = authToken) => ({ "x-twilio-signature": callSignature(token, url, {}) })

describe("the upgrade", () => {
  it.live("is refused without Twilio's signature over the wss URL, and let in with it, once", () =>
    Effect.gen(function* () {
      const world = yield* startWorld()
      const at = `ws://127.0.0.1:${world.port}/phone/relay/`
      const url = at + ticket()
      assert.strictEqual((yield* knock(url)).status, 401, "no signature")
      assert.strictEqual((yield* knock(url, { "x-twilio-signature": "AAAA" })).status, 401)
      assert.strictEqual((yield* knock(url, signed(url, "another-token"))).status, 401, "another key")
      assert.strictEqual(
        (yield* knock(url, signed(url.replace("ws:", "http:")))).status,
        401,
        "another scheme",
      )
      assert.strictEqual((yield* knock(`${url}?x=1`, signed(url))).status, 401, "the query is signed too")
      const foreign = at + ticket().replace("u1415", "v1415")
      assert.strictEqual((yield* knock(foreign, signed(foreign))).status, 401, "a token that was changed")
      const old = at + ticket(601_000)
      assert.strictEqual((yield* knock(old, signed(old))).status, 401, "an old token")
      const good = yield* knock(url, signed(url))
      assert.strictEqual(good.status, 101)
      assert.strictEqual((yield* knock(url, signed(url))).status, 401, "a replay")
      good.link?.destroy()
      assert.deepStrictEqual(world.journal.events, [])
    }),
  )

  it.live("a plain GET of the address is no crash", () =>
    Effect.gen(function* () {
      const world = yield* startWorld()
      const url = `ws://127.0.0.1:${world.port}/phone/relay/${ticket()}`
      const response = yield* Effect.promise(() =>
        fetch(url.replace("ws:", "http:"), { headers: signed(url) }),
      )
      assert.strictEqual(response.status, 426)
    }),
  )

  it.live("accepts the second auth token while tokens are rotated", () =>
    Effect.gen(function* () {
      const world = yield* startWorld({ settings: twilio({ secondAuthToken: "the-other-token" }) })
      const url = `ws://127.0.0.1:${world.port}/phone/relay/${ticket()}`
      const good = yield* knock(url, signed(url, "the-other-token"))
      assert.strictEqual(good.status, 101)
      good.link?.destroy()
    }),
  )
})

describe("a connection", () => {
  const open = Effect.fnUntraced(function* (settings: Readonly<Record<string, unknown>> = {}) {
    const world = yield* startWorld({ settings: twilio(settings) })
    const url = `ws://127.0.0.1:${world.port}/phone/relay/${ticket()}`
    const closes: Array<number> = []
    const { link } = yield* Effect.promise(() =>
      openWebSocket(url, signed(url), { onText: () => undefined, onClose: (code) => closes.push(code) }),
    )
    if (link === null) return yield* Effect.die("the upgrade was refused")
    return { world, link, closed: until("the connection is closed", () => closes[0] ?? null) }
  })

  const setup = (over: Readonly<Record<string, unknown>> = {}) =>
    JSON.stringify({
      type: "setup",
      sessionId: "VX1",
      accountSid: twilio().accountSid,
      callSid: `CA${"0".repeat(31)}1`,
      from: american,
      ...over,
    })

  it.live("must begin with the setup of its own call", () =>
    Effect.gen(function* () {
      const first = yield* open()
      first.link.sendText(JSON.stringify({ type: "prompt", voicePrompt: "Hi", last: true }))
      assert.strictEqual(yield* first.closed, 1008)
      const other = yield* open()
      other.link.sendText(setup({ callSid: `CA${"0".repeat(31)}2` }))
      assert.strictEqual(yield* other.closed, 1008)
      const account = yield* open()
      account.link.sendText(setup({ accountSid: "AC-other" }))
      assert.strictEqual(yield* account.closed, 1008)
      assert.deepStrictEqual([...first.world.journal.events, ...other.world.journal.events], [])
    }),
  )

  it.live("names the caller of the signed webhook, whatever the setup says", () =>
    Effect.gen(function* () {
      const { link, world } = yield* open()
      link.sendText(setup({ from: "+19005550199" }))
      link.sendText(JSON.stringify({ type: "prompt", voicePrompt: "Hi", last: true }))
      const message = yield* until("the message", () => world.journal.of("Message")[0] ?? null)
      assert.strictEqual(message.sender.value, "+14155552671")
      assert.include(message.address, "+14155552671")
      link.destroy()
    }),
  )

  it.live("is closed for a message that is too large", () =>
    Effect.gen(function* () {
      const { closed, link, world } = yield* open()
      link.sendText(setup())
      link.sendText(JSON.stringify({ type: "prompt", voicePrompt: "x".repeat(70_000), last: true }))
      assert.strictEqual(yield* closed, 1009)
      assert.strictEqual(world.journal.of("Message").length, 0)
    }),
  )

  it.live("is closed for a flood of messages", () =>
    Effect.gen(function* () {
      const { closed, link } = yield* open()
      link.sendText(setup())
      for (let i = 0; i < 200; i++) link.sendText(JSON.stringify({ type: "info", i }))
      assert.strictEqual(yield* closed, 1008)
    }),
  )

  it.live("a frame that breaks the protocol ends it, and nothing else", () =>
    Effect.gen(function* () {
      const { closed, link, world } = yield* open()
      link.sendText(setup())
      // Reserved bits set, not masked.
      link.sendBytes(new Uint8Array([0xf1, 0x01, 0x41]))
      assert.include([1002, 1006], yield* closed)
      const again = `ws://127.0.0.1:${world.port}/phone/relay/${ticket(5)}`
      const good = yield* knock(again, signed(again))
      assert.strictEqual(good.status, 101)
      good.link?.destroy()
    }),
  )

  it.live("with a reader that is stuck is given up, not fed for ever", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      const thread = yield* firstWords(c)
      c.phone.link.pause()
      const long = "This is a long sentence that nobody reads. ".repeat(1_000)
      let failure: string | null = null
      for (let i = 0; i < 10 && failure === null; i++) {
        const result = yield* Effect.result(c.world.sender.send(outgoing(long), thread))
        if (result._tag === "Failure") failure = result.failure.kind._tag
      }
      assert.isNotNull(failure)
      c.phone.loseConnection()
    }),
  )

  it.live(
    "silence for too long ends the call, with the reason",
    () =>
      Effect.gen(function* () {
        const c = yield* begin({ idleSeconds: 10 })
        yield* firstWords(c)
        yield* Effect.promise(() => c.phone.untilOver(20_000))
        assert.deepStrictEqual(
          c.world.journal.of("CallEnded").map((e) => e.reason),
          ["nothing was heard of the caller for a long time"],
        )
      }),
    30_000,
  )

  it.live(
    "that is cut without any news from Twilio counts as the end after a while",
    () =>
      Effect.gen(function* () {
        const { link, world } = yield* open()
        link.sendText(setup())
        link.sendText(JSON.stringify({ type: "prompt", voicePrompt: "Hi", last: true }))
        yield* until("the message", () => world.journal.of("Message")[0] ?? null)
        link.destroy()
        yield* Effect.sleep(GRACE_MS)
        const ended = yield* until("the end", () => world.journal.of("CallEnded")[0] ?? null)
        assert.strictEqual(ended.reason, "the caller hung up")
      }),
    40_000,
  )

  it("the rate lets bursts pass and fills up again", () => {
    const rate = new FrameRate(0)
    assert.strictEqual(Array.from({ length: 100 }, () => rate.take(0)).filter(Boolean).length, 60)
    assert.isTrue(rate.take(1_000))
    assert.strictEqual(Array.from({ length: 100 }, () => rate.take(1_000)).filter(Boolean).length, 19)
  })
})

describe("one call, several connections", () => {
  it.live(
    "a second one replaces the first: answers go there, the first cannot speak any more, nothing ends",
    () =>
      Effect.gen(function* () {
        const c = yield* begin()
        const thread = yield* firstWords(c)
        const url = `ws://127.0.0.1:${c.world.port}/phone/relay/${ticket(1, c.phone.callSid)}`
        const heard: Array<string> = []
        const { link } = yield* Effect.promise(() =>
          openWebSocket(url, signed(url), { onText: (text) => heard.push(text), onClose: () => undefined }),
        )
        link?.sendText(
          JSON.stringify({
            type: "setup",
            sessionId: "VX-second",
            accountSid: twilio().accountSid,
            callSid: c.phone.callSid,
          }),
        )
        // Twilio's side sees the first connection closed and asks what to do: it is connected anew, a third time.
        yield* until("the first was closed", () => (c.phone.closes.length > 0 ? true : null))
        yield* Effect.promise(() => c.phone.until("connected anew", () => (c.phone.connected ? true : null)))
        yield* firstWords(c, "Still me")
        yield* c.world.sender.send(outgoing("Here."), thread)
        yield* Effect.promise(() => c.phone.untilHeard("Here."))
        assert.deepStrictEqual(c.world.journal.of("CallEnded"), [])
        assert.strictEqual(new Set(c.world.journal.of("Message").map((m) => m.thread.defaultKey)).size, 1)
        link?.destroy()
      }),
  )

  it.live("a lost connection is resumed in the same thread, without a second greeting", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      yield* firstWords(c, "First")
      c.phone.loseConnection()
      yield* Effect.promise(() =>
        c.phone.until("connected anew", () =>
          c.phone.relays.length === 2 && c.phone.connected ? true : null,
        ),
      )
      yield* firstWords(c, "Second")
      assert.deepStrictEqual(
        c.world.journal.of("Message").map((m) => m.text),
        ["First", "Second"],
      )
      assert.strictEqual(new Set(c.world.journal.of("Message").map((m) => m.thread.defaultKey)).size, 1)
      assert.strictEqual(c.phone.said.length, 1)
      assert.deepStrictEqual(c.world.journal.of("CallEnded"), [])
    }),
  )

  it.live("a relay that is lost again and again ends the call, with the reason", () =>
    Effect.gen(function* () {
      const c = yield* begin()
      for (let i = 1; i <= 4; i++) {
        yield* Effect.promise(() =>
          c.phone.until(`connected ${i}`, () =>
            c.phone.relays.length === i && c.phone.connected ? true : null,
          ),
        )
        c.phone.loseConnection()
      }
      yield* Effect.promise(() => c.phone.untilOver())
      assert.deepStrictEqual(
        c.world.journal.of("CallEnded").map((e) => e.reason),
        ["the connection to the assistant was lost"],
      )
      assert.include(c.phone.said.at(-1), "something went wrong")
    }),
  )

  it.live("the process restarts in mid-call: the caller goes on, the answer to both is spoken", () =>
    Effect.gen(function* () {
      const network = yield* startNetwork
      const journal = new Journal()
      const settings = twilio({ apiBaseUrl: network.url })
      const scope = yield* Scope.make()
      const before = yield* Scope.provide(startWorld({ settings, journal }), scope)
      let up: () => void = () => undefined
      const restarted = new Promise<void>((resolve) => {
        up = resolve
      })
      const phone = yield* Effect.promise(() =>
        network.placeCall({
          voiceUrl: before.hookUrl,
          from: american,
          to: "+14155550100",
          beforeRetry: () => restarted,
        }),
      )
      yield* firstWords({ network, world: before, phone }, "First")
      yield* Scope.close(scope, Exit.void)
      const after = yield* startWorld({ settings, journal, plugin: makePhonePlugin(), port: before.port })
      up()
      yield* Effect.promise(() =>
        phone.until("connected anew", () => (phone.relays.length === 2 && phone.connected ? true : null)),
      )
      yield* firstWords({ network, world: after, phone }, "Second")
      yield* after.sender.send(outgoing("Welcome back."), threadOf(after))
      yield* Effect.promise(() => phone.untilHeard("Welcome back."))
      assert.deepStrictEqual(
        journal.of("Message").map((m) => m.text),
        ["First", "Second"],
      )
      assert.deepStrictEqual(journal.of("CallEnded"), [])
    }),
  )
})
