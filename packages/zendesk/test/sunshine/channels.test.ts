import { assert, describe, it } from "@effect/vitest"
import {
  AccountId,
  type ChatControl,
  CustomerText,
  DeliveryId,
  type OutboundMessage,
  type OutboundThread,
  type SendFailure,
} from "@opencx/core"
import { sampleMessage, testSigner } from "@opencx/testing"
import { Effect, Schema } from "effect"
import {
  chatEventOf,
  decodeMessagingEvents,
  decodeSunshineAddress,
  encodeSunshineAddress,
  sunshineChannels,
  sunshineSender,
  sunshineSourceOf,
  sunshineSources,
} from "../../src/index.ts"
import { sessionId } from "../fake/drafts.ts"
import { nth } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { receiver } from "../fake/receiver.ts"
import { names, orgId } from "../fake/sunshine.ts"
import { openChatWorld, setDefaultResponder, toChatId, until } from "../fake/sunshineEmulator.ts"

const text = Schema.decodeSync(CustomerText)

const message = (more: Partial<OutboundMessage> = {}): OutboundMessage =>
  sampleMessage({
    deliveryId: DeliveryId.make("11111111-1111-4111-8111-111111111111"),
    sessionId,
    authorName: "Ada",
    text: text("Your refund is **on its way**."),
    subject: null,
    ...more,
  })

/** A customer writes on a channel of Zendesk's, on which we answer first. */
const written = (channel: string, from: string) =>
  Effect.gen(function* () {
    const hook = yield* receiver
    const world = yield* openChatWorld({ hook: hook.url })
    yield* setDefaultResponder(world.client, "opencx")
    world.emulator.sunshine.customerWrites({ channel, from, name: "Dana", text: "Where is my refund?" })
    const delivery = yield* until(
      Effect.sync(() => hook.hooks.find((one) => one.body.includes("Where is my refund?"))),
      (found) => found !== undefined,
    )
    const events = yield* decodeMessagingEvents(delivery?.body ?? new Uint8Array())
    const event = events.map((one) => chatEventOf(one, names)).find((one) => one._tag === "CustomerWrote")
    if (event === undefined) throw new Error("the customer's message did not come")
    const thread: OutboundThread = {
      key: event.conversationId,
      address: encodeSunshineAddress({
        conversationId: toChatId(event.conversationId),
        userId: event.userId,
      }),
      lastInboundAt: event.sentAt,
    }
    const sender = sunshineSender(world.messaging, sunshineSourceOf(event.source.type))
    return { ...world, event, thread, sender }
  })

const failed = (effect: Effect.Effect<unknown, SendFailure>) =>
  Effect.map(Effect.flip(effect), (failure) => failure.kind)

describe("channels that Zendesk owns", () => {
  for (const [channel, from] of [
    ["whatsapp", "15551234567"],
    ["messenger", "psid-1"],
    ["instagram", "igsid-1"],
    ["web", "visitor-1"],
  ] as const) {
    it.live(`${channel}: a customer's words come in, the AI's go out, once`, () =>
      Effect.gen(function* () {
        const { emulator, event, sender, thread } = yield* written(channel, from)
        assert.strictEqual(event.source.type, channel)
        assert.strictEqual(event.control, "ours")
        const receipt = yield* sender.send(message(), thread)
        assert.isNotNull(receipt.messageId)
        assert.deepStrictEqual(yield* sender.send(message(), thread), receipt)
        const got = emulator.sunshine.channelDeliveries().filter((one) => one.kind === "message")
        assert.lengthOf(got, 1)
        assert.strictEqual(got[0]?.text, "Your refund is on its way.")
      }).pipe(overHttp),
    )
  }

  for (const [channel, from, size] of [
    ["instagram", "igsid-1", 1_000],
    ["messenger", "psid-1", 2_000],
  ] as const) {
    it.live(`${channel}: a long Arabic answer arrives in pieces that the channel takes`, () =>
      Effect.gen(function* () {
        const { emulator, sender, thread } = yield* written(channel, from)
        const answer = "سيصل المبلغ إلى حسابك خلال خمسة أيام عمل. ".repeat(80).trim()
        yield* sender.send(message({ text: text(answer) }), thread)
        const got = emulator.sunshine.channelDeliveries().filter((one) => one.kind === "message")
        assert.isTrue(got.every((one) => one.state === "delivered"))
        const bytes = (piece: string) => new TextEncoder().encode(piece).byteLength
        for (const one of got)
          assert.isAtMost(channel === "instagram" ? bytes(one.text) : one.text.length, size)
        assert.strictEqual(got.map((one) => one.text).join(" "), answer)
      }).pipe(overHttp),
    )
  }

  it.live("a resend after a broken connection is the same message to the customer", () =>
    Effect.gen(function* () {
      const { emulator, sender, thread } = yield* written("whatsapp", "15551234567")
      emulator.addFault({ kind: "resetAfterCommit", match: { method: "POST", path: "/messages$" }, times: 1 })
      assert.deepInclude(yield* failed(sender.send(message(), thread)), {
        _tag: "Ambiguous",
        resendIsSafe: true,
      })
      yield* sender.send(message(), thread)
      assert.lengthOf(
        emulator.sunshine.channelDeliveries().filter((one) => one.kind === "message"),
        1,
      )
    }).pipe(overHttp),
  )

  it.live("the AI says nothing once a human has the conversation; a sentence of ours still may", () =>
    Effect.gen(function* () {
      const { event, port, sender, thread } = yield* written("whatsapp", "15551234567")
      const conversationId = toChatId(event.conversationId)
      yield* port.pass({
        conversationId,
        tags: ["opencx"],
        fields: [],
        requester: { name: null, email: null },
        firstMessageId: null,
      })
      yield* until(port.control(conversationId), (control) => control === "humans")
      const kind = yield* failed(sender.send(message(), thread))
      assert.strictEqual(kind._tag, "Withheld")
      assert.include(JSON.stringify(kind), "a human has the conversation")
      yield* sender.send(message({ author: "system", purpose: "handoffConfirmed" }), thread)
    }).pipe(overHttp),
  )

  it.live("typing is best effort", () =>
    Effect.gen(function* () {
      const { emulator, sender, thread } = yield* written("web", "visitor-1")
      yield* sender.typing?.(thread) ?? Effect.void
      emulator.addFault({ kind: "status503", match: { path: "/activity$" } })
      yield* sender.typing?.(thread) ?? Effect.void
      yield* sender.typing?.({ ...thread, address: "x" }) ?? Effect.void
    }).pipe(overHttp),
  )
})

describe("sunshineSender without a server", () => {
  const thread: OutboundThread = {
    key: "c1",
    address: encodeSunshineAddress({ conversationId: toChatId("c1"), userId: "u1" }),
    lastInboundAt: null,
  }
  const never = Effect.die("must not be called")
  const messaging = (control: ChatControl) => ({
    port: {
      verify: never,
      open: () => never,
      post: () => never,
      pass: () => never,
      listen: () => never,
      control: () => Effect.succeed(control),
      catchUp: () => never,
      takeBack: () => never,
      typing: () => never,
      customerRead: () => never,
    },
    postWithin: () => never,
  })

  for (const control of ["humans", "bot", "nobody", "other"] as const) {
    it.effect(`says in plain words why not: ${control}`, () =>
      Effect.gen(function* () {
        const kind = yield* failed(
          sunshineSender(messaging(control), sunshineSources.web).send(message(), thread),
        )
        assert.strictEqual(kind._tag, "Withheld")
        assert.match(JSON.stringify(kind), /Not sent: /)
      }),
    )
  }

  it.effect("holds what comes after the reply window, with the time it ended", () =>
    Effect.gen(function* () {
      // The test clock stands at 0: a customer who wrote 24 hours earlier.
      const late = { ...thread, lastInboundAt: -24 * 3_600_000 }
      for (const source of [sunshineSources.whatsapp, sunshineSources.messenger, sunshineSources.instagram]) {
        const kind = yield* failed(sunshineSender(messaging("ours"), source).send(message(), late))
        assert.strictEqual(kind._tag, "Hold")
        assert.include(JSON.stringify(kind), "1970-01-01T00:00:00.000Z")
      }
      const web = yield* Effect.exit(
        sunshineSender(messaging("ours"), sunshineSources.web).send(message(), late),
      )
      assert.include(JSON.stringify(web), "must not be called")
    }),
  )

  it.effect("a thread of somebody else's is no place to send to", () =>
    Effect.gen(function* () {
      for (const address of ["", "{}", '{"conversationId":"c1"}', "+15551234567"]) {
        assert.isNull(decodeSunshineAddress(address))
        const sender = sunshineSender(messaging("ours"), sunshineSources.web)
        assert.deepInclude(yield* failed(sender.send(message(), { ...thread, address })), {
          code: "bad_address",
        })
      }
    }),
  )
})

describe("sunshineChannels", () => {
  it.live("gives one plugin per channel, with what the channel can do", () =>
    Effect.gen(function* () {
      const plugins = sunshineChannels({ messagingFor: () => Effect.succeed(null) })
      assert.deepStrictEqual(
        plugins.map((plugin) => [plugin.id, plugin.capabilities.channelTag, plugin.capabilities.textLimit]),
        [
          ["sunshine-whatsapp", "whatsapp", 4_096],
          ["messenger", "messenger", 2_000],
          ["instagram", "instagram", 1_000],
          ["sunshine-web", "web", 4_096],
          ["sunshine-other", "other", 1_600],
        ],
      )
      const bound = yield* nth(plugins, 0).bind({
        orgId,
        accountId: AccountId.make("main"),
        organizationName: "Acme",
        settings: {},
        hookUrl: "https://example.com/hook",
        publicUrl: "https://example.com",
        signer: testSigner,
      })
      assert.isNull(bound.receive)
      const sender = yield* bound.open
      const thread = { key: "x", address: "x", lastInboundAt: null }
      assert.deepInclude(yield* failed(sender.send(message(), thread)), { code: "no_messaging" })
    }),
  )

  it("maps Zendesk's channel types, known and unknown", () => {
    const idOf = (type: string) => sunshineSourceOf(type).id
    assert.deepStrictEqual(["whatsapp", "messenger", "instagram", "web", "ios", "android", "sdk"].map(idOf), [
      "sunshine-whatsapp",
      "messenger",
      "instagram",
      "sunshine-web",
      "sunshine-web",
      "sunshine-web",
      "sunshine-web",
    ])
    for (const type of ["twilio", "telegram", "api:conversations", "", "toString", "__proto__"])
      assert.strictEqual(idOf(type), "sunshine-other")
  })
})
